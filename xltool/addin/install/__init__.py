"""How the ribbon comes into Excel: where Excel looks for it, what is put there, and what may keep it from working."""
