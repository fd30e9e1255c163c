"""From the lines of a sheet to the rows of a block: one kind of row a file."""
