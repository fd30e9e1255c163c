"""The classification catalogues (政府收支分类科目) by year, and the user's own."""
