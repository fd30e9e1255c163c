"""内部往来: what units of one 汇总 pay each other, how it is confirmed, and the adjustment table that takes it out."""
