"""Two budgets side by side (增减表)."""
