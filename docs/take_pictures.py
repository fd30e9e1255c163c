"""`make pictures`: takes the pictures of docs/使用手册.md anew, of the page and of workbooks in LibreOffice.

The budgets in them are made up: those of samples/merge, with a few mistakes. Needed are Debian's packages chromium,
chromium-driver, chromium-l10n, libreoffice-calc, xvfb, imagemagick and fonts-noto-cjk. Look at every picture
afterwards.
"""

from __future__ import annotations

import base64
import shutil
import subprocess
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import openpyxl
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.wait import WebDriverWait

from docs.office_pictures import View, photographed
from tests.page.chromium import opened
from tests.page.served import PATIENCE, Served, serving
from xltool import api

ROOT = Path(__file__).parents[1]
PICTURES = ROOT / "docs" / "pictures"
SAMPLE = ROOT / "samples" / "merge" / "qinglong-2024"

WIDTH, SCALE, MARGIN = 1000, 1.4, 8
"""Of the window, in its own units; so many pixels each; left around what is shown."""

_BASIC = "一般公共预算基本支出表"
_MISTAKES = {
    f"{_BASIC},30211,一般公共预算基本支出/公用经费,": "58.50",  # 5.85
    f"{_BASIC},302,一般公共预算基本支出/公用经费,": "84.65",
    "三公经费支出表,公务用车购置及运维费/公务用车运行维护费,资金性质/一般公共预算财政拨款,": "3.06",  # 3.60
}
_NO_ASSETS = "部门固定资产占用情况表,"
_REASON = "办公用房、设备和车辆由县机关事务中心统一管理，不列在本单位。"
_LATER = {
    f"{_BASIC},30201,一般公共预算基本支出/公用经费,": "85000.00",
    f"{_BASIC},30213,一般公共预算基本支出/公用经费,": "30000.00",
}


class Camera:
    """The browser, and the folder that pictures go to."""

    def __init__(self, browser: Chrome, page: Served, folder: Path) -> None:
        self._browser = browser
        self._page = page
        self._folder = folder
        metrics = {"width": WIDTH, "height": 900, "deviceScaleFactor": SCALE, "mobile": False}
        browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
        browser.execute_cdp_cmd("Emulation.setScrollbarsHidden", {"hidden": True})

    def go(self, screen: str) -> None:
        """Show a screen."""
        self._browser.get(f"{self._page.place}/{screen}")

    def all(self, selector: str) -> list[WebElement]:
        """What is on the page."""
        return self._browser.find_elements(By.CSS_SELECTOR, selector)

    def one(self, selector: str) -> WebElement:
        """The first of it."""
        return self._browser.find_element(By.CSS_SELECTOR, selector)

    def containing(self, selector: str, text: str) -> WebElement:
        """The one that has this text."""
        return next(found for found in self.all(selector) if text in found.text)

    def choose(self, field: str, *files: Path) -> None:
        """Put files into a field."""
        self.one(f"#{field}").send_keys("\n".join(map(str, files)))

    def send(self, heading: str) -> None:
        """Press the main button, and wait until a page has this heading: the work is done."""
        self.one("button.main").click()
        self._until(lambda: any(heading in found.text for found in self.all("h1")))

    def shoot(self, name: str, *elements: WebElement) -> None:
        """Take a picture of these parts of the page and what is between them."""
        self._browser.execute_script("document.activeElement.blur(); scrollTo(0, 0)")
        boxes = [found.rect for found in elements]
        left, top = (min(box[side] for box in boxes) - MARGIN for side in ("x", "y"))
        right = max(box["x"] + box["width"] for box in boxes) + MARGIN
        bottom = max(box["y"] + box["height"] for box in boxes) + MARGIN
        left, top, right = max(left, 0), max(top, 0), min(right, WIDTH)
        clip = {"x": left, "y": top, "width": right - left, "height": bottom - top, "scale": 1}
        taken = self._browser.execute_cdp_cmd(
            "Page.captureScreenshot", {"format": "png", "clip": clip, "captureBeyondViewport": True}
        )
        (self._folder / f"{name}.png").write_bytes(base64.b64decode(taken["data"]))

    def _until(self, there: Callable[[], object]) -> None:
        wait = WebDriverWait(self._browser, PATIENCE, 0.1, [StaleElementReferenceException])
        wait.until(lambda _: there())


def main() -> None:
    with TemporaryDirectory() as desk:
        work = Path(desk)
        home, taken = work / "home", work / "pictures"
        for folder in (home, taken):
            folder.mkdir()
        budget, sent = _budget(work), sorted((SAMPLE / "单位").glob("*.xlsx"))
        with serving(home) as page, opened(page) as browser:
            camera = Camera(browser, page, taken)
            _checking(camera, budget)
            _many(camera, work, [budget, *sent])
            _making(camera)
            _merging(camera, sent)
            _comparing(camera, work)
        for view in _views(work, budget, sent):
            photographed(view, taken, work / "profile")
        _keep(taken)


