"""The program that the ribbon starts: what it makes of what the launcher hands on."""

from __future__ import annotations

import pytest

from xltool.addin import program


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What was run and told."""
    done: list[object] = []

    class Screen:
        def tell(self, text: str) -> None:
            done.append(text)

    def run(action: str, window: int) -> int:
        done.append((action, window))
        return 1

    monkeypatch.setattr(program, "run", run)
    monkeypatch.setattr(program, "screen_of", lambda window: Screen())
    return done


def test_it_runs_the_action_in_the_excel_with_this_window(done: list[object]) -> None:
    assert program.started_with(["check", "123456"]) == 1
    assert program.started_with(["next", "-1593501094"]) == 1
    assert done == [("check", 123456), ("next", -1593501094)]


@pytest.mark.parametrize(
    "arguments", [[], ["check"], ["check", "预算.xlsx"], ["check", "１２"], ["check", "-"], ["check", "1", "2"]]
)
def test_started_by_anything_else_it_says_who_starts_it(arguments: list[str], done: list[object]) -> None:
    assert program.started_with(arguments) == 2
    assert done == ["这个程序由 Excel 里的“预算工具”选项卡启动：请在 Excel 里点按钮。"]
