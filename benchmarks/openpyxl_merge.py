"""The plain script that one writes to add up workbooks: every sheet a DataFrame, one groupby; nothing is checked.

python openpyxl_merge.py TARGET FOLDER COUNT        of the workbooks in the folder the first so many
"""

import sys
from pathlib import Path

import openpyxl
import pandas as pd

target, folder, count = sys.argv[1:]
frames = []
for path in sorted(Path(folder).glob("*.xlsx"))[: int(count)]:
    workbook = openpyxl.load_workbook(path, read_only=True, data_only=True)
    for sheet in workbook.worksheets:
        frames.append(pd.DataFrame(sheet.values).assign(sheet=sheet.title))
together = pd.concat(frames)
figures = together.drop(columns="sheet").apply(pd.to_numeric, errors="coerce")
figures.groupby([together["sheet"], together[0].astype(str)]).sum().to_excel(target)
