"""Folders that the app follows (``PAGESIGHT_WATCH``): a thread beside the server, and what the page says of it."""

from __future__ import annotations

import logging
import os
import threading
from pathlib import Path

from ingestion.errors import IngestionError
from rag.config import Settings
from rag.errors import IndexBusy, RagError
from rag.index import Index
from rag.service.priority import give_way
from rag.service.rights import Rights
from rag.types import Progress
from rag.watching.follow import Followed, Follower, Stopped, absolute
from ui.words.language import told, told_each, tr

SHOWN = 20  # problems that the page lists
RETRY = 60.0  # seconds until folders are followed that another process follows now
log = logging.getLogger(__name__)


class Watching:
    """The folders of the settings. Paths of the server are not told: a folder by its name, a file within it."""

    def __init__(self, index: Index, settings: Settings) -> None:
        """Raises :class:`BadSettings` for a folder that cannot be watched."""
        named = [Path(part) for part in settings.watch.split(os.pathsep) if part.strip()]
        self.folders = absolute(named, settings.index)
        self._stop, self._problem = threading.Event(), ""
        self._now: Progress | None = None
        self._follower = Follower(index, self.folders, self._heard, self._stop, self._reading)
        self._index, self._rights = index, Rights(index.catalogue)
        self._thread = threading.Thread(target=self._run, name="watching", daemon=True)

    def start(self) -> None:
        """Begin, where there is anything to follow."""
        if self.folders:
            self._thread.start()

    def stop(self, seconds: float) -> None:
        """End, and wait for what runs to leave the index in order."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(seconds)

    def news(self) -> dict[str, object]:
        """For every open page: one line, and the problems; nothing where nothing is watched, or where it would name
        files to somebody who may not see all documents."""
        if not self.folders or self._rights.restricts():
            return {"line": "", "problems": []}
        names = ", ".join(f"{folder.name} ({self._count(folder)})" for folder in self.folders)
        problems = [self._said(path, text) for path, text in sorted(self._follower.problems.items())]
        problems = [told(self._problem), *problems] if self._problem else problems
        more = [tr("and {count} more", count=len(problems) - SHOWN)] if len(problems) > SHOWN else []
        now = f" · {told(self._now.stage)} {self._now.name}" if self._now else ""
        return {"line": tr("Watched: {folders}", folders=names) + now, "problems": problems[:SHOWN] + more}

    def _count(self, folder: Path) -> str:
        count, coming = self._follower.count.get(folder), self._follower.coming.get(folder, 0)
        if count is None:
            return tr("being looked at")
        known = tr("{count} documents", count=count)
        return f"{known}, {tr('{count} waiting', count=coming)}" if coming else known

    def _said(self, path: Path, text: str) -> str:
        """A problem, after the place that it is about, where its own words do not begin with that."""
        place, text = self._place(path), self._told(text)
        said = told_each(text)
        return said if text.startswith(f"{place} ") else f"{place}: {said}"

    def _place(self, path: Path) -> str:
        folder = next((folder for folder in self.folders if path == folder or folder in path.parents), None)
        return str(Path(folder.name, path.relative_to(folder))) if folder else path.name

    def _told(self, text: str) -> str:
        for folder in sorted(self.folders, key=lambda folder: -len(str(folder))):
            text = text.replace(str(folder), folder.name)
        return text

    def _heard(self, followed: Followed) -> None:
        self._now = None
        log.info("watched folder: %s %s %s", followed.what, followed.path, followed.detail)

    def _reading(self, progress: Progress) -> None:
        self._now = progress

    def _run(self) -> None:
        from rag.watching.watch import Watcher, alone

        give_way()
        while not self._stop.is_set():
            try:
                with alone(self._index):
                    self._problem = ""
                    Watcher(self._follower, self._stop).run(self._looked)
            except Stopped:
                return
            except (RagError, IngestionError, OSError) as exc:
                self._problem = self._told(str(exc))
                if not isinstance(exc, IndexBusy):
                    log.warning("watched folders: %s", exc)
            except Exception as exc:  # a thread of ours: nothing above it could tell
                log.exception("watching folders failed")
                self._problem = f"An internal error ({type(exc).__name__}); details are on the console."
            self._stop.wait(RETRY)

    def _looked(self, problem: str) -> None:
        self._now, self._problem = None, self._told(problem)
