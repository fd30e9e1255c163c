"""What the registry of Windows says about this user's Excel; other systems have none."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import PureWindowsPath
from typing import NamedTuple

Registry = Callable[[str], Mapping[str, object]]
"""The values of a key ("HKEY_CURRENT_USER\\..."), by their names in small letters; none where there is no such key."""

_VERSIONS = ("16.0", "15.0", "14.0")
"""Excel 2016 and all later ones, 2013, 2010; older ones know neither our ribbon nor our VBA."""
_OFFICE = r"Software\Microsoft\Office"
_OF_POLICIES = r"Software\Policies\Microsoft\Office"
_OF_CLOUD_POLICIES = r"Software\Policies\Microsoft\Cloud\Office"
_USUAL_NAME = "XLSTART"


class _Blocking(NamedTuple):
    """A value that keeps add-ins from being loaded, under the key of a version of Office, and what it means."""

    key: str
    name: str
    value: int
    meaning: str


_BLOCKING = (
    _Blocking(r"Excel\Security", "DisableAllAddins", 1, "停用了全部加载项"),
    _Blocking(r"Excel\Security", "RequireAddinSig", 1, "只许带数字签名的加载项"),
    _Blocking(r"Excel\Security\Trusted Locations", "AllLocationsDisabled", 1, "不信任任何文件夹，启动文件夹也不例外"),
    _Blocking(r"Common\Security\Trusted Locations", "Allow User Locations", 0, "只信任管理员指定的文件夹"),
    _Blocking("Common", "VBAOff", 1, "停用了宏（VBA）"),
)
_POLICY = "单位的策略{}：请信息管理人员放行，或改用页面（xltool serve）。"
_SETTING = "Excel 的设置{}：请在“文件”→“选项”→“信任中心”→“信任中心设置”里改。"
_BY_WHOM = {
    rf"HKEY_CURRENT_USER\{_OF_POLICIES}": _POLICY,
    rf"HKEY_LOCAL_MACHINE\{_OF_POLICIES}": _POLICY,
    rf"HKEY_CURRENT_USER\{_OF_CLOUD_POLICIES}": _POLICY,
    rf"HKEY_CURRENT_USER\{_OFFICE}": _SETTING,
}
_DISABLED = (
    "Excel 停用了它（启动时出过错）：请在“文件”→“选项”→“加载项”→“管理：禁用项目”→“转到”里启用，再重新打开 Excel。"
)


def registry(key: str) -> Mapping[str, object]:
    """The registry of this computer."""
    if sys.platform != "win32":
        return {}
    import winreg

    root, _, path = key.partition("\\")
    try:
        with winreg.OpenKey(getattr(winreg, root), path) as opened:
            values = [winreg.EnumValue(opened, number) for number in range(winreg.QueryInfoKey(opened)[1])]
    except OSError:
        return {}
    return {name.lower(): value for name, value, _ in values}


def name_of_startup_folder(look: Registry) -> str:
    """What the folder is called that Excel opens at its start; Office writes it down where it is not as usual."""
    for version in _VERSIONS:
        name = look(rf"HKEY_CURRENT_USER\{_OFFICE}\{version}\Common\General").get("xlstart")
        if isinstance(name, str) and name == PureWindowsPath(name).name:
            return name or _USUAL_NAME
    return _USUAL_NAME


def what_blocks(look: Registry, add_in: str) -> list[str]:
    """A sentence for each setting of Office that keeps the add-in of that name in the start-up folder from loading."""
    found = [
        sentence.format(blocking.meaning)
        for place, sentence in _BY_WHOM.items()
        for blocking in _BLOCKING
        for version in _VERSIONS
        if look(rf"{place}\{version}\{blocking.key}").get(blocking.name.lower()) == blocking.value
    ]
    found += [_DISABLED for version in _VERSIONS if _is_disabled(look, version, add_in)]
    return [*dict.fromkeys(found)]


def _is_disabled(look: Registry, version: str, add_in: str) -> bool:
    """Whether Excel keeps from loading what once kept it from starting: it notes the paths between other bytes."""
    noted = look(rf"HKEY_CURRENT_USER\{_OFFICE}\{version}\Excel\Resiliency\DisabledItems").values()
    return any(add_in in one.decode("utf-16-le", "replace").lower() for one in noted if isinstance(one, bytes))
