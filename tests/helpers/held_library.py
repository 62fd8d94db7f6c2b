"""A library and a model that wait until a test lets them go on: what is running is on the page meanwhile."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rag.types import Progress
from ui.state.backend import Library


class Told:
    """A model that says what the test gives it, and waits at the end until it is let go."""

    name = "told"

    def __init__(self) -> None:
        self.text = ""
        self.go = threading.Event()

    def sees_pictures(self) -> bool:
        return False

    def stream(self, messages: object) -> Iterator[str]:
        for line in self.text.splitlines(keepends=True):
            yield line
            time.sleep(0.005)
        assert self.go.wait(120)
        yield " Over."


class Held(Library):
    """A library whose pictures are read, and whose documents are added, only once the test lets them."""

    def __init__(self, library: Library, model: Told) -> None:
        super().__init__(library.index, model, library.settings)
        self.go = threading.Event()

    def ask(self, query: Any, history: Any) -> Any:
        if query.image is not None:
            assert self.go.wait(120)
        return super().ask(query, history)

    def add(self, path: Path, password: str | None, report: Any) -> Any:
        report(Progress(path.name, "reading", 3, 9))
        assert self.go.wait(120)
        return super().add(path, password, report)
