"""The folder for Windows: what is in it, and under Wine what its programs do."""

from __future__ import annotations

import re
from pathlib import Path

from bundle import launchers
from bundle.archive import HASHES
from tests.bundle.wine import Told


def names(folder: Path) -> set[str]:
    """All files in a folder."""
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_what_an_officer_sees_are_five_programs_and_how_to_use_them(windows_folder: Path) -> None:
    assert {path.name for path in windows_folder.iterdir()} == {
        *("检查.exe", "清除标注.exe", "打开页面.exe", "安装到 Excel.exe", "从 Excel 卸载.exe"),
        *("使用说明.txt", "许可证", HASHES, "program"),
    }


def test_the_programs_are_ours_and_pythons_and_no_script_of_a_shell(windows_folder: Path) -> None:
    programs = {name for name in names(windows_folder) if name.endswith((".exe", ".bat", ".cmd", ".ps1", ".com"))}
    ours = {launcher.path for launcher in launchers.LAUNCHERS}
    assert programs == {*ours, "program/python/python.exe", "program/python/pythonw.exe"}


def test_of_xlwings_only_its_bsd_part_in_python_is_there(windows_folder: Path) -> None:
    library = windows_folder / "program" / "lib"
    xlwings = names(library / "xlwings")
    assert {Path(name).suffix for name in xlwings} <= {".py", ".typed"}
    assert not any(name.startswith("pro/") for name in xlwings)
    assert "main.py" in xlwings
    assert not [name for name in names(library) if re.match(r"xlwings.*\.(dll|pyd|xlam|xla)$", name)]


def test_the_only_add_in_for_excel_is_ours(windows_folder: Path) -> None:
    add_ins = {name for name in names(windows_folder) if name.endswith((".xlam", ".xla", ".xll", ".xlsm"))}
    assert add_ins == {"program/lib/xltool/addin/xltool.xlam"}


def test_the_libraries_of_pywin32_lie_where_windows_looks_first(windows_folder: Path) -> None:
    python = windows_folder / "program" / "python"
    assert {path.name for path in python.glob("py*3*.dll")} >= {"pywintypes313.dll", "pythoncom313.dll"}
    assert "import site" not in (python / "python313._pth").read_text(encoding="ascii")


def test_templates_the_manual_and_the_sample_of_the_demo_are_there(windows_folder: Path) -> None:
    xltool = windows_folder / "program" / "lib" / "xltool"
    assert (xltool / "workbook_templates" / "qinglong-2024" / "template.toml").is_file()
    assert (xltool / "docs" / "使用手册.md").is_file()
    assert (xltool / "samples" / "qinglong-2024" / "facts.csv").is_file()


def test_nothing_tells_of_the_machine_that_built_it(windows_folder: Path) -> None:
    described = [name for name in names(windows_folder) if ".dist-info/" in name]
    assert not [name for name in described if name.endswith(("RECORD", "direct_url.json", "INSTALLER"))]
    assert "\\program\\python\\pythonw.exe" not in (windows_folder / HASHES).read_text(encoding="utf-8")


def test_every_package_and_python_have_their_licence_there(windows_folder: Path) -> None:
    folder = windows_folder / "许可证"
    listed = (folder / "清单.txt").read_text(encoding="utf-8-sig")
    there = {path.name for path in folder.iterdir() if path.is_dir()}
    for described in (windows_folder / "program" / "lib").glob("*.dist-info"):
        name, _, version = described.name.removesuffix(".dist-info").partition("-")
        (found,) = [one for one in there if one.replace("-", "_").lower() == f"{name.lower()} {version}"]
        assert found in listed
        assert names(folder / found)
    assert "Python 3.13" in there
    assert not [name for name in names(folder) if "PRO" in name]
    assert "LGPL" not in listed


def test_the_same_launcher_is_made_with_the_same_bytes(windows_folder: Path, tmp_path: Path) -> None:
    for launcher in launchers.LAUNCHERS[:2]:
        assert launchers.make(launcher, tmp_path).read_bytes() == (windows_folder / launcher.path).read_bytes()


def test_names_of_dropped_files_arrive_as_they_are(under_wine: Told) -> None:
    names = under_wine["names"]
    assert names["arguments"] == names["sent"]
    assert len(names["arguments"]) > 40
    assert names["code"] == 7  # that of Python, which the launcher hands on


