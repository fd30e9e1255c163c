"""Makes many different workbooks of five formats: each has its own 科目, units, projects and figures; a few are wrong.

    python -m made_up.many FOLDER

writes them all, each as NUMBER-TEMPLATE.xlsx.
"""

from __future__ import annotations

import random
import sys
from decimal import Decimal
from functools import cache, partial
from multiprocessing import Pool
from pathlib import Path

from made_up.figures import agreeing, filled, typed_amounts
from xltool.catalogue.by_year import built_in
from xltool.equations.filling import Filled
from xltool.equations.instances import formulas
from xltool.excel.write.workbook import write
from xltool.layout.outline import Outline, default_outline, with_parents
from xltool.layout.plan import plan
from xltool.library import load_template
from xltool.template.spec import CODE_LEVELS, Template

FORMATS = ("qinglong-2024", "pingshan-2023", "longgang-2024", "shenzhen-2020", "longgang-selfeval-2021")
COUNT = 200
WRONG = 10
"""So many of them have wrong figures, of every format the same number."""

_ERRORS = 3
_FEWEST, _MOST = 6, 16
"""How many 科目 of the finest level there are of each classification."""

_ONE_SIDED = ("01", "02")
"""行政运行 and 一般行政管理事务 have either 基本支出 or 项目支出, but figures drawn at random have both."""


def main() -> None:
    """Write the workbooks into the folder named on the command line, in as many processes as there are processors."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    with Pool() as pool:
        pool.map(partial(_write, folder), range(COUNT), chunksize=10)


def _write(folder: Path, number: int) -> None:
    book = budget(number)
    write(book.layout, book.values, book.live, folder / f"{number:03}-{book.layout.template.id}.xlsx")


def budget(number: int) -> Filled:
    """The workbook of a number, from 0 on."""
    template, chance = _template(FORMATS[number % len(FORMATS)]), random.Random(number)
    book = agreeing(plan(template, _outline(template, chance)), number)
    return _spoilt(book, chance) if number < WRONG else book


_template = cache(load_template)


def _outline(template: Template, chance: random.Random) -> Outline:
    department = f"第{chance.randrange(10**6)}局"
    members = {
        **template.members,
        **{dimension: drawn_codes(dimension, template.year, chance) for dimension in CODE_LEVELS},
        "unit": tuple(f"{department}{part}" for part in ("本级", "信息中心", "服务中心")[: chance.randint(1, 3)]),
        "project": tuple(f"{chance.choice('甲乙丙丁')}类项目{n}" for n in range(1, chance.randint(2, 6))),
    }
    return default_outline(template)._replace(department=department, members=members)


def drawn_codes(dimension: str, year: int, chance: random.Random) -> tuple[str, ...]:
    """Some 科目 of a classification, with their parents."""
    catalogue = built_in(year)
    finest = [
        code
        for code in catalogue.names[dimension]
        if len(code) == CODE_LEVELS[dimension][-1]
        and not catalogue.ruled_out_by(code)
        and not (dimension == "function" and code.endswith(_ONE_SIDED))
    ]
    return with_parents(chance.sample(finest, chance.randint(_FEWEST, _MOST)), dimension)


def _spoilt(book: Filled, chance: random.Random) -> Filled:
    """The book with wrong figures in some of its inputs."""
    inputs = typed_amounts(book.layout, formulas(book.layout))
    values = {place: book.values.get(place) for place in inputs}
    for place in chance.sample([place for place in inputs if values[place]], _ERRORS):
        value = values[place]
        assert isinstance(value, Decimal)
        values[place] = value + 100
    return filled(book.layout, values)


if __name__ == "__main__":
    main()
