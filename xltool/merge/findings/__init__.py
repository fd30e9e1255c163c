"""The checks of a 汇总 (U01 to U07), and what merging again changed."""
