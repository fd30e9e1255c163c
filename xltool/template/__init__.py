"""Templates: official formats as data, loaded and validated."""
