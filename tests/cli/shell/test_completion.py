"""What a shell offers after Tab, asked for as the shell asks."""

from __future__ import annotations

import pytest

from tests.cli.commands import run


def offered(words: str, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What can come next after these words, the last of which is being typed."""
    monkeypatch.setenv("_XLTOOL_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", f"xltool {words}")
    monkeypatch.setenv("COMP_CWORD", str(len(words.split(" "))))
    done = run([])
    assert done.exit_code == 0
    return done.stdout.split()


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("ch", ["plain,check"]),
        ("templates li", ["plain,lint"]),
        ("templates qing", ["plain,qinglong-2024"]),
        ("codes im", ["plain,import"]),
        ("add", ["plain,addin"]),
        ("addin un", ["plain,uninstall"]),
        ("rules shen", ["plain,shenzhen-2020"]),
        ("check --template ping", ["plain,pingshan-2023"]),
        ("check --dr", ["plain,--dry-run"]),
        ("check 预", ["file,预"]),
        ("templates lint 文", ["dir,文"]),
        ("new qinglong-2024 --amount-unit ", ["plain,元", "plain,万元"]),
        ("completion f", ["plain,fish"]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_can_come_next(words: str, expected: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert offered(words, monkeypatch) == expected


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_text_for_a_shell_asks_us(shell: str) -> None:
    done = run(["completion", shell])
    assert done.exit_code == 0
    assert f"_XLTOOL_COMPLETE={shell}_complete" in done.stdout
