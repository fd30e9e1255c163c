"""How much memory one process may take, so that a workbook that eats memory takes none from the others."""

from __future__ import annotations

import os
import sys
from pathlib import Path

_UNKNOWN = 4 << 30
"""Taken for the memory of a machine that does not say how much it has."""

if sys.platform == "win32":
    import ctypes
    from ctypes import wintypes

    class _State(ctypes.Structure):
        """MEMORYSTATUSEX."""

        _fields_ = (
            ("length", wintypes.DWORD),
            ("load", wintypes.DWORD),
            *((name, ctypes.c_uint64) for name in ("total", "free", "total_page", "free_page")),
            *((name, ctypes.c_uint64) for name in ("total_virtual", "free_virtual", "free_extended")),
        )

    class _Limits(ctypes.Structure):
        """JOBOBJECT_EXTENDED_LIMIT_INFORMATION; what stands before the limit of a process is written out flat."""

        _fields_ = (
            ("process_time", ctypes.c_int64),
            ("job_time", ctypes.c_int64),
            ("flags", wintypes.DWORD),
            ("smallest_working_set", ctypes.c_size_t),
            ("largest_working_set", ctypes.c_size_t),
            ("processes", wintypes.DWORD),
            ("affinity", ctypes.c_size_t),
            ("priority", wintypes.DWORD),
            ("scheduling", wintypes.DWORD),
            ("counters", ctypes.c_uint64 * 6),
            ("process_memory", ctypes.c_size_t),
            ("job_memory", ctypes.c_size_t),
            ("peak_process_memory", ctypes.c_size_t),
            ("peak_job_memory", ctypes.c_size_t),
        )

    _EXTENDED_LIMITS = 9
    _LIMIT_PROCESS_MEMORY = 0x100

    def machine() -> int:
        """The bytes of memory of this machine."""
        state = _State(length=ctypes.sizeof(_State))
        return state.total if ctypes.windll.kernel32.GlobalMemoryStatusEx(ctypes.byref(state)) else _UNKNOWN

    def limit(size: int) -> None:
        """Let this process take no more than so many bytes: more is a MemoryError."""
        kernel = ctypes.WinDLL("kernel32")
        kernel.CreateJobObjectW.restype = kernel.GetCurrentProcess.restype = wintypes.HANDLE
        kernel.SetInformationJobObject.argtypes = (wintypes.HANDLE, ctypes.c_int, ctypes.c_void_p, wintypes.DWORD)
        kernel.AssignProcessToJobObject.argtypes = (wintypes.HANDLE, wintypes.HANDLE)
        limits = _Limits(flags=_LIMIT_PROCESS_MEMORY, process_memory=size)
        job = kernel.CreateJobObjectW(None, None)
        kernel.SetInformationJobObject(job, _EXTENDED_LIMITS, ctypes.byref(limits), ctypes.sizeof(limits))
        kernel.AssignProcessToJobObject(job, kernel.GetCurrentProcess())

else:

    def machine() -> int:
        """The bytes of memory of this machine."""
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")

    def limit(size: int) -> None:
        """Let this process take no more than so many bytes on top of what it has: more is a MemoryError.

        Only where the system says how much it has: macOS heeds none of its limits.
        """
        import resource

        state = Path("/proc/self/statm")
        if not state.exists():
            return
        wanted = int(state.read_text("ascii").split()[5]) * os.sysconf("SC_PAGE_SIZE") + size
        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        resource.setrlimit(resource.RLIMIT_DATA, (wanted if hard < 0 else min(wanted, hard), hard))
