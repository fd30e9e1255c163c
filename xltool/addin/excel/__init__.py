"""The open workbook in Excel, through xlwings (its BSD part only)."""
