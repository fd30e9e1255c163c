"""Where templates are looked for: a folder the user names, the user's own folder, then the built-in ones."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path as FilePath
from typing import NamedTuple

from xltool.errors import FileRefused, TemplateError, UnknownTemplate
from xltool.template.loader import load_template, template_names, templates_folder
from xltool.template.spec import Template
from xltool.template.user_folder import user_folder


class Shelved(NamedTuple):
    """A template as it stands in a library: its name, its folder, and itself, None if its files have mistakes."""

    name: str
    home: FilePath
    template: Template | None

    @property
    def is_built_in(self) -> bool:
        """Whether it came with xltool."""
        return self.home.parent == templates_folder()


class Library(NamedTuple):
    """Folders of templates; of two templates with the same name, the one in the first of these folders counts."""

    folders: tuple[FilePath, ...]

    @property
    def homes(self) -> Mapping[str, FilePath]:
        """The folder of every template, by name: folder after folder, in each by name."""
        found: dict[str, FilePath] = {}
        for folder in self.folders:
            for name in template_names(folder):
                found.setdefault(name, folder / name)
        return found

    def load(self, name: str) -> Template:
        """The template `name`; if there is none, the one in the folder at the path `name`.

        Raises UnknownTemplate, TemplateError with every mistake in its files.
        """
        homes = self.homes
        home = homes.get(name) or FilePath(name).resolve()
        if not (home / "template.toml").is_file():
            raise UnknownTemplate(f"没有名为“{name}”的模板，可用的模板：{'、'.join(sorted(homes))}。")
        return load_template(home.name, home.parent)

    def shelved(self) -> list[Shelved]:
        """Every template, in the order of `homes`; one with mistakes does not keep the others from being used."""
        return [Shelved(name, home, _sound(home)) for name, home in self.homes.items()]


def library(first: FilePath | None = None) -> Library:
    """The folder `first`, if there is one, the user's own templates, and the built-in ones. Raises FileRefused."""
    if first is not None and not first.is_dir():
        raise FileRefused(f"找不到文件夹“{first}”：--templates 后面应是放模板的文件夹。")
    if first is not None and (first / "template.toml").is_file():
        raise FileRefused(
            f"“{first}”本身是一套模板：--templates 后面应写放着它的文件夹，即“{first.resolve().parent}”。"
        )
    return Library((*([first] if first else []), user_folder() / "templates", templates_folder()))


def _sound(home: FilePath) -> Template | None:
    try:
        return load_template(home.name, home.parent)
    except TemplateError:
        return None
