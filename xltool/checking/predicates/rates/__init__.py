"""Rules about shares and rates."""
