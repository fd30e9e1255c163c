"""The proof of rounding (L01)."""
