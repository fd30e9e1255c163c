"""Rows whose cells stand under the wrong headings (S03.1)."""
