"""Long tables of many workbooks as files: CSV, a sheet, JSON, Parquet, SQLite; written line by line, in one step."""
