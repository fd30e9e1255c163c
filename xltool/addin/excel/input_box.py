"""Excel's own box for a line of text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xltool.addin.excel.com import patiently
from xltool.addin.screen import TITLE

if TYPE_CHECKING:
    import xlwings as xw

_TEXT = 2
_LONGEST = 250
"""Letters of the question that Excel takes, nearly."""


def typed(app: xw.App, title: str, question: str, about: str = "") -> str | None:
    """What the user types, without blanks around it; None if the user calls it off. What it is `about` may be cut."""
    room = _LONGEST - len(question) - 2
    prompt = f"{about if len(about) <= room else about[: room - 1] + '…'}\n\n{question}" if about else question
    answer = patiently(lambda: app.api.InputBox(Prompt=prompt, Title=f"{TITLE} {title}", Type=_TEXT))
    return answer.strip() if isinstance(answer, str) else None
