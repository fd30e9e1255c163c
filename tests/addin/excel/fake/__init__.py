"""An Excel for tests: its own objects over openpyxl, an xlwings engine that drives them, and a screen."""
