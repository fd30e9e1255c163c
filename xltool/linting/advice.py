"""What a review of a template has to say."""

from __future__ import annotations

from pathlib import Path as FilePath
from typing import NamedTuple

from xltool.model import Severity


class Advice(NamedTuple):
    """One thing to look at; `text` begins with the file, and the key in it, where there is one.

    Advice of the same `topic` is told together under that heading.
    """

    severity: Severity
    text: str
    topic: str = ""


class Review(NamedTuple):
    """All advice about the template in the folder `home`, errors first; `title` is "" if its files can't be loaded."""

    home: FilePath
    title: str
    advice: tuple[Advice, ...]

    @property
    def has_errors(self) -> bool:
        """Whether something must be put right before the template is used."""
        return any(advice.severity is Severity.ERROR for advice in self.advice)
