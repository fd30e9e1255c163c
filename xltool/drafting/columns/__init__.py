"""From the headings of a table to the columns of a block."""
