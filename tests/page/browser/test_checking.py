"""检查 in a real browser: drop, progress, findings, reasons, downloads, several tabs."""

from __future__ import annotations

import base64
from pathlib import Path

from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By

from tests.page.browser.driving import (
    DROP,
    NEEDS_CHROMIUM,
    SENT,
    drop,
    heading,
    jobs,
    one,
    says,
    shown,
    until,
)
from tests.page.served import Served
from xltool import api

pytestmark = NEEDS_CHROMIUM


def test_the_key_is_not_in_the_address(browser: Chrome, page: Served) -> None:
    assert browser.current_url == f"{page.place}/check"
    assert browser.execute_script("return document.cookie") == ""


def test_a_dropped_workbook_is_checked_and_its_findings_shown(browser: Chrome, page: Served) -> None:
    drop(browser, page, [("预算.xlsx", SENT.read_bytes())])
    heading(browser, "预算.xlsx")
    assert browser.switch_to.active_element.tag_name == "h1"
    assert sorted(map(str, shown(browser))) == ["error", *["warning"] * 6]
    one(browser, "button[value=error]").click()
    assert shown(browser) == ["error"]


def test_a_warning_is_explained_and_the_marked_copy_taken_and_opened_again(browser: Chrome, page: Served) -> None:
    drop(browser, page, [("坪山.xlsx", SENT.read_bytes())])
    heading(browser, "坪山.xlsx")
    explain = one(browser, ".explain")
    explain.find_element(By.TAG_NAME, "summary").click()
    leave = "return dispatchEvent(new Event('beforeunload', { cancelable: true }))"
    assert browser.execute_script(leave)
    explain.find_element(By.TAG_NAME, "textarea").send_keys("经核对属实")
    assert not browser.execute_script(leave)  # it asks before it loses what was written
    one(browser, "#who").send_keys("李四")
    explain.find_element(By.TAG_NAME, "button").click()
    says(browser, "已说明 1 处")
    one(browser, ".downloads a").click()
    taken = page.home / "downloads" / "坪山（已标注）.xlsx"
    until(browser, lambda _: taken.exists())
    reasons = [(kept.reason, kept.who) for kept in api.read(taken).accepted]
    assert reasons == [("经核对属实", "李四")]
    one(browser, "nav a").click()
    one(browser, "#files").send_keys(str(taken))
    one(browser, "button.main").click()
    heading(browser, "坪山（已标注）.xlsx")
    assert "已说明 1 处" in browser.page_source


def test_two_tabs_have_their_own_work(browser: Chrome, page: Served, small: bytes) -> None:
    drop(browser, page, [("甲.xlsx", small)])
    first = browser.current_window_handle
    browser.switch_to.new_window("tab")
    drop(browser, page, [("乙.xlsx", b"no workbook")])
    heading(browser, "乙.xlsx")
    assert "其实是文本文件" in browser.page_source
    browser.switch_to.window(first)
    heading(browser, "甲.xlsx")
    assert "没有发现问题" in browser.page_source


def test_a_reason_that_another_tab_wrote_stays(browser: Chrome, page: Served) -> None:
    drop(browser, page, [("预算.xlsx", SENT.read_bytes())])
    heading(browser, "预算.xlsx")
    result = browser.current_url
    browser.switch_to.new_window("tab")
    browser.get(result)
    for number, tab in enumerate(browser.window_handles):
        browser.switch_to.window(tab)
        explain = browser.find_elements(By.CSS_SELECTOR, ".explain")[number]
        explain.find_element(By.TAG_NAME, "summary").click()
        explain.find_element(By.TAG_NAME, "textarea").send_keys("经核对属实")
        explain.find_element(By.TAG_NAME, "button").click()
        says(browser, f"已说明 {number + 1} 处")


def test_two_hundred_files_of_which_some_are_none(browser: Chrome, page: Served, small: bytes) -> None:
    drop(browser, page, [(f"{number:03}.xlsx", small if number % 4 == 0 else b"no") for number in range(200)])
    until(browser, lambda driver: driver.find_elements(By.TAG_NAME, "progress"))
    heading(browser, "检查结果：200 个文件")
    assert "没有问题 50 个，有问题 0 个，没能完成 150 个" in browser.page_source
    assert len(browser.find_elements(By.CSS_SELECTOR, "tbody tr")) == 200


def test_a_tab_that_is_closed_in_the_middle_disturbs_no_other(browser: Chrome, page: Served, small: bytes) -> None:
    browser.switch_to.new_window("tab")
    drop(browser, page, [(f"{number}.xlsx", SENT.read_bytes()) for number in range(8)])
    says(browser, "已做完")
    browser.close()
    browser.switch_to.window(browser.window_handles[0])
    drop(browser, page, [("丁.xlsx", small)])
    heading(browser, "丁.xlsx")


def test_work_is_stopped_from_the_page(browser: Chrome, page: Served) -> None:
    drop(browser, page, [(f"{number}.xlsx", SENT.read_bytes()) for number in range(12)])
    says(browser, "已做完")
    one(browser, "main form button").click()
    heading(browser, "检查：已停止")


def test_a_second_drop_during_an_upload_starts_nothing(browser: Chrome, page: Served, small: bytes) -> None:
    before = jobs(page)
    browser.get(f"{page.place}/check")
    sent = [["甲.xlsx", base64.b64encode(small).decode()]]
    browser.execute_script(
        f"for (let i = 0; i < 2; i++) (function () {{ {DROP} }})(...arguments);", one(browser, "[data-drop]"), sent
    )
    heading(browser, "甲.xlsx")
    assert len(jobs(page) - before) == 1


def test_without_scripts_a_form_is_sent_all_the_same(
    browser: Chrome, page: Served, small: bytes, tmp_path: Path
) -> None:
    """The browser itself says that it is our form: with no referrer it names no origin."""
    sent = tmp_path / "丙.xlsx"
    sent.write_bytes(small)
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        browser.get(f"{page.place}/check")
        one(browser, "#files").send_keys(str(sent))
        one(browser, "button.main").click()
        heading(browser, "丙.xlsx")
    finally:
        browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
    assert "没有发现问题" in browser.page_source
