"""How well the check finds what is wrong, where, and what it should be: mistakes put into budgets, and what it says."""
