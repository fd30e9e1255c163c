"""The dialogs and processes of Windows, through its own libraries."""

from __future__ import annotations

import ctypes
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from xltool.addin.screen import TITLE

assert sys.platform == "win32"  # nobody else imports it

_user32 = ctypes.WinDLL("user32", use_last_error=True)
_kernel32 = ctypes.WinDLL("kernel32", use_last_error=True)
_user32.MessageBoxW.argtypes = (ctypes.c_void_p, ctypes.c_wchar_p, ctypes.c_wchar_p, ctypes.c_uint)
_user32.GetWindowThreadProcessId.argtypes = (ctypes.c_void_p, ctypes.c_void_p)
_kernel32.CreateMutexW.argtypes = (ctypes.c_void_p, ctypes.c_int, ctypes.c_wchar_p)
_kernel32.CreateMutexW.restype = ctypes.c_void_p
_kernel32.CloseHandle.argtypes = (ctypes.c_void_p,)

_OK, _YES_NO, _INFORMATION, _QUESTION, _TO_THE_FRONT = 0x0, 0x4, 0x40, 0x20, 0x10000
_YES = 6
_ALREADY_EXISTS = 183
_NO_CONSOLE = 0x08000000 | 0x00000200  # CREATE_NO_WINDOW, CREATE_NEW_PROCESS_GROUP

_STARTS = 4
"""Seconds in which a program says that it cannot start."""


class WindowsScreen:
    """Dialogs in front of a window of Excel."""

    def __init__(self, window: int) -> None:
        self._window = window

    def tell(self, text: str) -> None:
        """As `Screen`."""
        self._box(text, _OK | _INFORMATION)

    def ask(self, question: str) -> bool:
        """As `Screen`."""
        return self._box(question, _YES_NO | _QUESTION) == _YES

    def process_of(self, window: int) -> int:
        """As `Screen`."""
        process = ctypes.c_uint(0)
        _user32.GetWindowThreadProcessId(window, ctypes.byref(process))
        return process.value

    @contextmanager
    def alone(self, process: int) -> Iterator[bool]:
        """As `Screen`: a mutex goes with the process that made it, however that ends."""
        mutex = _kernel32.CreateMutexW(None, 0, f"Local\\xltool-addin-{process}")
        is_first = ctypes.get_last_error() != _ALREADY_EXISTS
        try:
            yield is_first
        finally:
            if mutex:
                _kernel32.CloseHandle(mutex)

    def start(self, command: Sequence[str]) -> str:
        """As `Screen`."""
        with tempfile.TemporaryFile() as complaints:
            process = subprocess.Popen(
                [*command],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=complaints,
                creationflags=_NO_CONSOLE,
            )
            try:
                code = process.wait(_STARTS)
            except subprocess.TimeoutExpired:
                return ""
            complaints.seek(0)
            told = complaints.read().decode("utf-8", "replace").strip()
            return told or f"“{command[0]}”没有启动（{code}）。" if code else ""

    def _box(self, text: str, style: int) -> int:
        """The answer; a window that is gone cannot own a dialog, which then stands alone."""
        for owner in (self._window, None):
            if answer := _user32.MessageBoxW(owner, text, TITLE, style | _TO_THE_FRONT):
                return int(answer)
        return 0
