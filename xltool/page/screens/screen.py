"""What a screen is: a word of the menu, a place, and the answers to what is asked there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from starlette.routing import BaseRoute


class Screen(NamedTuple):
    """`title` is its word in the menu, `address` where it begins, `explained` what it is for in one line."""

    title: str
    address: str
    explained: str
    routes: Sequence[BaseRoute]
