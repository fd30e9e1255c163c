"""What formulas add up, and whether one is that of its place."""
