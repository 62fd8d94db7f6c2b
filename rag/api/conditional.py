"""Whether what a client has is still what there is: If-None-Match of RFC 9110, 13.1.2."""

from __future__ import annotations

import re

_TAG = re.compile(r'(?:W/)?("[^"]*")')


def has_it(if_none_match: str | None, etag: str) -> bool:
    """By a request's header: ``*``, or a list with this tag. Tags are compared weakly, as the standard wants: a proxy
    that compresses a reply puts ``W/`` before its tag."""
    sent = (if_none_match or "").strip()
    return sent == "*" or etag in _TAG.findall(sent)
