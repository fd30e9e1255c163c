"""A source: the values, formulas and looks of sheets, whatever file they came from."""
