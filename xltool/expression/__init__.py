"""Rules as text: parsed once, then turned into terms, Excel formulas and words."""
