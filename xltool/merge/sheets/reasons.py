"""审核说明 of a 汇总: why warnings in the workbooks of its units are right, as the units explained them."""

from __future__ import annotations

from xlsxwriter.worksheet import Worksheet

from xltool.diagnose.accepting import Kept, Standing
from xltool.excel.mark.kept_sheet import HEADING_ROW, WIDTHS, table
from xltool.excel.write import styles
from xltool.excel.write.added import AddedSheet
from xltool.excel.write.cells import Job, put, put_merged
from xltool.merge.consolidation import Consolidation
from xltool.source.our_sheets import ACCEPTED

_ABOUT = "各单位在自己的工作簿里说明过的警告。检查汇总时，与单位里规则、数都相同的警告照样算已说明。"


def reasons(consolidation: Consolidation) -> list[AddedSheet]:
    """The sheet, if a unit has explained anything; `xltool check` reads it as it reads that of a unit."""
    kept = [
        Kept(reason._replace(place=f"{unit}：{reason.place}"), Standing.HOLDS) for unit, reason in consolidation.reasons
    ]

    def write(job: Job, sheet: Worksheet) -> None:
        look, widths = job.styles, [*WIDTHS.values()]
        put_merged(sheet, 1, 1, 1, len(widths), f"各单位{ACCEPTED}", look(styles.TITLE))
        put_merged(sheet, 2, 1, 2, len(widths), _ABOUT, look(styles.NOTE))
        for row, texts in enumerate(table(kept), HEADING_ROW + 1):
            kind = styles.TEXT if row > HEADING_ROW + 1 else styles.HEADING
            for column, text in enumerate(texts, 1):
                put(sheet, row, column, text, look(kind))
            sheet.set_row(row - 1, styles.row_height(zip(texts, widths, strict=True)))
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        sheet.freeze_panes(HEADING_ROW + 1, 0)
        sheet.autofilter(HEADING_ROW, 0, HEADING_ROW + len(kept), len(widths) - 1)
        sheet.repeat_rows(HEADING_ROW)

    return [AddedSheet(ACCEPTED, None, write)] if kept else []
