"""The equations of a template as systems over its cells: what they say again, contradict, and cannot notice."""
