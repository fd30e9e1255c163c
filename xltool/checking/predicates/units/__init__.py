"""Rules about units."""
