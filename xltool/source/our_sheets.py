"""The names of the sheets that we put beside the tables: the only place where they are written as names."""

CONTENTS, SUBJECTS, CHECKS = "目录", "科目", "校验"
ROUNDING, SUBMISSIONS, ELIMINATION = "舍位说明", "报送情况", "抵销"

ACCEPTED = "审核说明"
"""The sheet with the reasons of warnings that are right; it stands in workbooks of others too, if need be under a name
with a number behind it."""

WORKING_PAPER, WORKING_PAPER_HEADINGS, WORKING_PAPER_ROUNDING = "汇总底稿", 5, "取整单位合计"
"""The sheet of a 汇总 from which its tables take their figures, the row of its headings, and the heading of the column
that says what the figures of all units are rounded to, summed up."""

OUR_SHEETS = (CONTENTS, SUBJECTS, CHECKS, ROUNDING, SUBMISSIONS, WORKING_PAPER, ELIMINATION, ACCEPTED)
