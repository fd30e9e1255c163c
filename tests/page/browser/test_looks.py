"""The page as it is used and seen: with the keyboard, by screen readers, in narrow windows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from tests.page.browser.driving import (
    NEEDS_CHROMIUM,
    SCREENS,
    SENT,
    drop,
    heading,
    until,
)
from tests.page.served import Served

pytestmark = NEEDS_CHROMIUM


def test_the_page_is_used_with_the_keyboard_alone(browser: Chrome, page: Served) -> None:
    browser.get(f"{page.place}/codes")
    active = browser.switch_to.active_element
    active.send_keys(Keys.TAB)
    assert browser.switch_to.active_element.text == "跳到正文"
    browser.switch_to.active_element.send_keys(Keys.ENTER)
    browser.switch_to.active_element.send_keys(Keys.TAB)
    assert browser.switch_to.active_element.get_attribute("id") == "text"
    browser.switch_to.active_element.send_keys("2014001", Keys.ENTER)
    until(browser, lambda driver: "找到 1 个科目" in driver.page_source)


def test_every_field_has_a_label_and_every_page_its_landmarks(browser: Chrome, page: Served) -> None:
    for screen in SCREENS:
        browser.get(f"{page.place}/{screen}")
        assert len(browser.find_elements(By.TAG_NAME, "main")) == len(browser.find_elements(By.TAG_NAME, "h1")) == 1
        assert browser.find_elements(By.CSS_SELECTOR, "nav[aria-label] [aria-current=page]")
        bare = browser.execute_script(
            "return [...document.querySelectorAll('input:not([type=hidden]), select, textarea')]"
            ".filter((field) => !field.labels.length).map((field) => field.id || field.name);"
        )
        assert bare == [], screen


@pytest.mark.parametrize("screen", [*SCREENS, "codes?text=20140"])
def test_a_narrow_window_scrolls_in_one_direction(browser: Chrome, page: Served, screen: str) -> None:
    with narrow(browser):
        browser.get(f"{page.place}/{screen}")
        assert browser.execute_script("return document.documentElement.scrollWidth") <= 360


def test_in_a_narrow_window_the_cell_that_is_wrong_can_be_seen(browser: Chrome, page: Served) -> None:
    with narrow(browser):
        drop(browser, page, [("预算.xlsx", SENT.read_bytes())])
        heading(browser, "预算.xlsx")
        hidden = """return [...document.querySelectorAll("article .accused")].filter((cell) => {
          const [inside, around] = [cell, cell.closest(".scroll")].map((one) => one.getBoundingClientRect());
          return cell.checkVisibility() && (inside.left < around.left || inside.right > around.right + 1);
        }).map((cell) => cell.textContent)"""
        assert browser.execute_script("return scrollY") == 0
        assert browser.execute_script(hidden) == []


@contextmanager
def narrow(browser: Chrome) -> Iterator[None]:
    size = {"width": 360, "height": 800, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    yield
    browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
