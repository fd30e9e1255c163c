"""Whether the packages of a bundle are all there: what each of them requires on the target, and what xltool imports.

A tool that downloads on Linux for Windows may skip what is marked for Windows only; nobody would notice before the
bundle is run there.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator, Mapping
from importlib.metadata import Distribution, distributions
from pathlib import Path

from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from bundle.packages import EXTRA, Target
from bundle.refused import BundleRefused

_WINDOWS = {
    "os_name": "nt",
    "sys_platform": "win32",
    "platform_system": "Windows",
    "platform_machine": "AMD64",
    "platform_release": "10",
    "platform_version": "10.0.19045",
}


_OF_PYWIN32 = re.compile(r"py(thoncom|wintypes)|win32\w+")
"""Modules that come with xlwings where there is Excel."""


def verify(target: Target, folder: Path) -> None:
    """Raises BundleRefused, naming what is missing from `folder`."""
    there: dict[str, Distribution] = {
        canonicalize_name(one.metadata["Name"]): one for one in distributions(path=[str(folder)])
    }
    environment = _environment(target)
    missing = sorted({*_missing_packages(there, environment), *_missing_modules(folder, environment)})
    if missing:
        raise BundleRefused(f"包里缺少：{'、'.join(missing)}。")


def _environment(target: Target) -> dict[str, str]:
    """What markers are asked about on the target."""
    system = _WINDOWS if "windows" in target.platform else {}
    here = {name: str(value) for name, value in default_environment().items()}
    return {**here, "python_version": target.python, "python_full_version": f"{target.python}.0", **system}


def _missing_packages(there: Mapping[str, Distribution], environment: Mapping[str, str]) -> Iterator[str]:
    """What a package requires on the target and that is not there in a version that it takes."""
    for name, package in there.items():
        asked_for = [EXTRA] if name == "xltool" else []
        for requirement in map(Requirement, package.requires or []):
            if not any(_holds(requirement, environment, extra) for extra in ["", *asked_for]):
                continue
            found = there.get(canonicalize_name(requirement.name))
            if found is None or not requirement.specifier.contains(found.version, prereleases=True):
                yield f"{requirement}（{name} 要用）"


def _holds(requirement: Requirement, environment: Mapping[str, str], extra: str) -> bool:
    """Whether it is required there by those who asked for this extra, "" for none."""
    return requirement.marker is None or requirement.marker.evaluate({**environment, "extra": extra})


def _missing_modules(folder: Path, environment: Mapping[str, str]) -> Iterator[str]:
    """What xltool imports and that is neither there, nor Python's own, nor of a package that it does without there."""
    (xltool,) = distributions(path=[str(folder)], name="xltool")
    required = [*map(Requirement, xltool.requires or [])]
    without = {one.name for one in required if not any(_holds(one, environment, extra) for extra in ("", EXTRA))}
    search = [folder, *(folder / path for path in ("win32", "win32/lib") if (folder / path).is_dir())]
    for source in sorted((folder / "xltool").rglob("*.py")):
        for module in _imported(ast.parse(source.read_bytes())):
            there = any((path / module).is_dir() or any(path.glob(f"{module}.*")) for path in search)
            spared = module in without or ("xlwings" in without and _OF_PYWIN32.fullmatch(module))
            if not there and not spared and module not in sys.stdlib_module_names:
                yield f"{module}（{source.relative_to(folder)} 要用）"


def _imported(tree: ast.Module) -> Iterator[str]:
    """The packages that a module imports anywhere, without those that only its types need."""
    hidden = {id(inside) for node in ast.walk(tree) if _is_for_types(node) for inside in ast.walk(node)}
    for node in ast.walk(tree):
        if id(node) in hidden:
            continue
        if isinstance(node, ast.Import):
            yield from (name.name.partition(".")[0] for name in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            yield node.module.partition(".")[0]


def _is_for_types(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
