"""Equations over facts, their verdicts, and the findings made from them."""
