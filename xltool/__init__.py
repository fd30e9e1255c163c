"""Generates, reads, checks and marks Chinese government budget workbooks."""

__version__ = "0.1.0"
