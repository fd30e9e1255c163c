"""The parts of a template, each read from its files: tables, rules, and the keys of any TOML table."""
