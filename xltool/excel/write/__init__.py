"""From a layout and values to a workbook with live formulas."""
