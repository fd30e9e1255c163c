"""The search for the lightest set of wrong cells that explains all that fails."""
