"""A screen for tests: what the user was told and asked, and the processes of the windows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager


class FakeScreen:
    """The user answers `says`; window 10 belongs to process 1, 20 to 2."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.asked: list[str] = []
        self.says = True
        self.started: list[Sequence[str]] = []
        self.complaint = ""
        self.under_way: set[int] = set()

    def tell(self, text: str) -> None:
        self.told.append(text)

    def ask(self, question: str) -> bool:
        self.asked.append(question)
        return self.says

    def process_of(self, window: int) -> int:
        return window // 10

    @contextmanager
    def alone(self, process: int) -> Iterator[bool]:
        yield process not in self.under_way

    def start(self, command: Sequence[str]) -> str:
        self.started.append(command)
        return self.complaint

    @property
    def last(self) -> str:
        """What the user was told last."""
        return self.told[-1]
