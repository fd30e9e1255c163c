"""Formats of one small table, written for one test."""

from __future__ import annotations

from pathlib import Path


def written(folder: Path, name: str, title: str, table: str, content: str, rules: str) -> Path:
    """A folder of templates with one in it: 2024, whole 万元, one table and its rules."""
    home = folder / name
    home.mkdir()
    top = f'title = "{title}"\nyear = 2024\ndecimals = 0\ntables = ["{table}"]\n[outline]\ndepartment = "某单位"\n'
    for file, text in (("template", top), (table, content), ("rules", rules)):
        (home / f"{file}.toml").write_text(text, encoding="utf-8")
    return folder