def test_python_is_started_in_isolation_and_without_a_console(under_wine: Told) -> None:
    assert under_wine["names"]["is isolated"]
    assert not under_wine["names"]["has output"]


def test_every_library_loads(under_wine: Told) -> None:
    assert under_wine["imports"] == {"win32com": "win32com.client", "is pro": False, "sum": 4.0, "highs": True}


def test_a_busy_excel_is_known_for_busy_and_one_that_is_gone_for_gone(under_wine: Told) -> None:
    """Asked for a property, told one, walked through: whatever pywin32 itself makes of the answer."""
    assert under_wine["asked"] == {
        "well": ["before", "None", "['sheet 1', 'sheet 2']"],
        **dict.fromkeys(("rejected", "retry later", "ignored"), ["busy"] * 3),
        "gone": ["gone"] * 3,
    }


def test_the_command_line_speaks_chinese(under_wine: Told) -> None:
    assert under_wine["help"]["code"] == 0
    assert "检查工作簿，在有问题的单元格上标注" in under_wine["help"]["said"]


def test_a_blank_workbook_is_made(under_wine: Told) -> None:
    assert under_wine["new"] == {"code": 0, "said": "已生成空白工作簿：空白 预算.xlsx\r\n"}


def test_a_workbook_is_checked_and_marked(under_wine: Told) -> None:
    assert under_wine["check"]["code"] == 1
    assert re.search(r"已标注 \d+ 处：a&b%PATH%\^! 预算\.xlsx", under_wine["check"]["said"])


def test_workbooks_dropped_on_check_are_told_in_a_dialog_and_a_page(under_wine: Told) -> None:
    told = under_wine["check dropped"]
    assert told["title"] == "xltool　检查"
    assert "有问题 1 个，没能完成 8 个" in told["text"]
    assert 'content="0; url=检查报告.html"' in told["pages"][told["shown"]]  # the browser goes on to the findings
    assert "2010399" in told["pages"]["检查报告.html"]
    assert told["left"]  # for the browser, which may not have read it yet, until the next check


def test_marks_are_taken_off_by_dropping_the_workbook(under_wine: Told) -> None:
    assert under_wine["clear"]["title"] == "xltool　清除标注"
    assert re.search(r"a&b%PATH%\^! 预算\.xlsx：已去掉 \d+ 处标注。", under_wine["clear"]["text"])
    assert "拖到" in under_wine["clear nothing"]["text"]


def test_the_page_opens(under_wine: Told) -> None:
    assert under_wine["page"]["address"].startswith("http://127.0.0.1:")
    assert "<html" in under_wine["page"]["text"]


def test_a_workbook_is_checked_on_the_page_which_leaves_nothing(under_wine: Told) -> None:
    assert "共核对 546 条等式：错误 1 处，警告 6 处，尾差 11 处。" in under_wine["page"]["checked"]
    assert (under_wine["page"]["codes"], under_wine["page"]["left"]) == ([0, 0], 0)


def test_opening_the_page_again_leads_to_the_one_that_runs(under_wine: Told) -> None:
    first, again = (under_wine["page"][name].partition("/open?key=") for name in ("address", "again"))
    assert first[0] == again[0] and first[2] != again[2]


def test_without_excel_it_is_said_why_nothing_is_installed(under_wine: Told) -> None:
    assert under_wine["install"]["title"] == "xltool　安装到 Excel"
    assert under_wine["install"]["text"]


def test_a_button_of_the_ribbon_where_no_excel_is_open_says_so(under_wine: Told) -> None:
    assert under_wine["pressed"]["title"] == "xltool"
    assert under_wine["pressed"]["text"].startswith("Excel 里没有打开的工作簿：请先打开要检查的工作簿")
    assert under_wine["pressed"]["code"] == 2


def test_the_program_of_the_ribbon_opened_by_hand_says_what_it_is_for(under_wine: Told) -> None:
    assert "请在 Excel 里点按钮" in under_wine["opened by hand"]["text"]
    assert under_wine["opened by hand"]["code"] == 2


def test_a_launcher_that_cannot_start_python_says_what_to_do(under_wine: Told) -> None:
    assert under_wine["alone"]["code"] == under_wine["windows 7"]["code"] == under_wine["too many"]["code"] == 2
    assert "整个解压出来" in under_wine["alone"]["text"]
    assert "Windows 10" in under_wine["windows 7"]["text"]
    assert "请分几次" in under_wine["too many"]["text"]
