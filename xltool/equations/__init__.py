"""Equations over facts: from `sum`, from the codes and from the rules; their values, rounding and verdicts."""
