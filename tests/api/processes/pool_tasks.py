"""What the processes of a pool do in tests: some of it ends them."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path


def work(order: str) -> str:
    """Do what the first word says; the second is what comes back."""
    what, _, answer = order.partition(" ")
    if what == "exit":
        os._exit(3)
    if what == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    if what == "raise":
        raise RuntimeError(answer)
    if what == "hang":
        time.sleep(600)
    if what == "swallow":
        bytearray(1 << 40)
    if what == "devour":
        return str(len([bytearray(1 << 20) for _ in range(4096)]))
    if what == "print":
        print(answer, flush=True)
        os.write(1, answer.encode())
    if what == "leave":
        sys.exit(0)
    if what == "touch":
        Path(answer).touch()
    if what == "large":
        return answer * 1_000_000
    if what == "process":
        return str(os.getpid())
    time.sleep(float(what) if what.replace(".", "").isdigit() else 0)
    return answer
