"""Adding up: what each unit contributes to each figure of the 汇总."""
