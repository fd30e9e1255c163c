"""How long the page is served, and what is said where it cannot be."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from starlette.responses import Response

from tests.cli.commands import run
from xltool.page import server
from xltool.page.life import Life
from xltool.page.private import hold

TICK = 0.002


def test_it_is_over_when_nobody_has_asked_for_long() -> None:
    life = Life(Response(), lambda: False, quiet=10 * TICK, tick=TICK)
    asyncio.run(asyncio.wait_for(life.until_over(), 30))


def test_every_request_begins_the_wait_anew() -> None:
    async def asked() -> int:
        life = Life(Response(), lambda: False, quiet=20 * TICK, tick=TICK)
        over = asyncio.ensure_future(life.until_over())
        for number in range(30):
            await asyncio.sleep(TICK)
            await life({"type": "http"}, nothing, anything)
            if over.done():
                return number
        await over
        return 30

    async def nothing() -> dict[str, object]:
        return {}

    async def anything(message: object) -> None:
        pass

    assert asyncio.run(asked()) == 30


def test_it_is_not_over_while_something_is_worked_on() -> None:
    left = [*range(50)]

    async def watched() -> None:
        await Life(Response(), lambda: bool(left and left.pop() >= 0), quiet=2 * TICK, tick=TICK).until_over()

    asyncio.run(asyncio.wait_for(watched(), 30))
    assert left == []


def test_without_the_parts_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "find_spec", lambda name: None)
    done = run(["serve", "--no-browser"])
    assert done.exit_code == 2
    assert done.stderr == '没有装页面要用的部件：请运行 pip install "xltool[page]"。\n'


def test_a_lock_is_held_by_one_at_a_time(tmp_path: Path) -> None:
    first = hold(tmp_path / "lock")
    assert first is not None and hold(tmp_path / "lock") is None
    (tmp_path / "link").symlink_to(tmp_path / "lock")
    with pytest.raises(OSError, match="link"):
        hold(tmp_path / "link")
