"""Reviews a template: mistakes in its files, and what its equations can't find, repeat or contradict."""
