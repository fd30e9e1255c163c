"""What can stop xltool, each as one sentence that tells the user what to do next.

XltoolError
├── FileRefused          the workbook cannot be read or must not be edited
│   └── SignedWorkbook   digitally signed: readable, never edited
├── TemplateError        a template's files are wrong; every mistake is listed
├── UnknownTemplate      no template of that name
├── TableNotFound        a workbook in which no table (or the same table twice) was recognised
│   └── NoTemplateFits   a workbook whose tables no template knows
├── AddInRefused         the ribbon cannot be put into Excel, or taken out, as things are
├── ExcelRefused         an open workbook that cannot be worked on in Excel now
├── FactsError           a facts table that does not fit its template; every mistake is listed
├── CodesError           a list of 科目 that cannot be used; every mistake is listed
├── RosterError          a roster (名册) that cannot be used; every mistake is listed
├── TransfersError       a list of 往来 that cannot be used; every mistake is listed
├── AcceptancesError     a list of reasons (说明) that cannot be used; every mistake is listed
├── BalanceError         amounts that cannot be rounded so that they still add up; what stands against it is listed
└── MergeRefused         workbooks that cannot become one 汇总; every reason is listed
"""

import errno
from collections.abc import Sequence

_REASONS = {
    errno.ENOENT: "找不到这个文件或文件夹",
    errno.EACCES: "没有权限，或文件正在被使用",
    errno.EPERM: "没有权限",
    errno.EROFS: "所在的磁盘不允许写入",
    errno.ENOSPC: "磁盘空间不足",
    errno.EDQUOT: "磁盘配额已用完",
    errno.EFBIG: "文件超出允许的大小",
    errno.EISDIR: "这是文件夹，不是文件",
    errno.ENOTDIR: "路径中有一段不是文件夹",
    errno.EEXIST: "同名的文件已存在",
    errno.ENAMETOOLONG: "文件名太长",
    errno.EINVAL: "文件名不合规定",
    errno.ELOOP: "快捷方式（符号链接）指回了自己",
    errno.ENXIO: "这不是普通文件",
    errno.EIO: "磁盘读写出错",
}


def reason(error: OSError) -> str:
    """Why the system refused, in the user's words."""
    return _REASONS.get(error.errno or 0, f"系统错误 {error.errno}")


class XltoolError(Exception):
    """Base of every error with a message for the user (in Chinese, one sentence)."""


class FileRefused(XltoolError):
    """The file cannot be worked on; the message says what to do."""


class SignedWorkbook(FileRefused):
    """The workbook is digitally signed: it can be checked, but marking it would break the signature."""


_SHOWN = 20
"""More mistakes than these have one cause, such as the wrong template; `problems` has them all."""

_LONG = 1000
"""Letters of one mistake: it quotes what stands in the file, which may be anything; `problems` has all of it."""


class _Listed(XltoolError):
    """An error made of many: the message is a headline and one line for each problem."""

    def __init__(self, headline: str, problems: Sequence[str]) -> None:
        shown = [f"  {problem if len(problem) <= _LONG else problem[:_LONG] + '…'}" for problem in problems[:_SHOWN]]
        more = [f"  …共 {len(problems)} 处"] if len(problems) > _SHOWN else []
        super().__init__("\n".join([headline, *shown, *more]))
        self.problems = tuple(problems)


class TemplateError(_Listed):
    """Every mistake found in a template, each as "file: key path: what is wrong"."""


class UnknownTemplate(XltoolError):
    """There is no template of that name; the message lists those there are."""


class TableNotFound(XltoolError):
    """No table of the template was recognised, or two sheets claim the same one."""


class NoTemplateFits(TableNotFound):
    """No template knows any table of the workbook."""


class ClusterRefused(XltoolError):
    """The cluster cannot be worked with, or not safely."""


class AddInRefused(XltoolError):
    """The ribbon cannot be installed, removed or looked at; the message says what to do."""


class ExcelRefused(XltoolError):
    """Excel is busy, shows no workbook, or the workbook is gone; the message says what to do."""


class FactsError(_Listed):
    """Every line of a facts table that does not fit the template."""


class CodesError(_Listed):
    """Every line of a list of 科目 that is wrong."""


class RosterError(_Listed):
    """Every line of a roster that is wrong, or the unit that it does not have."""


class TransfersError(_Listed):
    """Every line of a list of 往来 that is wrong."""


class AcceptancesError(_Listed):
    """Every line of a list of reasons (说明) that is wrong."""


class BalanceError(_Listed):
    """Amounts that do not add up before they are rounded, or cannot after it: the findings, or the equations."""


class MergeRefused(_Listed):
    """Every reason why workbooks cannot become one 汇总."""


class UnitsFaulty(MergeRefused):
    """The only reasons are errors in workbooks, one a unit: they can be added up as they are if that is wanted."""
