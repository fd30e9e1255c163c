"""Debian's Chromium without a window, driven by Selenium, which is told where both are and downloads nothing."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from selenium.webdriver import Chrome
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service

from tests.page.served import PATIENCE, Served, started, told

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")


@contextmanager
def opened(page: Served) -> Iterator[Chrome]:
    """A browser in which the page was opened with a key of its own, as by a second start."""
    options = Options()
    assert CHROMIUM is not None
    options.binary_location = CHROMIUM
    for argument in ("--headless=new", "--disable-gpu", "--disable-dev-shm-usage", "--window-size=1200,900"):
        options.add_argument(argument)
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        options.add_argument("--no-sandbox")
    options.add_experimental_option("prefs", {"download.default_directory": str(page.home / "downloads")})
    driver = Chrome(options=options, service=Service(DRIVER))
    try:
        second = started(page.home)
        driver.get(told(second, page.home).key_address)
        second.communicate(timeout=PATIENCE)
        yield driver
    finally:
        driver.quit()
