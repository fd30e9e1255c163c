"""Our colours and notes: put into a workbook, and taken out again."""
