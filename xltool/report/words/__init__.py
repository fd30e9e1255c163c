"""What is told of templates, rules, 科目, tables and marks, in words."""
