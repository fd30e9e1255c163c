"""Prints the seconds of processor time that proving and reading take for the workbooks named on the command line."""

import sys
import time
from pathlib import Path

from xltool.excel.read.sheets.source import open_workbook

start = time.process_time()
for path in sys.argv[1:]:
    source = open_workbook(Path(path))
    for name in source.with_tables:
        source.sheets[name]
print(time.process_time() - start)
