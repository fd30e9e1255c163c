"""From many units to one 汇总预算: adding up, 内部往来, comparing, 舍位平衡."""
