"""Folders of templates: which templates are there, and each of them when it is wanted."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path as FilePath
from typing import NamedTuple

from xltool.errors import TemplateError, UnknownTemplate
from xltool.template.loader import load_template, template_names, templates_folder
from xltool.template.predicates import Predicates
from xltool.template.spec import Template


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
    """Folders of templates; of two templates with the same name, the one in the first of these folders counts.

    `predicates` are those that rules can name.
    """

    folders: tuple[FilePath, ...]
    predicates: Predicates

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
        return load_template(home.name, home.parent, self.predicates)

    def shelved(self) -> list[Shelved]:
        """Every template, in the order of `homes`; one with mistakes does not keep the others from being used."""
        return [Shelved(name, home, self._sound(home)) for name, home in self.homes.items()]

    def _sound(self, home: FilePath) -> Template | None:
        try:
            return load_template(home.name, home.parent, self.predicates)
        except TemplateError:
            return None
