"""One table as a sheet: its headings, its rows, and how it fits on paper."""
