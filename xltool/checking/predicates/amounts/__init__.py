"""Rules about amounts by themselves, and about how they round."""
