"""From the lines of a table to the rows of a block."""
