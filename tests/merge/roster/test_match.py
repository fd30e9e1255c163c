"""Which file is of which unit, and what is said where that is not clear."""

from __future__ import annotations

from typing import Any

import pytest
import tomli

from tests import CASE_FILES
from tests.merge.roster.test_roster import roster
from xltool.merge.roster.identity import Identity
from xltool.merge.roster.match import match

CASES = tomli.loads((CASE_FILES / "units/matches.toml").read_text("utf-8"))
ROSTER = roster(CASES["roster"])


@pytest.mark.parametrize("case", CASES["case"], ids=lambda case: case["name"])
def test_a_file_and_its_unit(case: dict[str, Any]) -> None:
    sent = [(file, False) for file in case.get("files", [])] + [(file, True) for file in case.get("summaries", [])]
    files = [
        (f"{n}.xlsx", Identity(code, name, printed="".join(printed), is_merged=is_summary))
        for n, ((code, name, _, *printed), is_summary) in enumerate(sent, 1)
    ]
    matches, refusals = match(files, ROSTER)
    assert [one.file for one in matches] == [file for file, _ in files]
    units = ["汇总" if one.is_summary else one.unit.name if one.unit else "" for one in matches]
    assert units == [file[2] for file, _ in sent]
    assert [one.note for one in matches if one.note] == case.get("notes", [])
    assert list(refusals) == case.get("refused", [])
