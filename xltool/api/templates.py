"""Templates: those that can be used, what is wrong with one, a first draft of one.

Heavy parts are imported where they are used, so that importing this module costs nothing.
"""

from __future__ import annotations

from xltool.api.paths import path, path_or_none

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

    from xltool.api.paths import AnyPath
    from xltool.drafting.spec import Draft
    from xltool.linting.advice import Review
    from xltool.template.spec import Template


def templates(folder: AnyPath | None = None) -> list[Template]:
    """Every template that can be used: those of `folder`, the user's own, the built-in ones; without those that have
    mistakes in their files."""
    from xltool.library import library

    return [shelved.template for shelved in library(path_or_none(folder)).shelved() if shelved.template is not None]


def lint(folder: AnyPath) -> list[Review]:
    """What is wrong with, and what can't be found out by, the template in `folder`, or each of those in it.

    Raises UnknownTemplate if there is none.
    """
    from xltool.linting.review import lint as review

    return review(path(folder))


def draft(source: AnyPath, target: AnyPath, *, force: bool = False) -> Draft:
    """Write a first template made from the official workbook `source` to the folder `target`; its author corrects it.

    With `force` a template that is there already is replaced. Raises FileRefused (the workbook cannot be read, the
    folder must not be written), TableNotFound (no sheet has a table).
    """
    from xltool.drafting.relations import draft_with_relations
    from xltool.drafting.save import ensure_free, save
    from xltool.drafting.toml_text import files
    from xltool.excel.read.sheets.source import open_workbook

    ensure_free(path(target), force)
    drafted = draft_with_relations(open_workbook(path(source)))
    drafted.agreements = [agreement for agreement in drafted.agreements if agreement.is_lasting]
    save(files(drafted), path(target))
    return drafted


def sample_facts(template: str) -> Path:
    """The long table of really published figures that comes with a template. Raises FileRefused if none does."""
    from pathlib import Path

    from xltool.errors import FileRefused

    package = Path(__file__).parents[1]
    for samples in (package / "samples", package.parent / "samples"):  # as installed, or in a checkout
        facts = samples / template / "facts.csv"
        if facts.is_file():
            return facts
    raise FileRefused(f"模板“{template}”没有随附的示例数据。")
