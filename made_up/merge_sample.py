"""Writes the sample of a 汇总 (samples/merge): the workbooks of the units from their facts, and what comes of merging.

    python -m made_up.merge_sample

In samples/merge/FORMAT, 单位/CODE-NAME.csv holds the facts of a unit, in 元 where its name ends in “（元）”.
"""

from __future__ import annotations

from pathlib import Path

from xltool import api
from xltool.csv_text import csv_bytes
from xltool.layout.choice import has_units
from xltool.layout.facts_csv import fact_lines
from xltool.library import load_template
from xltool.report.units.merge_words import merged_text

SAMPLE = Path(__file__).parents[1] / "samples" / "merge"
FORMATS = ("qinglong-2024", "longgang-2024")
DEPARTMENTS = {"qinglong-2024": "云岭县信访局", "longgang-2024": "东山区信访局"}
ROSTER, TRANSFERS, UNITS = "名册.csv", "往来.csv", "单位"
RESULT, TOLD, FACTS = "汇总预算.xlsx", "报送情况.txt", "汇总.csv"

_IN_YUAN = "（元）"


def main() -> None:
    """Write the workbooks beside the facts, and beside the rosters what merging them gives."""
    for name in FORMATS:
        write_units(name, SAMPLE / name / UNITS)
        target = SAMPLE / name / RESULT
        told, facts = merged(name, SAMPLE / name / UNITS, target)
        target.unlink()
        (SAMPLE / name / TOLD).write_text(told, encoding="utf-8")
        (SAMPLE / name / FACTS).write_bytes(facts)


def write_units(name: str, folder: Path) -> None:
    """The workbook of every unit of a format, into `folder`."""
    for facts in sorted((SAMPLE / name / UNITS).glob("*.csv")):
        unit = facts.stem.partition("-")[2].removesuffix(_IN_YUAN)
        heading = DEPARTMENTS[name] if has_units(load_template(name)) else unit
        amount_unit = "元" if facts.stem.endswith(_IN_YUAN) else "万元"
        api.fill(name, facts, folder / f"{facts.stem}.xlsx", unit=heading, amount_unit=amount_unit)


def merged(name: str, units: Path, target: Path) -> tuple[str, bytes]:
    """What merging the units' workbooks into `target` says, and the facts of the 汇总 as CSV."""
    lists = SAMPLE / name
    transfers = lists / TRANSFERS
    consolidation = api.merge(
        [units],
        target,
        roster=lists / ROSTER,
        transfers=transfers if transfers.exists() else None,
        allow_errors=True,
    )
    facts = api.facts(api.read(target))
    return f"{merged_text(consolidation, Path(RESULT))}\n", csv_bytes(fact_lines(facts, with_cells=False))


if __name__ == "__main__":
    main()
