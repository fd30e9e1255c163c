"""click's own sentences in Chinese, given to it where it asks gettext for them."""

from __future__ import annotations

import gettext
import sys

SENTENCES = {
    # help
    "Usage:": "用法：",
    "Options": "选项",
    "Commands": "命令",
    "Positional arguments": "参数",
    "Show this message and exit.": "显示本说明。",
    "Show the version and exit.": "显示版本。",
    "%(prog)s, version %(version)s": "%(prog)s %(version)s",
    "(dynamic)": "（自动）",
    "default: {default}": "默认：{default}",
    "deprecated": "已停用",
    "env var: {var}": "环境变量：{var}",
    "required": "必须写",
    # what is wrong with a command
    "Error: {message}": "{message}",
    "Try '{command} {option}' for help.": "加 {option} 看说明。",
    "Missing command.": "缺少命令",
    "No such command {name!r}.": "没有“{name}”这个命令",
    "No such option {name!r}.": "不认识“{name}”",
    "No such option: {name}": "不认识“{name}”",
    "Did you mean {possibility}?": "是不是 {possibility}？",
    "(Did you mean one of: {possibilities}?)": "是不是 {possibilities}？",
    "(Possible options: {possibilities})": "是不是 {possibilities}？",
    "Got unexpected extra argument ({args})": "不认识“{args}”",
    "Got unexpected extra arguments ({args})": "不认识“{args}”",
    "Missing argument": "缺少参数",
    "Missing option": "缺少选项",
    "Missing parameter": "缺少参数",
    "Missing {param_type}": "缺少 {param_type}",
    "Missing parameter: {param_name}": "缺少 {param_name}",
    "Option {name!r} does not take a value.": "{name} 后面不能写值",
    "Option {name!r} requires an argument.": "{name} 后面要写一个值",
    "Option {name!r} requires {nargs} arguments.": "{name} 后面要写 {nargs} 个值",
    "Argument {name!r} takes {nargs} values.": "{name} 要写 {nargs} 个值",
    "Takes {nargs} values but 1 was given.": "要写 {nargs} 个值，只写了一个",
    "Takes {nargs} values but {len} were given.": "要写 {nargs} 个值，写了 {len} 个",
    "{len_type} values are required, but {len_value} was given.": "要写 {len_type} 个值，写了 {len_value} 个",
    "{len_type} values are required, but {len_value} were given.": "要写 {len_type} 个值，写了 {len_value} 个",
    "Value must be an iterable.": "要写几个值",
    "Invalid value: {message}": "{message}",
    "Invalid value for {param_hint}: {message}": "{param_hint} {message}",
    "{value!r} is not {choice}.": "应是 {choice}，不能是“{value}”",
    "{value!r} is not one of {choices}.": "应是 {choices} 之一，不能是“{value}”",
    "Choose from:\n\t{choices}": "可以写：{choices}",
    "Choice({choices})": "{choices} 之一",
    "{value!r} is not a valid {number_type}.": "应是数，不能是“{value}”",
    "{value} is not in the range {range}.": "应在 {range} 之内，不能是 {value}",
    "{value!r} is not a valid boolean. Recognized values: {states}": "应是 {states} 之一，不能是“{value}”",
    "{value!r} is not a valid boolean.": "应是 true 或 false，不能是“{value}”",
    "{value!r} is not a valid UUID.": "应是 UUID，不能是“{value}”",
    "{value!r} does not match the format {format}.": "应写成 {format}，不能是“{value}”",
    "{value!r} does not match the formats {formats}.": "应写成 {formats} 之一，不能是“{value}”",
    "Aborted!": "已中断。",
    "DeprecationWarning: The command {name!r} is deprecated.{extra_message}": "“{name}”命令已停用。{extra_message}",
    "DeprecationWarning: The {param_type} {name!r} is deprecated.{extra_message}": "“{name}”已停用。{extra_message}",
    # files
    "file": "文件",
    "directory": "文件夹",
    "path": "路径",
    "unknown error": "原因不明",
    "Could not open file {filename!r}: {message}": "打不开“{filename}”：{message}",
    "{name} {filename!r} does not exist.": "找不到{name}“{filename}”",
    "{name} {filename!r} is a directory.": "“{filename}”是文件夹，不是{name}",
    "{name} {filename!r} is a file.": "“{filename}”是文件，不是{name}",
    "{name} {filename!r} is not executable.": "没有运行{name}“{filename}”的权限",
    "{name} {filename!r} is not readable.": "没有读{name}“{filename}”的权限",
    "{name} {filename!r} is not writable.": "没有写{name}“{filename}”的权限",
    # completion
    "Couldn't detect Bash version, shell completion is not supported.": "看不出 Bash 的版本，不能补全。",
    "Shell completion is not supported for Bash versions older than 4.4.": "Bash 4.4 以上才能补全。",
}


def speak() -> None:
    """From now on the modules of click that are loaded find our sentences where they look for a translation."""
    for name, module in [*sys.modules.items()]:
        if name.startswith("click."):
            for its_name, given, ours in (
                ("_", gettext.gettext, _one),
                ("ngettext", gettext.ngettext, _one_or_several),
            ):
                if getattr(module, its_name, None) is given:
                    setattr(module, its_name, ours)


def _one(sentence: str) -> str:
    return SENTENCES.get(sentence) or gettext.gettext(sentence)


def _one_or_several(one: str, several: str, count: int) -> str:
    return _one(one if count == 1 else several)
