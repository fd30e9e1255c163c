"""Rules about names and other texts, those of indicators among them."""
