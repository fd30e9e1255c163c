"""From the parts of a package to a source: the values, formulas and looks of its sheets."""
