"""The licences of everything inside a bundle, in one folder, with a list."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from importlib.metadata import Distribution
from pathlib import Path

from bundle.refused import BundleRefused

FOLDER = "许可证"

Files = Mapping[str, Path]
"""Files by the path that they get."""


def gather(packages: Path, others: Mapping[str, Files], bundle: Path) -> None:
    """Copy the licence files of all `packages`, and of what else is inside, into `bundle`; raises BundleRefused.

    `others` are files by the name of what they belong to.
    """
    listed = []
    for described in sorted(packages.glob("*.dist-info")):
        package = Distribution.at(described)
        name = f"{package.metadata['Name']} {package.version}"
        listed.append(f"{name}　{_licence(package)}")
        _copy(name, _files(described), bundle)
    for name, files in sorted(others.items()):
        listed.append(f"{name}　见文件夹“{name}”")
        _copy(name, files, bundle)
    text = "\n".join(["这个文件夹里有以下软件，许可证的全文在同名的文件夹里：", "", *listed, ""])
    (bundle / FOLDER / "清单.txt").write_bytes(text.replace("\n", "\r\n").encode("utf-8-sig"))


def _licence(package: Distribution) -> str:
    """What the package says of its licence, in one line."""
    told = package.metadata["License-Expression"] or package.metadata["License"] or ""
    if told and "\n" not in told and len(told) < 80:
        return told
    classes = [one for one in package.metadata.get_all("Classifier", []) if one.startswith("License ::")]
    return "、".join(one.rpartition(" :: ")[2] for one in classes) or "见文件夹"


def _files(described: Path) -> dict[str, Path]:
    """The licence files that came with a package: metadata of some do not name them."""
    inside = {path.relative_to(described): path for path in sorted(described.rglob("*")) if path.is_file()}
    return {
        name.as_posix().removeprefix("licenses/"): path
        for name, path in inside.items()
        if name.parts[0] == "licenses" or name.name.startswith(("LICEN", "COPYING", "NOTICE"))
    }


def _copy(name: str, files: Files, bundle: Path) -> None:
    if not files:
        raise BundleRefused(f"没有找到 {name} 的许可证。")
    for path, file in files.items():
        target = bundle / FOLDER / name / path
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, target)
