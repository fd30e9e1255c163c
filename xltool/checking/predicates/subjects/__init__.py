"""Rules about 科目."""
