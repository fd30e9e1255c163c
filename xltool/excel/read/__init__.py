"""From the sheets of a workbook to a `Book`: tables, columns and rows wherever they are."""
