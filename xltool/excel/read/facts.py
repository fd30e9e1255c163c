"""Reads a long table of facts, CSV or .xlsx, for one template."""

from __future__ import annotations

from pathlib import Path

from xltool.excel.read.lists import list_lines
from xltool.layout.facts_csv import LIST, parse_facts
from xltool.model import FactKey, Value
from xltool.template.spec import Template


def read_facts(path: Path, template: Template) -> dict[FactKey, Value]:
    """The facts of the long table at `path`, see `parse_facts`. Raises FileRefused, FactsError."""
    return parse_facts(list_lines(path, LIST), path.name, template)
