"""Whole rows, columns and tables that are wrong (整行、整栏、整表): guessed, tried, and told once."""
