"""Over which change its reason is asked for: data, in `change-reasons.toml`."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from typing import NamedTuple

from xltool.template.word_lists import change_reasons


class Thresholds(NamedTuple):
    """A change is over them if it is over either: `rate` as a share, `amount` in 元."""

    rate: Decimal
    amount: Decimal


@cache
def thresholds() -> Thresholds:
    """Those of the file."""
    data = change_reasons()
    return Thresholds(Decimal(data["rate_percent"]) / 100, Decimal(data["amount_yuan"]))
