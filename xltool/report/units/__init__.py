"""What is said of the workbooks of many units."""
