"""What is done with the workbooks of many units: collected, merged, compared, traced, rounded."""
