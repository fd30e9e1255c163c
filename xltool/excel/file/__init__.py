"""The package of a workbook: checked before it is read, its parts edited as text, replaced in one step."""
