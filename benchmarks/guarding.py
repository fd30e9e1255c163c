"""Prints the seconds of processor time that the guard takes for the workbooks named on the command line."""

import sys
import time
from pathlib import Path

from xltool.excel.file.guard import opened

start = time.process_time()
for path in sys.argv[1:]:
    opened(Path(path))
print(time.process_time() - start)
