"""Forms in a real browser: what was chosen and entered is not lost, and nothing is sent by mistake."""

from __future__ import annotations

from pathlib import Path

from selenium.webdriver import Chrome
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.select import Select

from tests.page.browser.driving import (
    DROP,
    NEEDS_CHROMIUM,
    SMALL,
    drop,
    heading,
    jobs,
    one,
    until,
)
from tests.page.served import Served

pytestmark = NEEDS_CHROMIUM


def test_what_is_dropped_twice_is_there_once_and_what_comes_later_is_added(browser: Chrome, page: Served) -> None:
    sent = [["甲.xlsx", ""], ["乙.xlsx", ""]]
    browser.get(f"{page.place}/merge")
    for files in (sent[:1], sent):
        browser.execute_script(DROP.replace("name)", "name, { lastModified: 1 })"), one(browser, "[data-drop]"), files)
    until(browser, lambda driver: one(driver, "[data-chosen]").text == "已选：甲.xlsx、乙.xlsx")
    browser.get(f"{page.place}/compare")
    for name in ("旧.xlsx", "较旧.xlsx"):
        browser.execute_script(DROP, one(browser, "[data-drop]"), [[name, ""]])
    until(browser, lambda driver: one(driver, "[data-chosen]").text == "已选：较旧.xlsx")


def test_whoever_comes_back_finds_the_files_that_were_chosen(browser: Chrome, page: Served, tmp_path: Path) -> None:
    (tmp_path / "甲.xlsx").write_bytes(b"x")
    browser.get(f"{page.place}/compare")
    one(browser, "#old").send_keys(str(tmp_path / "甲.xlsx"))
    browser.get(f"{page.place}/codes")
    browser.back()
    until(browser, lambda driver: one(driver, "[data-chosen]").text == "已选：甲.xlsx")


def test_of_a_folder_the_workbooks_are_taken(browser: Chrome, page: Served, tmp_path: Path) -> None:
    (tmp_path / "下级").mkdir()
    for name in ("甲.xlsx", "下级/乙.XLSX", "~$甲.xlsx", "说明.pdf"):
        (tmp_path / name).write_bytes(b"x")
    browser.get(f"{page.place}/merge")
    one(browser, "#files-folder").send_keys(str(tmp_path))
    until(
        browser,
        lambda driver: one(driver, "[data-chosen]").text in ("已选：甲.xlsx、乙.XLSX", "已选：乙.XLSX、甲.xlsx"),
    )


def test_what_is_dropped_and_cannot_be_read_is_told(browser: Chrome, page: Served) -> None:
    drop(browser, page, [])
    until(browser, lambda driver: one(driver, "[data-status].trouble").text == "拖进来的里面没有工作簿（.xlsx 文件）。")
    browser.execute_script(
        "DataTransferItem.prototype.webkitGetAsEntry = () => ({ isDirectory: true,"
        " createReader: () => ({ readEntries: (done, fail) => fail(new DOMException()) }) });"
    )
    browser.execute_script(DROP, one(browser, "[data-drop]"), [["甲.xlsx", ""]])
    until(browser, lambda driver: "读不到" in one(driver, "[data-status].trouble").text)


def test_nothing_is_made_for_a_year_that_was_just_changed(browser: Chrome, page: Served) -> None:
    before = jobs(page)
    browser.get(f"{page.place}/new?template={SMALL}")
    one(browser, "#year").send_keys(Keys.BACKSPACE, "6")
    one(browser, "button.main").click()  # which leaves the field first
    until(browser, lambda driver: one(driver, "input[type=hidden][name=year]").get_attribute("value") == "2026")
    assert browser.current_url.endswith("year=2026")
    assert jobs(page) == before


def test_what_was_entered_stays_when_another_template_is_chosen(browser: Chrome, page: Served) -> None:
    browser.get(f"{page.place}/new?template=qinglong-2024")
    subject = "#subjects-1 input[value='{}']"
    one(browser, "#unit").send_keys("某局")
    one(browser, "#projects").send_keys("甲项目")
    one(browser, "#year").send_keys(Keys.ENTER)
    until(browser, lambda driver: one(driver, "button.main").is_enabled())
    one(browser, "#find-1").send_keys("行政运行")
    one(browser, subject.format("2014001")).click()  # which that template has
    one(browser, subject.format("2010301")).click()
    assert not one(browser, subject.format("2014001")).is_selected()
    Select(one(browser, "#template")).select_by_value("pingshan-2023")
    until(
        browser,
        lambda driver: one(driver, "input[type=hidden][name=template]").get_attribute("value") != "qinglong-2024",
    )
    assert [one(browser, f"#{field}").get_attribute("value") for field in ("unit", "projects")] == ["某局", "甲项目"]
    assert one(browser, subject.format("2010301")).is_selected()
    assert not one(browser, subject.format("2010302")).is_displayed()
    one(browser, "button.main").click()
    heading(browser, "已生成")


def test_the_page_asks_before_it_ends(browser: Chrome, page: Served) -> None:
    browser.get(f"{page.place}/codes")
    one(browser, "header form button").click()
    asked = browser.switch_to.alert
    assert "没有下载的结果都删去" in asked.text
    asked.dismiss()
    assert one(browser, "h1").text == "查科目" and page.get("/codes").status == 200
