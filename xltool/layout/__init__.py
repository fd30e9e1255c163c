"""Where every row and column of one workbook lies, and which lines add up to which."""
