"""Where graphs made of a model's weights are kept: they belong to a model, not to an index."""

from __future__ import annotations

import os
from pathlib import Path


def cache_folder() -> Path:
    """The folder for 8-bit graphs, in the user's cache folder."""
    return Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser() / "pagesight" / "int8"
