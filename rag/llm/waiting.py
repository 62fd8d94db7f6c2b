"""How long a server that is busy asks to wait before it is asked again."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from email.utils import parsedate_to_datetime


def asked_wait(headers: Mapping[str, str]) -> float | None:
    """Seconds that a server asks to wait, given as such, in milliseconds or as a date; None where it does not say."""
    said, thousandths = headers.get("retry-after", "").strip(), headers.get("retry-after-ms", "").strip()
    try:
        wait = float(thousandths) / 1000 if thousandths else float(said)
    except ValueError:
        try:
            wait = parsedate_to_datetime(said).timestamp() - time.time()
        except (ValueError, OverflowError):
            return None
    return max(0.0, wait) if math.isfinite(wait) else None
