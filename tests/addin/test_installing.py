"""The ribbon put into a folder that stands for Excel's, looked at there, and taken out again."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from addin import build
from tests.cli.commands import run
from xltool.addin.install.installing import install, status
from xltool.addin.install.places import startup_folder_in
from xltool.addin.install.registry import Registry
from xltool.addin.install.settings import program_in
from xltool.errors import FileRefused

SETTINGS = "xltool/xltool.ini"


@pytest.fixture
def excel(tmp_path: Path) -> Path:
    return tmp_path / "用户 㐂" / "XLSTART"


@pytest.fixture
def open_excel(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Opens an Excel that has loaded the add-in: others may read the file, and cannot write to it."""
    opened: Any = Path.open

    def shared_for_reading(path: Path, mode: str = "r", *others: Any, **named: Any) -> Any:
        if path.name == "xltool.xlam" and mode == "r+b":
            raise PermissionError(13, "in use", str(path))
        return opened(path, mode, *others, **named)

    return lambda: monkeypatch.setattr(Path, "open", shared_for_reading)


def addin(word: str, excel: Path) -> Result:
    return run(["addin", word, "--to", str(excel)])


def files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def registry(values: Mapping[tuple[str, str], object]) -> Registry:
    return lambda key: {name.lower(): value for (where, name), value in values.items() if where == key}


no_registry = registry({})
"""A computer on which nothing is set."""


def test_installed_it_is_there_with_the_program_that_it_starts(excel: Path, program: Path) -> None:
    done = addin("install", excel)
    assert done.exit_code == 0
    assert f"启动的程序：{program}" in done.stdout
    assert "WPS 表格没有这个选项卡" in done.stdout
    assert files(excel) == ["xltool.xlam", SETTINGS]
    assert (excel / "xltool.xlam").read_bytes() == build.add_in()
    assert run(["addin", "path", "--to", str(excel)]).stdout.strip() == str(excel / "xltool.xlam")


def test_excel_opens_only_the_add_in_at_its_start(excel: Path, program: Path) -> None:
    """It opens every file of the folder, whatever it is, but none of the folders in it."""
    install(excel, program)
    assert [entry.name for entry in excel.iterdir() if entry.is_file()] == ["xltool.xlam"]


def test_program_is_written_down_as_windows_reads_it(excel: Path, program: Path) -> None:
    """GetPrivateProfileStringW reads UTF-16 where the file begins with its mark: every character of a path."""
    install(excel, program)
    content = (excel / SETTINGS).read_bytes()
    assert content.startswith(b"\xff\xfe")
    assert content.decode("utf-16") == f"[xltool]\r\nprogram={program}\r\n"
    assert program_in(excel / SETTINGS) == program


def test_status_of_an_installed_one(excel: Path, program: Path) -> None:
    addin("install", excel)
    done = addin("status", excel)
    assert done.exit_code == 0
    assert done.stdout.startswith(f"已安装：{excel / 'xltool.xlam'}，与这个 xltool")
    assert f"启动的程序：{program}\n" in done.stdout


def test_status_of_none(excel: Path) -> None:
    done = addin("status", excel)
    assert done.exit_code == 1
    assert done.stdout.startswith("没有安装：")
    assert not excel.exists()


