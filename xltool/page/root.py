"""Where all of the page lies: below a folder that nobody can guess, and the browser sends the cookie there alone.

Browsers keep the cookies of all ports of a machine together: to a page that another user of it serves they would send
ours too. That page cannot ask for this folder, for it does not know it.
"""

from __future__ import annotations

import hashlib
import hmac
from contextvars import ContextVar

ROOT: ContextVar[str] = ContextVar("root")
"""That of the request that is being answered."""


def root_of(token: str) -> str:
    """The folder of the page that has this token; it tells nothing of the token."""
    return "/" + hmac.new(token.encode(), b"root", hashlib.sha256).hexdigest()[:32]


def rooted(place: str) -> str:
    """The address of a place of the page, "/check"."""
    return ROOT.get() + place
