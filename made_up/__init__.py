"""Budgets that nobody published, made for the tests and the benchmarks: the same again every time."""