def test_a_moved_folder_is_repaired_by_installing_again(
    excel: Path, program: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    addin("install", excel)
    moved = shutil.move(program.parents[1], excel.parent / "搬走了")
    told = addin("status", excel)
    assert told.exit_code == 1
    assert f"要启动的程序不见了：{program}" in told.stdout
    assert "在它现在的位置，请再安装一次（xltool addin install，或双击“安装到 Excel”）" in told.stdout
    monkeypatch.setattr("sys.prefix", str(Path(moved, "program/python")))
    addin("install", excel)
    assert addin("status", excel).exit_code == 0
    assert program_in(excel / SETTINGS) == Path(moved, "program", program.name)


def test_an_older_one_is_told_and_replaced(excel: Path, program: Path) -> None:
    addin("install", excel)
    (excel / "xltool.xlam").write_bytes(b"of an older version")
    told = addin("status", excel)
    assert (told.exit_code, "的不同：请再安装一次" in told.stdout) == (1, True)
    addin("install", excel)
    assert addin("status", excel).exit_code == 0


def test_settings_that_name_no_program_are_told(excel: Path, program: Path) -> None:
    addin("install", excel)
    for content in (b"", b"\xff\xfe", b"[xltool]\r\nprogram=C:\\ansi.exe", os.urandom(5000)):
        (excel / SETTINGS).write_bytes(content)
        assert "没有写明启动哪个程序" in addin("status", excel).stdout
    (excel / SETTINGS).unlink()
    assert "没有写明启动哪个程序" in addin("status", excel).stdout
    (excel / SETTINGS).write_bytes("[xltool]\r\nprogram=C:\0.exe\r\n".encode("utf-16-le"))
    assert "要启动的程序不见了" in addin("status", excel).stdout


def test_an_open_excel_is_told_of_a_new_place_of_the_program(
    excel: Path, program: Path, open_excel: Callable[[], None]
) -> None:
    """Its add-in is ours already, and reads where the program is whenever a button is pressed."""
    install(excel, program.with_name("where it was"))
    open_excel()
    done = addin("install", excel)
    assert done.exit_code == 0
    assert program_in(excel / SETTINGS) == program


@pytest.mark.parametrize("word", ["install", "uninstall"])
def test_while_excel_is_open_nothing_is_changed(
    excel: Path, program: Path, open_excel: Callable[[], None], word: str
) -> None:
    addin("install", excel)
    (excel / "xltool.xlam").write_bytes(b"of an older version")
    (excel / SETTINGS).write_bytes(b"as it was")
    open_excel()
    done = addin(word, excel)
    assert done.exit_code == 2
    assert "请先保存工作簿，关闭全部 Excel 窗口" in done.stderr
    assert (excel / "xltool.xlam").read_bytes() == b"of an older version"
    assert (excel / SETTINGS).read_bytes() == b"as it was"


@pytest.mark.parametrize("before", [None, b"as it was"])
def test_where_the_add_in_cannot_be_written_the_settings_stay(excel: Path, program: Path, before: bytes | None) -> None:
    excel.mkdir(parents=True)
    (excel / "xltool.xlam").write_bytes(b"of an older version")
    os.link(excel / "xltool.xlam", excel / "another name")  # what makes saving refuse it
    if before is not None:
        (excel / "xltool").mkdir()
        (excel / SETTINGS).write_bytes(before)
    with pytest.raises(FileRefused, match="硬链接"):
        install(excel, program)
    assert ((excel / SETTINGS).read_bytes() if (excel / SETTINGS).exists() else None) == before


def test_uninstalled_only_what_is_ours_is_gone(excel: Path, program: Path) -> None:
    excel.mkdir(parents=True)
    (excel / "PERSONAL.XLSB").write_bytes(b"mine")
    addin("install", excel)
    assert "已卸载" in addin("uninstall", excel).stdout
    assert files(excel) == ["PERSONAL.XLSB"]
    assert not (excel / "xltool").exists()
    done = addin("uninstall", excel)
    assert (done.exit_code, "没有安装过" in done.stdout) == (0, True)


def test_without_its_program_nothing_is_installed(excel: Path, program: Path) -> None:
    program.unlink()
    done = addin("install", excel)
    assert (done.exit_code, "这份 xltool 不完整" in done.stderr) == (2, True)
    assert not excel.exists()


def test_a_file_is_no_folder(tmp_path: Path, program: Path) -> None:
    done = addin("install", program)
    assert (done.exit_code, "是一个文件：--to 后面请写文件夹" in done.stderr) == (2, True)


@pytest.mark.skipif(os.name == "nt", reason="there Excel's own folder would be taken")
def test_elsewhere_than_on_windows_the_page_is_named() -> None:
    done = run(["addin", "install"])
    assert (done.exit_code, "请用页面（xltool serve）" in done.stderr) == (2, True)


def test_excels_folder_is_found_without_excel(tmp_path: Path) -> None:
    general = r"HKEY_CURRENT_USER\Software\Microsoft\Office\16.0\Common\General"
    usual = tmp_path / "Microsoft" / "Excel" / "XLSTART"
    assert startup_folder_in(tmp_path, no_registry) == usual
    assert startup_folder_in(tmp_path, registry({(general, "Xlstart"): "启动"})) == usual.with_name("启动")
    for strange in (r"..\..\Startup", r"C:\Windows", "", 7):
        assert startup_folder_in(tmp_path, registry({(general, "Xlstart"): strange})) == usual


POLICIES = r"HKEY_CURRENT_USER\Software\Policies\Microsoft\Office\16.0"
OWN = r"HKEY_CURRENT_USER\Software\Microsoft\Office\15.0"
ALL_USERS = r"HKEY_LOCAL_MACHINE\Software\Policies\Microsoft\Office\16.0"
CLOUD = r"HKEY_CURRENT_USER\Software\Policies\Microsoft\Cloud\Office\16.0"


@pytest.mark.parametrize(
    ("key", "name", "value", "told"),
    [
        (rf"{POLICIES}\Excel\Security", "DisableAllAddins", 1, "单位的策略停用了全部加载项：请信息管理人员放行"),
        (rf"{OWN}\Excel\Security", "RequireAddinSig", 1, "Excel 的设置只许带数字签名的加载项：请在“文件”"),
        (rf"{POLICIES}\Excel\Security\Trusted Locations", "AllLocationsDisabled", 1, "单位的策略不信任任何文件夹"),
        (rf"{POLICIES}\Common\Security\Trusted Locations", "Allow User Locations", 0, "只信任管理员指定的文件夹"),
        (rf"{ALL_USERS}\Common", "VBAOff", 1, "单位的策略停用了宏"),
        (rf"{CLOUD}\Common", "VBAOff", 1, "单位的策略停用了宏"),
    ],
)
def test_settings_that_block_it_are_told(
    excel: Path, program: Path, key: str, name: str, value: int, told: str
) -> None:
    install(excel, program)
    assert status(excel, no_registry).works
    assert status(excel, registry({(key, name): 1 - value})).works
    found = status(excel, registry({(key, name): value}))
    assert not found.works
    assert [told in sentence for sentence in found.blocked] == [True]


def test_that_excel_has_disabled_it_is_told(excel: Path, program: Path) -> None:
    """As Excel notes it: some numbers, and the path in small letters."""
    install(excel, program)
    key = rf"{OWN}\Excel\Resiliency\DisabledItems"

    def noted(name: str) -> Registry:
        path = rf"c:\users\李会计\appdata\roaming\microsoft\excel\xlstart\{name}"
        return registry({(key, "3F2A"): bytes(12) + f"{path}\0{name}\0".encode("utf-16-le")})

    assert status(excel, noted("others.xlam")).works
    (told,) = status(excel, noted("xltool.xlam")).blocked
    assert told.startswith("Excel 停用了它（启动时出过错）：请在“文件”→“选项”→“加载项”")


def test_marks_of_the_web_are_told(excel: Path, program: Path) -> None:
    """Windows keeps them in a stream beside the file, which another system takes for a file of that name."""
    install(excel, program)
    for path in (excel / "xltool.xlam", program):
        Path(f"{path}:Zone.Identifier").write_text("[ZoneTransfer]\nZoneId=3\nHostUrl=about:internet\n")
    of_the_add_in, of_the_program = status(excel, no_registry).blocked
    assert of_the_add_in == "“xltool.xlam”带有“来自网络”的标记，Excel 会拦住它：请再安装一次。"
    assert str(program) in of_the_program
    assert "解除锁定" in of_the_program
    Path(f"{program}:Zone.Identifier").write_text("[ZoneTransfer]\nZoneId=1\n")  # the intranet
    assert status(excel, no_registry).blocked == (of_the_add_in,)
