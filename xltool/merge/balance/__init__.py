"""Balanced rounding (舍位平衡): figures in a coarser unit whose totals still add up."""