def _budget(work: Path) -> Path:
    """A budget with some mistakes, and a table that nobody filled in."""
    figures = SAMPLE / "单位" / "101001-云岭县信访局机关.csv"
    lines = [line for line in _changed(figures, _MISTAKES) if not line.startswith(_NO_ASSETS)]
    return _filled(work / "预算.xlsx", lines, "云岭县信访局机关", "万元")


def _changed(figures: Path, changes: Mapping[str, str]) -> Iterator[str]:
    """The lines of a table of figures, with other figures in some places."""
    for line in figures.read_text(encoding="utf-8-sig").splitlines():
        place, comma, _ = line.rpartition(",")
        place += comma
        yield f"{place}{changes[place]}" if place in changes else line


def _filled(target: Path, lines: Iterable[str], unit: str, amount_unit: str) -> Path:
    facts = target.with_suffix(".csv")
    facts.write_text("\n".join([*lines, ""]), encoding="utf-8")
    api.fill("qinglong-2024", facts, target, unit=unit, amount_unit=amount_unit)
    return target


def _checking(camera: Camera, budget: Path) -> None:
    camera.go("check")
    camera.shoot("打开页面", camera.one("header"), camera.one("main form"))
    camera.choose("files", budget)
    camera.send(budget.name)
    camera.shoot("检查结果", camera.one("h1"), camera.one(".overview"), camera.one(".filter"))
    camera.shoot("一个问题", camera.containing("article", "小数点错位"))
    warning = camera.containing("article", "W01")
    warning.find_element(By.CSS_SELECTOR, ".explain summary").click()
    warning.find_element(By.TAG_NAME, "textarea").send_keys(_REASON)
    camera.shoot("写说明", warning)


def _many(camera: Camera, work: Path, files: Sequence[Path]) -> None:
    """A text with the name of a workbook among good ones."""
    no_workbook = work / "预算（导出）.xlsx"
    no_workbook.write_text("科目,金额\n", encoding="utf-8")
    camera.go("check")
    camera.choose("files", *files, no_workbook)
    camera.send("检查结果")
    camera.shoot("许多文件", camera.one("h1"), camera.one("table"))


def _making(camera: Camera) -> None:
    camera.go("new?template=qinglong-2024&year=2025")
    camera.one("#unit").send_keys("云岭县信访局机关")
    camera.one("[data-filter]").send_keys("信访")
    camera.shoot("生成", camera.one("h1"), camera.one("fieldset"))


def _merging(camera: Camera, sent: Sequence[Path]) -> None:
    camera.go("merge")
    camera.choose("files", *sent)
    camera.choose("roster", SAMPLE / "名册.csv")
    camera.choose("transfers", SAMPLE / "往来.csv")
    camera.shoot("汇总", camera.one("h1"), camera.one("button.main"))
    camera.one("#allow_errors").click()
    camera.send("汇总结果")
    camera.shoot("报送情况", camera.one("h1"), camera.one("article"))


def _comparing(camera: Camera, work: Path) -> None:
    old, new = work / "改前.xlsx", work / "改后.xlsx"
    shutil.copyfile(SAMPLE / "单位" / "101003-云岭县信访信息中心（元）.xlsx", old)
    figures = SAMPLE / "单位" / "101003-云岭县信访信息中心（元）.csv"
    _filled(new, _changed(figures, _LATER), "云岭县信访信息中心", "元")
    camera.go("compare")
    camera.choose("old", old)
    camera.choose("new", new)
    camera.send("比较结果")
    camera.shoot("比较", camera.one("h1"), camera.one("table"))


def _views(work: Path, budget: Path, sent: Sequence[Path]) -> Iterator[View]:
    marked, merged = work / "标注好的.xlsx", work / "汇总预算.xlsx"
    api.annotate(budget, api.check(api.read(budget)).findings, marked)
    api.merge(sent, merged, roster=SAMPLE / "名册.csv", transfers=SAMPLE / "往来.csv", allow_errors=True)
    yield View("批注", marked, _BASIC, "A1", note="F15", width=1200, height=540)
    yield View("校验", budget, "校验", f"C{_row_of('X10.1', budget)}", zoom=70)
    yield View("汇总底稿", merged, "汇总底稿", "A1", zoom=66)


def _row_of(rule: str, budget: Path) -> int:
    """The first line of a rule in 校验, with the line above it."""
    lines = openpyxl.load_workbook(budget, read_only=True)["校验"].iter_rows(max_col=1, values_only=True)
    return next(number for number, (found,) in enumerate(lines, 0) if found == rule)


def _keep(taken: Path) -> None:
    """Put the pictures into docs, with fewer colours, which nobody sees and a third of the bytes need."""
    pictures = sorted(taken.glob("*.png"))
    subprocess.run(["mogrify", "-strip", "+dither", "-colors", "96", *map(str, pictures)], check=True)
    shutil.rmtree(PICTURES, ignore_errors=True)
    shutil.copytree(taken, PICTURES)
    for picture in pictures:
        print(f"{picture.stat().st_size:>8,}  {picture.name}")


if __name__ == "__main__":
    main()
