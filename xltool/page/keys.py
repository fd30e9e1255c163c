"""The key in an address that opens the page: good for one minute and once, so that whoever sees it later has nothing.

The token itself stands in no address: the list of processes shows the one that a browser was started with to every user
of a machine. Whoever knows the token, from the note of the running page, can make a key.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time

OPEN = "/open"
"""The only place that a key opens; all others want the token in a cookie."""

_SECONDS = 60


def key_of(token: str) -> str:
    """A new key."""
    ticket = f"{int(time.time())}-{secrets.token_hex(8)}"
    return f"{ticket}-{_seal(token, ticket)}"


class Keys:
    """The keys of one page."""

    def __init__(self, token: str) -> None:
        self._token = token
        self._used: set[str] = set()

    def opens(self, key: str) -> bool:
        """Whether the key is one of this page, not too old, and used for the first time."""
        ticket, _, seal = key.rpartition("-")
        if not hmac.compare_digest(seal.encode(), _seal(self._token, ticket).encode()) or ticket in self._used:
            return False
        self._used.add(ticket)
        return abs(time.time() - int(ticket.partition("-")[0])) <= _SECONDS


def _seal(token: str, ticket: str) -> str:
    return hmac.new(token.encode(), ticket.encode(), hashlib.sha256).hexdigest()
