"""Sentences as the page says them: of files by their names alone."""

from __future__ import annotations

import os
import re
from pathlib import Path


def without_folder(sentence: str, folder: Path) -> str:
    """A sentence in which files of ours have their names alone: where they lie says nothing to the user."""
    return re.sub(rf"{re.escape(f'{folder}{os.sep}')}(?:[^\\/“”\n]*[\\/])*", "", sentence)
