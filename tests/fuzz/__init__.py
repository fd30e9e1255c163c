"""Damaged inputs made by chance: every command must refuse or finish, and leave the user's file as it was.

`make fuzz SECONDS=60` runs it (run.py); test_fuzz.py does so with a few hundred inputs that are always the same.
"""
