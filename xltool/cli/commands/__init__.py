"""The commands, one a file; xltool.cli.group has the table of their names."""
