"""Rules about tables as a whole."""
