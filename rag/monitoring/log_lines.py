"""The log as lines of JSON on standard error, one per event, for programs that collect lines.

    {"time": "2026-11-29T16:02:11.372Z", "level": "INFO", "logger": "pagesight.stages",
     "request": "5f…", "stage": "search", "seconds": 0.031, "hits": 28}

Without it warnings and errors alone are written, in plain words, as Python does.
"""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime
from typing import TextIO

from rag.monitoring import requests

OWN = "pagesight"
"""Of these logs everything from INFO on is written, of all others warnings and errors."""

_content = False


def content_wanted() -> bool:
    """Whether words of questions and answers may stand in the log."""
    return _content


def write_lines(to: TextIO | None = None, content: bool = False) -> None:
    """From now on. ``content``: with the words of questions and answers."""
    global _content
    _content = content
    handler = logging.StreamHandler(to or sys.stderr)
    handler.setFormatter(Lines())
    root = logging.getLogger()
    for before in [one for one in root.handlers if isinstance(one.formatter, Lines)]:
        root.removeHandler(before)
    root.addHandler(handler)
    logging.getLogger(OWN).setLevel(logging.INFO)


class Lines(logging.Formatter):
    """A record as one line of JSON; its facts where it has some, else its words."""

    def format(self, record: logging.LogRecord) -> str:
        """Never more than one line, whatever the record holds."""
        said: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")[:-6] + "Z",
            "level": record.levelname,
            "logger": record.name,
        }
        number = requests.number()
        said |= {"request": number} if number else {}
        facts = getattr(record, "facts", None)
        said |= facts if isinstance(facts, dict) else {"message": record.getMessage()}
        if record.exc_info and record.exc_info[0] is not None:
            said["error"], said["traceback"] = record.exc_info[0].__name__, self.formatException(record.exc_info)
        return json.dumps(said, ensure_ascii=False, default=str)
