"""A formula that gives a figure as it is printed, made of the one that gives it exactly, and found in it again."""

from __future__ import annotations

import re
from decimal import Decimal

_STEPPED = re.compile(r"ROUND\((ROUND\(.+\))[+-][0-9.]+,-?[0-9]+\)", re.IGNORECASE)
_ROUNDED = re.compile(r"ROUND\((.+),-?[0-9]+\)", re.IGNORECASE)


def rounded_formula(exact: str, decimals: int, step: Decimal | None) -> str:
    """The formula (without "=") rounded to `decimals`, and with a step that balances it if there is one."""
    rounded = f"ROUND({exact},{decimals})"
    return f"ROUND({rounded}{step:+f},{decimals})" if step else rounded


def exact_formula(formula: str) -> str:
    """The inverse of `rounded_formula`; any other formula is itself."""
    stepped = _STEPPED.fullmatch(formula)
    rounded = _ROUNDED.fullmatch(stepped[1] if stepped else formula)
    return rounded[1] if rounded else formula
