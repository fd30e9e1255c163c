"""The sheets that a 汇总 has besides the official ones: 报送情况, 汇总底稿, 抵销."""
