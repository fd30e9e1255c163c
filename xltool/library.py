"""The templates at hand: where they are looked for, and loaded with the predicates that their rules can name."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path as FilePath

from xltool.checking.predicates import PREDICATES
from xltool.errors import FileRefused
from xltool.template import loader
from xltool.template.loader import templates_folder
from xltool.template.shelves import Library
from xltool.template.spec import Template
from xltool.template.user_folder import user_folder


def library(first: FilePath | None = None) -> Library:
    """The folder `first`, if there is one, the user's own templates, and the built-in ones. Raises FileRefused."""
    if first is not None and not first.is_dir():
        raise FileRefused(f"找不到文件夹“{first}”：--templates 后面应是放模板的文件夹。")
    if first is not None and (first / "template.toml").is_file():
        raise FileRefused(
            f"“{first}”本身是一套模板：--templates 后面应写放着它的文件夹，即“{first.resolve().parent}”。"
        )
    return Library((*([first] if first else []), user_folder() / "templates", templates_folder()), PREDICATES)


def load_template(name: str, folder: FilePath | None = None) -> Template:
    """The template `name` of `folder` (of the built-in ones by default).

    Raises UnknownTemplate if there is none, TemplateError with every mistake in its files.
    """
    return loader.load_template(name, folder or templates_folder(), PREDICATES)


def template_of(name: str, texts: Mapping[str, str]) -> Template:
    """The template whose files have these `texts`, by their names. Raises TemplateError."""
    return loader.template_of(name, texts, PREDICATES)
