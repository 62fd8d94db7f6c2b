"""A file as an answer: sent whole, whatever ``Range`` asks for, as a server may (RFC 9110, 14.2).

Pictures of pages are some 100 KB, and nobody resumes one. To a range that cannot be, the framework (Starlette 1.10)
has an answer of its own, which is no JSON, and 400 where the range is to be ignored.
"""

from __future__ import annotations

from typing import Any

from starlette.responses import FileResponse

from rag.api.limits import Receive, Send


class WholeFile(FileResponse):
    """The file at a path; raises where it is not there, once it is sent."""

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> None:
        """Send it."""
        self.headers["accept-ranges"] = "none"
        asked = [(name, value) for name, value in scope["headers"] if name != b"range"]
        await super().__call__({**scope, "headers": asked}, receive, send)
