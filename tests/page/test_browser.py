"""The page in a real browser: what only a browser does."""

from __future__ import annotations

import base64
import json
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.select import Select
from selenium.webdriver.support.wait import WebDriverWait

from tests import ROOT
from tests.page.chromium import CHROMIUM, DRIVER, opened
from tests.page.served import PATIENCE, Served, left_behind, serving
from xltool import api
from xltool.page.keys import OPEN, key_of

pytestmark = pytest.mark.skipif(None in (CHROMIUM, DRIVER), reason="Chromium and its driver are not installed")

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


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    home = tmp_path_factory.mktemp("home")
    shutil.copytree(TEMPLATES / SMALL, home / "data" / "xltool" / "templates" / SMALL)
    with serving(home) as served:
        yield served
    assert left_behind(home) == []


@pytest.fixture(scope="module")
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


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A workbook that is checked in no time."""
    target = tmp_path_factory.mktemp("small") / "预算.xlsx"
    api.fill(SMALL, TEMPLATES / SMALL / "facts.csv", target, templates=TEMPLATES)
    return target.read_bytes()


def until(browser: Chrome, there: Callable[[Chrome], object]) -> None:
    wait = WebDriverWait(browser, PATIENCE, 0.1, [StaleElementReferenceException])  # a page may give way to the next
    wait.until(lambda driver: there(driver))


def one(browser: Chrome, selector: str) -> WebElement:
    return browser.find_element(By.CSS_SELECTOR, selector)


def heading(browser: Chrome, text: str) -> None:
    """Wait until a page has this heading: what was asked for is done."""
    until(browser, lambda driver: any(text in found.text for found in driver.find_elements(By.TAG_NAME, "h1")))


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
    until(browser, lambda driver: "已说明 1 处" in driver.page_source)
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


def test_two_hundred_files_of_which_some_are_none(browser: Chrome, page: Served, small: bytes) -> None:
    drop(browser, page, [(f"{number:03}.xlsx", small if number % 4 == 0 else b"no") for number in range(200)])
    until(browser, lambda driver: driver.find_elements(By.TAG_NAME, "progress"))
    heading(browser, "检查结果：200 个文件")
    assert "没有问题 50 个，有问题 0 个，没能完成 150 个" in browser.page_source
    assert len(browser.find_elements(By.CSS_SELECTOR, "tbody tr")) == 200


def test_a_tab_that_is_closed_in_the_middle_disturbs_no_other(browser: Chrome, page: Served, small: bytes) -> None:
    browser.switch_to.new_window("tab")
    drop(browser, page, [(f"{number}.xlsx", SENT.read_bytes()) for number in range(8)])
    until(browser, lambda driver: "已做完" in driver.page_source)
    browser.close()
    browser.switch_to.window(browser.window_handles[0])
    drop(browser, page, [("丁.xlsx", small)])
    heading(browser, "丁.xlsx")


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


def test_work_is_stopped_from_the_page(browser: Chrome, page: Served) -> None:
    drop(browser, page, [(f"{number}.xlsx", SENT.read_bytes()) for number in range(12)])
    until(browser, lambda driver: "已做完" in driver.page_source)
    one(browser, "main form button").click()
    heading(browser, "检查：已停止")


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


def test_nothing_is_made_for_a_year_that_was_just_changed(browser: Chrome, page: Served) -> None:
    before = jobs(page)
    browser.get(f"{page.place}/new?template={SMALL}")
    one(browser, "#year").send_keys(Keys.BACKSPACE, "6")
    one(browser, "button.main").click()  # which leaves the field first
    until(browser, lambda driver: one(driver, "input[type=hidden][name=year]").get_attribute("value") == "2026")
    assert browser.current_url.endswith("year=2026")
    assert jobs(page) == before


def test_the_page_asks_before_it_ends(browser: Chrome, page: Served) -> None:
    browser.get(f"{page.place}/codes")
    one(browser, "header form button").click()
    asked = browser.switch_to.alert
    assert "没有下载的结果都删去" in asked.text
    asked.dismiss()
    assert one(browser, "h1").text == "查科目" and page.get("/codes").status == 200


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


def test_a_second_drop_during_an_upload_starts_nothing(browser: Chrome, page: Served, small: bytes) -> None:
    before = jobs(page)
    browser.get(f"{page.place}/check")
    sent = [["甲.xlsx", base64.b64encode(small).decode()]]
    browser.execute_script(
        f"for (let i = 0; i < 2; i++) (function () {{ {DROP} }})(...arguments);", one(browser, "[data-drop]"), sent
    )
    heading(browser, "甲.xlsx")
    assert len(jobs(page) - before) == 1


def test_what_is_dropped_and_cannot_be_read_is_told(browser: Chrome, page: Served) -> None:
    drop(browser, page, [])
    until(browser, lambda driver: one(driver, "[data-status].trouble").text == "拖进来的里面没有工作簿（.xlsx 文件）。")
    browser.execute_script(
        "DataTransferItem.prototype.webkitGetAsEntry = () => ({ isDirectory: true,"
        " createReader: () => ({ readEntries: (done, fail) => fail(new DOMException()) }) });"
    )
    browser.execute_script(DROP, one(browser, "[data-drop]"), [["甲.xlsx", ""]])
    until(browser, lambda driver: "读不到" in one(driver, "[data-status].trouble").text)


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


class Elsewhere(BaseHTTPRequestHandler):
    """A page of another port of this machine, which knows where all of ours is, and asks it to do things."""

    target = key = ""

    def do_GET(self) -> None:
        page = f"""<!doctype html><a href="{self.target}{OPEN}?key={self.key}">x</a>
        <form method="post" action="{self.target}/quit"><button>x</button></form><script>
        Promise.allSettled([
          fetch("{self.target}/quit", {{ method: "POST", mode: "no-cors", credentials: "include" }}),
          fetch("{self.target}/check", {{ credentials: "include" }}),
        ]).then((done) => {{ document.title = JSON.stringify(done.map((one) => one.status)); }});</script>"""
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Referrer-Policy", "no-referrer")
        self.end_headers()
        self.wfile.write(page.encode())

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def test_a_page_of_another_origin_can_do_nothing(browser: Chrome, page: Served) -> None:
    with elsewhere(page) as address:
        browser.get(address)
        until(browser, lambda driver: driver.title)
        assert json.loads(browser.title)[1] == "rejected"
        one(browser, "button").click()
        until(browser, lambda driver: "不是从 xltool 自己的页面发出的" in driver.page_source)
    time.sleep(0.5)
    assert page.process.poll() is None and page.get("/codes").status == 200


def test_a_page_of_another_port_is_not_sent_the_cookie(browser: Chrome, page: Served) -> None:
    with another_port() as (address, cookies):
        browser.get(address)
        until(browser, lambda _: len(cookies) > 1)
    assert set(cookies) == {None}
    browser.get(f"{page.place}/codes")
    heading(browser, "查科目")


@contextmanager
def another_port() -> Iterator[tuple[str, list[str | None]]]:
    """A page that another user of this machine serves, and the cookies that it is sent."""
    cookies: list[str | None] = []

    class Curious(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            cookies.append(self.headers.get("Cookie"))
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(b"<script>if (!location.hash) location.href = '/check#again'</script>")

        def log_message(self, *args: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Curious) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/", cookies
        server.shutdown()


def test_a_key_that_is_clicked_in_another_page_opens_ours(browser: Chrome, page: Served) -> None:
    browser.delete_all_cookies()
    token = json.loads((page.home / "run" / "xltool" / "page.json").read_text())["token"]
    with elsewhere(page, key_of(token)) as address:
        browser.get(address)
        one(browser, "a").click()
        heading(browser, "检查")


@contextmanager
def elsewhere(page: Served, key: str = "") -> Iterator[str]:
    """The address of another page, which knows where ours is."""
    Elsewhere.target, Elsewhere.key = page.address if key else page.place, key
    with HTTPServer(("127.0.0.1", 0), Elsewhere) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://localhost:{server.server_port}/" if key else f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
