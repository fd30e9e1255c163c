"""Comparing two workbooks: what changed between years, versions of one budget, before and after a correction."""
