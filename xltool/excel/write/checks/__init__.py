"""The 校验 sheet: its lines, and the sides and verdicts of rules as formulas."""
