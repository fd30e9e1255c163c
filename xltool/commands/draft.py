"""`templates draft`: a first template from an official workbook."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from xltool import api
from xltool.report.draft_words import draft_text


def draft(arguments: Namespace) -> int:
    """Draft the template and say what its author must look at."""
    target = Path(arguments.target)
    drafted = api.draft(Path(arguments.file), target, force=arguments.force)
    print(draft_text(drafted, target))
    return 0
