"""Over which change its reason is asked for: data, in `change-reasons.toml`."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from typing import NamedTuple

from xltool.template.loader import templates_folder
from xltool.template.toml_file import parse_toml


class Thresholds(NamedTuple):
    """A change is over them if it is over either: `rate` as a share, `amount` in 元."""

    rate: Decimal
    amount: Decimal


@cache
def thresholds() -> Thresholds:
    """Those of the file."""
    data = parse_toml((templates_folder() / "change-reasons.toml").read_bytes())
    return Thresholds(Decimal(data["rate_percent"]) / 100, Decimal(data["amount_yuan"]))
