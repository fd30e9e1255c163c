"""Puts a drafted template where the user wants it: the whole folder, or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path as FilePath

from xltool.errors import FileRefused
from xltool.library import load_template
from xltool.saving import save_folder

_TEMPLATE = "template.toml"


def ensure_free(folder: FilePath, force: bool) -> None:
    """Raise FileRefused if something is there that must not be overwritten.

    With `force` an earlier template may be, but no folder with anything else in it.
    """
    if not folder.exists():
        return
    if not folder.is_dir():
        raise FileRefused(f"“{folder}”是一个文件：-o 后面请写文件夹。")
    content = list(folder.iterdir())
    if content and not force:
        raise FileRefused(f"文件夹“{folder}”里已有文件：请换一个文件夹，或加 --force 覆盖原来的模板。")
    others = [path.name for path in content if path.suffix != ".toml"]
    if content and (others or not (folder / _TEMPLATE).is_file()):
        raise FileRefused(f"文件夹“{folder}”里有模板以外的文件，不能覆盖：请换一个文件夹。")


def save(files: Mapping[str, str], folder: FilePath) -> None:
    """Write the files of a template folder in one step, instead of an earlier one.

    They are loaded first: a draft that is no template would be of no use. Raises TemplateError, FileRefused.
    """
    content = {name: text.encode() for name, text in files.items()}
    save_folder(folder, content, check=lambda new: load_template(new.name, new.parent))
