"""`templates draft`: a first template from an official workbook."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from xltool import api
from xltool.report.draft_words import draft_text


def draft(arguments: Namespace) -> int:
    """Draft the template and say what its author must look at."""
    target = Path(arguments.target)
    workbook = Path(arguments.file)
    drafted = api.draft(workbook, target, force=arguments.force)
    print(draft_text(drafted, workbook, target))
    return 0
