"""An xlwings engine that drives the fake Excel; it is registered as the one for Windows is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.addin.excel.fake.com import Line, Remote
from tests.addin.excel.fake.model import Excel


class Engine:
    """Every Excel that runs, by the number of its process."""

    name, type = "fake", "desktop"

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """No Excel runs."""
        self.line = Line()
        self.excels: dict[int, Excel] = {}

    def started(self, process: int) -> Excel:
        """The user starts one."""
        self.excels[process] = Excel(process)
        return self.excels[process]

    @property
    def apps(self) -> Apps:
        return Apps(self)


class Apps:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def keys(self) -> list[int]:
        return [*self._engine.excels]

    def __iter__(self) -> Iterator[App]:
        return (self[process] for process in self.keys())

    def __len__(self) -> int:
        return len(self._engine.excels)

    def __getitem__(self, process: int) -> App:
        """Only one that shows a workbook can be reached from outside."""
        if not self._engine.excels[process].books:
            raise KeyError(process)
        return App(self._engine, self._engine.excels[process])


def _of_excel(name: str) -> property:
    """What the library calls otherwise than Excel."""
    return property(lambda app: getattr(app.xl, name), lambda app, value: setattr(app.xl, name, value))


class App:
    def __init__(self, engine: Engine, excel: Excel) -> None:
        self.engine, self.pid = engine, excel.process
        self.xl = Remote(engine.line, excel)

    @property
    def api(self) -> Remote:
        if self.xl.model.gives_no_answer:
            raise OSError(-2147467259, "Unspecified error")
        return self.xl

    @property
    def books(self) -> Books:
        return Books(self)

    screen_updating, display_alerts, enable_events, calculation, status_bar = map(
        _of_excel, ("ScreenUpdating", "DisplayAlerts", "EnableEvents", "Calculation", "StatusBar")
    )


class Books:
    def __init__(self, app: App) -> None:
        self.app = app

    @property
    def active(self) -> Book:
        return Book(self.app, self.app.xl.ActiveWorkbook)


class Book:
    def __init__(self, app: App, xl: Any) -> None:
        self.app, self.xl = app, xl

    @property
    def api(self) -> Any:
        return self.xl

    @property
    def name(self) -> Any:
        return self.xl.Name

    @property
    def fullname(self) -> str:
        raise AssertionError("the library's own would read a sheet of the workbook")

    @property
    def sheets(self) -> Sheets:
        return Sheets(self)


class Sheets:
    def __init__(self, book: Book) -> None:
        self.book = book

    def __call__(self, which: str | int) -> Sheet:
        return Sheet(self.book, self.book.xl.Worksheets.Item(which))


class Sheet:
    def __init__(self, book: Book, xl: Any) -> None:
        self.book, self.xl = book, xl

    @property
    def api(self) -> Any:
        return self.xl

    @property
    def name(self) -> Any:
        return self.xl.Name
