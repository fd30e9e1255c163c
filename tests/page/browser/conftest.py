"""One page and one browser for all tests of this folder."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from selenium.webdriver import Chrome

from tests.page.browser.driving import (
    SMALL,
    TEMPLATES,
)
from tests.page.chromium import opened
from tests.page.served import Served, left_behind, serving
from xltool import api


@pytest.fixture(scope="package")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    home = tmp_path_factory.mktemp("home")
    shutil.copytree(TEMPLATES / SMALL, home / "data" / "xltool" / "templates" / SMALL)
    with serving(home) as served:
        yield served
    assert left_behind(home) == []


@pytest.fixture(scope="package")
def browser(page: Served) -> Iterator[Chrome]:
    with opened(page) as driver:
        yield driver


@pytest.fixture(autouse=True)
def one_tab(browser: Chrome) -> Iterator[None]:
    """Every test begins with one tab, and may leave others."""
    yield
    first, *others = browser.window_handles
    for tab in others:
        browser.switch_to.window(tab)
        browser.close()
    browser.switch_to.window(first)


@pytest.fixture(scope="package")
def small(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A workbook that is checked in no time."""
    target = tmp_path_factory.mktemp("small") / "预算.xlsx"
    api.fill(SMALL, TEMPLATES / SMALL / "facts.csv", target, templates=TEMPLATES)
    return target.read_bytes()
