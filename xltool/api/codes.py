"""科目: looked up, and added to the user's own.

Heavy parts are imported where they are used, so that importing this module costs nothing.
"""

from __future__ import annotations

from xltool.api.paths import path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from xltool.api.paths import AnyPath
    from xltool.catalogue.by_year import Found
    from xltool.catalogue.code_import import Imported


def codes(text: str = "", year: int | None = None) -> Found:
    """The 科目 whose code begins with `text`, or whose name has it in it; with a year only those of that year.

    Raises CodesError if the user's own list is damaged.
    """
    from xltool.catalogue.by_year import find

    return find(text, year)


def import_codes(source: AnyPath, year: int | None = None) -> Imported:
    """Add a list of 科目 (CSV or .xlsx: code, name and, if told, year) to the user's own, see `own_codes_file`.

    `year` is that of the lines without one; a line holds from its year on, or always. Raises CodesError listing every
    line that is wrong, FileRefused if the list cannot be read or ours cannot be written; ours is then as it was.
    """
    from xltool.catalogue.by_year import forget
    from xltool.catalogue.code_import import merged
    from xltool.catalogue.own_codes import COLUMNS, codes_csv, own_codes_file, parse_codes, read_own_codes
    from xltool.excel.read.lists import list_lines
    from xltool.saving import save_file

    given = path(source)
    lines, counts = merged(parse_codes(list_lines(given, COLUMNS), f"“{given.name}”", year or 0))
    if sorted(lines) != sorted(read_own_codes()):
        target = own_codes_file()
        target.parent.mkdir(parents=True, exist_ok=True)
        save_file(target, codes_csv(lines), otherwise="或检查这个文件夹的权限")
        forget()
    return counts
