"""Reviews one template, or a folder of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path as FilePath

from xltool.errors import TemplateError, UnknownTemplate
from xltool.library import load_template
from xltool.linting.advice import Advice, Review
from xltool.linting.cell_audit import cell_advice
from xltool.linting.examples import example_advice
from xltool.linting.files import file_advice, table_files
from xltool.linting.merging import merge_advice
from xltool.linting.pairs import pair_advice
from xltool.linting.round_trip import reading_advice
from xltool.linting.rule_audit import circle_advice, link_advice, rule_advice
from xltool.model import Severity
from xltool.template.loader import template_names
from xltool.template.spec import Template


def lint(folder: FilePath) -> list[Review]:
    """The review of the template in `folder`, or of each template in a folder of such folders.

    Raises UnknownTemplate if there is none.
    """
    home = folder.resolve()
    homes = [home] if (home / "template.toml").is_file() else [home / name for name in template_names(home)]
    if not homes:
        raise UnknownTemplate(f"“{folder}”里没有模板：请写有 template.toml 的文件夹，或放着这样的文件夹的文件夹。")
    return [review(home) for home in homes]


def review(home: FilePath) -> Review:
    """Everything to be said of the template in the folder `home`."""
    try:
        template = load_template(home.name, home.parent)
    except TemplateError as error:
        return Review(home, "", tuple(Advice(Severity.ERROR, problem) for problem in error.problems))
    order = list(Severity)
    advice = sorted(_all_advice(home, template), key=lambda item: order.index(item.severity))
    return Review(home, template.title, tuple(advice))


def _all_advice(home: FilePath, template: Template) -> Iterator[Advice]:
    files = dict(zip(template.tables, table_files(home), strict=True))
    circles = list(circle_advice(template))
    in_files = list(file_advice(home, template))
    yield from (*circles, *in_files, *pair_advice(home, template, files), *example_advice(template))
    if circles:
        return  # nothing can be calculated
    yield from merge_advice(template)
    yield from link_advice(template)
    yield from rule_advice(template, files)
    yield from cell_advice(template, files)
    if not any(advice.severity is Severity.ERROR for advice in in_files):
        yield from reading_advice(home, template, files)
