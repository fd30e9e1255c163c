"""What the tests of the page do in a browser."""

from __future__ import annotations

import base64
from collections.abc import Callable
from pathlib import Path

import pytest
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.wait import WebDriverWait

from tests import ROOT
from tests.page.chromium import CHROMIUM, DRIVER
from tests.page.served import PATIENCE, Served

NEEDS_CHROMIUM = pytest.mark.skipif(None in (CHROMIUM, DRIVER), reason="Chromium and its driver are not installed")

SENT = ROOT / "samples" / "pingshan-2023" / "预算.xlsx"
TEMPLATES = ROOT / "tests" / "templates"
SMALL = "某省某市-2025"

SCREENS = ("check", "merge", "compare", "new", "clear", "codes", "rules", "manual/")

DROP = """
const [place, files] = arguments;
const transfer = new DataTransfer();
for (const [name, content] of files) {
  const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
  transfer.items.add(new File([bytes], name));
}
for (const kind of ["dragover", "drop"])
  place.dispatchEvent(new DragEvent(kind, { dataTransfer: transfer, bubbles: true, cancelable: true }));
"""


def until(browser: Chrome, there: Callable[[Chrome], object]) -> None:
    wait = WebDriverWait(browser, PATIENCE, 0.1, [StaleElementReferenceException])  # a page may give way to the next
    wait.until(lambda driver: there(driver))


def one(browser: Chrome, selector: str) -> WebElement:
    return browser.find_element(By.CSS_SELECTOR, selector)


def heading(browser: Chrome, text: str) -> None:
    """Wait until a page has this heading: what was asked for is done."""
    until(browser, lambda driver: any(text in found.text for found in driver.find_elements(By.TAG_NAME, "h1")))


def says(browser: Chrome, text: str) -> None:
    """Wait until a page has this text anywhere."""
    until(browser, lambda driver: text in driver.page_source)


def shown(browser: Chrome) -> list[str | None]:
    """The kinds of the findings that can be seen; what needs no change is folded away."""
    there = browser.find_elements(By.TAG_NAME, "article")
    return [found.get_attribute("data-kind") for found in there if found.is_displayed()]


def drop(browser: Chrome, page: Served, files: list[tuple[str, bytes]], screen: str = "check") -> None:
    browser.get(f"{page.place}/{screen}")
    sent = [[name, base64.b64encode(content).decode()] for name, content in files]
    browser.execute_script(DROP, one(browser, "[data-drop]"), sent)


def jobs(page: Served) -> set[Path]:
    """The folders of all work that was ever asked for."""
    return {*page.home.glob("tmp/*/work-*/*")}
