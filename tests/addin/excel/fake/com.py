"""The line between us and Excel: objects of the model as COM hands them out, each step counted, and the errors."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from xltool.addin.excel.com import ComError

REJECTED, DELETED, UNAVAILABLE, _EXCEPTION = 0x80010001, 0x800401A8, 0x800706BA, 0x80020009


def error(number: int, told: str = "") -> ComError:
    """What pywin32 raises: `number` is COM's, `told` what Excel itself says."""
    details = (0, "Microsoft Excel", told, None, 0, -2146827284) if told else None
    return ComError(number - (1 << 32), "COM error", details, None)


def refusal(told: str) -> ComError:
    """A step that Excel does not take."""
    return error(_EXCEPTION, told)


class Line:
    """How many times something went over it, and what happens before each time."""

    def __init__(self) -> None:
        self.transfers = 0
        self.before: Callable[[int], object] = lambda number: None

    def crossed(self) -> None:
        self.transfers += 1
        self.before(self.transfers)


class Model:
    """Something of Excel's; what COM calls FormatConditions is its `format_conditions`."""


class Things(Model):
    """A collection, counted from 1."""

    def __init__(self, things: Callable[[], Sequence[Any]]) -> None:
        self._things = things

    @property
    def count(self) -> int:
        return len(self._things())

    def item(self, number: int) -> Any:
        return self._things()[number - 1]

    def __iter__(self) -> Iterator[Any]:
        return iter(self._things())


class Remote:
    """An object of Excel's, as it looks from our process through pywin32, whose traps are here too.

    What is in a collection cannot be iterated over: of a busy Excel pywin32 says that it is no collection.
    """

    def __init__(self, line: Line, model: Model) -> None:
        for name, value in {"line": line, "model": model, "met": set()}.items():
            object.__setattr__(self, name, value)

    def __getattr__(self, name: str) -> Any:
        self.line.crossed()
        self.met.add(name)
        return _sent(self.line, getattr(self.model, _ours(name)))

    def __setattr__(self, name: str, value: object) -> None:
        """A property that was never read has first to be looked for, and an error there is taken for a name that is
        unknown."""
        try:
            self.line.crossed()
        except ComError:
            if name in self.met:
                raise
            raise AttributeError(f"Property '<unknown>.{name}' can not be set.") from None
        assert _ours(name) in dir(self.model), name
        setattr(self.model, _ours(name), value)


def _sent(line: Line, value: Any) -> Any:
    if isinstance(value, Model):
        return Remote(line, value)
    if not callable(value):
        return value

    def called(*given: Any, **named: Any) -> Any:
        received = [_received(one) for one in given]
        return _sent(line, value(*received, **{_ours(name): _received(one) for name, one in named.items()}))

    return called


def _received(value: Any) -> Any:
    return value.model if isinstance(value, Remote) else value


def _ours(name: str) -> str:
    assert name[0].isupper(), name
    return re.sub("(?<!^)(?=[A-Z])", "_", name).lower()
