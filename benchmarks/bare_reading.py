"""Reads every sheet of the workbooks named on the command line with the fast reader, and does nothing with it."""

import sys

from python_calamine import CalamineWorkbook

for path in sys.argv[1:]:
    workbook = CalamineWorkbook.from_path(path)
    for name in workbook.sheet_names:
        workbook.get_sheet_by_name(name).to_python()
