"""A long table as a Parquet file; figures are decimals of a fixed scale, and one that does not fit is refused."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path

from xltool.collecting.text import Write
from xltool.errors import FileRefused
from xltool.layout.long_table import Line

_DIGITS, _DECIMALS = 38, 18
"""Of decimal128. An amount has at most 15 digits before the point, in 万元, so 19 in 元; a share that was calculated
(1/3) has 15 digits or a few more behind it."""

_ROWS = 30_000
"""Of a row group: so many lines are held in memory."""


def refuse_unfit(lines: Iterable[Line]) -> None:
    """Raise FileRefused for a figure with more digits than the scale has room for."""
    for line in lines:
        for number in (line.value, line.yuan):
            if number is not None and not _fits(number):
                raise FileRefused(
                    f"{line.sheet}!{line.cell} 的数 {number:f} 位数太多（整数超过 {_DIGITS - _DECIMALS} 位，"
                    f"或小数超过 {_DECIMALS} 位），.parquet 文件放不下："
                    "请改正这一格（是合计的，改它加的那一格），或改写成 .sqlite、.csv 文件。"
                )


def _fits(number: Decimal) -> bool:
    _, digits, exponent = number.as_tuple()
    assert isinstance(exponent, int)  # it is finite
    too_many = -_DECIMALS - exponent
    return number.adjusted() < _DIGITS - _DECIMALS and (too_many <= 0 or not any(digits[-too_many:]))


@contextmanager
def parquet_file(path: Path) -> Iterator[Write]:
    """Row groups are written as they fill up. Raises FileRefused if pyarrow is not installed."""
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError as error:
        raise FileRefused(
            '写 .parquet 文件要先安装 pyarrow：请运行 pip install "xltool[tables]"，或改写成 .sqlite、.csv 文件。'
        ) from error
    number = pyarrow.decimal128(_DIGITS, _DECIMALS)
    types = {"year": pyarrow.int32(), "value": number, "yuan": number}
    schema = pyarrow.schema([(name, types.get(name, pyarrow.string())) for name in Line._fields])
    waiting: list[Line] = []
    with path.open("wb") as file, parquet.ParquetWriter(file, schema, compression="zstd") as writer:

        def flush() -> None:
            columns = zip(*waiting, strict=True)
            arrays = [pyarrow.array(column, field.type) for column, field in zip(columns, schema, strict=True)]
            writer.write_table(pyarrow.Table.from_arrays(arrays, schema=schema))
            waiting.clear()

        def write(lines: Sequence[Line]) -> None:
            waiting.extend(lines)
            if len(waiting) >= _ROWS:
                flush()

        yield write
        if waiting:
            flush()
