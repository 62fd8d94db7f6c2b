"""One look at watched folders, and what follows for the index: :meth:`Follower.look`.

What is known of each file stands in the catalogue (:mod:`rag.storage.records.watched`), so a look after a pause finds
what has changed meanwhile. Its order of writes, so that a kill at any moment loses nothing: a file is noted as coming
before its document is added, and forgotten after its document was removed.

A file is taken when two looks see it alike, :data:`SETTLED` apart: one that is still being written is waited for. A
document is removed with its file only where it came into the library through watching, and where the file is gone for
certain: a folder that cannot be looked into, or that is empty as the place of an unmounted share is, keeps its
documents. A file that has moved is known by its content, and is not read again.
"""

from __future__ import annotations

import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import Literal, NamedTuple

from ingestion.elements import file_id
from rag.errors import BadSettings
from rag.index import Added, Index
from rag.storage.records import watched
from rag.storage.records.watched import WatchedFile
from rag.types import Progress, ReportProgress
from rag.watching.scan import Seen, Stamp, scan

SETTLED = 2.0  # seconds in which a file does not change before it is read
RETRY = 60.0  # seconds until a file is tried again that nothing is wrong with: the disk was full, the index in use
AT_ONCE = 16  # files given to the index together: they share its parsing processes, and are noted when all are in

What = Literal["added", "present", "replaced", "moved", "removed", "failed", "kept"]


class Followed(NamedTuple):
    """What became of a file: ``doc`` is its document's id, ``detail`` the reason or the place where it was before."""

    what: What
    path: Path
    doc: str = ""
    detail: str = ""


class Stopped(Exception):
    """Raised to leave a look in the middle; the next one goes on from there."""


class Follower:
    """Follows ``folders``, absolute paths. ``say`` hears what happens; ``stop`` ends a look at its next report."""

    def __init__(
        self,
        index: Index,
        folders: Sequence[Path],
        say: Callable[[Followed], None],
        stop: threading.Event,
        progress: ReportProgress | None = None,
        emptied: bool = False,
    ) -> None:
        self.index, self.folders = index, tuple(folders)
        self.problems: dict[Path, str] = {}
        self.count: dict[Path, int] = {}  # documents by folder, after the latest look
        self.coming: Mapping[Path, int] = {}  # files by folder that are seen and not read yet
        self._say, self._stop, self._progress, self._emptied = say, stop, progress, emptied
        self._seen: dict[Path, Seen] = {}
        self._looks: dict[Path, tuple[Stamp, float]] = {}  # files that may still be written, since when they are alike
        self._later: dict[Path, tuple[float, str]] = {}  # files to be tried again, when, and what was wrong
        self._vanished: set[Path] = set()  # reported as deleted, and not seen since
        self._missing: dict[Path, float] = {}  # files that are not seen, since when
        self._kept: set[Path] = set()  # folders whose documents are kept for now, which was said

    def look(self, vanished: Collection[Path] = ()) -> bool:
        """Do what follows from the folders as they are; whether something is still to be waited for.

        ``vanished`` are paths whose deletion the system has reported. Raises :class:`Stopped`, and what adding and
        removing raise where the whole index cannot be changed.
        """
        self._seen = {folder: scan(folder, self.index.root.resolve()) for folder in self.folders}
        files = {p: (f, stamp) for f in reversed(self.folders) for p, stamp in self._seen[f].files.items()}
        rows = self._rows()
        ready = [path for path, (_, stamp) in files.items() if self._is_new(path, stamp, rows.get(path, ()))]
        self.coming = Counter(files[path][0] for path in {*ready, *self._looks} if path in files)
        missing = [row for path, own in rows.items() if path not in files for row in own]
        self._vanished = {path for path in self._vanished.union(vanished) if path not in files}
        doubts = {row: self._doubt(row) for row in missing}
        gone = self._gone([row for row in missing if not doubts[row]])
        self._take([(path, *files[path]) for path in ready], gone)
        self._forget(self._still_noted(gone))
        self._looks = {path: look for path, look in self._looks.items() if path in files}
        self.coming = Counter(files[path][0] for path in self._looks)
        self._later = {path: later for path, later in self._later.items() if path in files}
        self._note([(row, doubt) for row, doubt in doubts.items() if doubt])
        return bool(self._looks or self._missing)

    def _gone(self, missing: Sequence[WatchedFile]) -> list[WatchedFile]:
        """Those that are gone for a while, as many programs replace a file by deleting it first, and that may not be
        what has come elsewhere and is not read yet: a move."""
        now, sizes = time.monotonic(), {stamp.size for stamp, _ in self._looks.values()}
        self._missing = {Path(row.path): self._missing.get(Path(row.path), now) for row in missing}
        gone = [row for row in missing if now - self._missing[Path(row.path)] >= SETTLED and row.size not in sizes]
        for row in gone:
            self._missing.pop(Path(row.path), None)
        return gone

    def _rows(self) -> dict[Path, list[WatchedFile]]:
        rows: dict[Path, list[WatchedFile]] = defaultdict(list)
        for row in watched.listed(self.index.catalogue):
            if Path(row.folder) in self.folders:
                rows[Path(row.path)].append(row)
        return rows

    def _still_noted(self, gone: Sequence[WatchedFile]) -> list[WatchedFile]:
        """Those that are: a file that has moved is noted elsewhere by now."""
        there = set(watched.listed(self.index.catalogue)) if gone else set()
        return [row for row in gone if row in there]

    def _is_new(self, path: Path, stamp: Stamp, rows: Sequence[WatchedFile]) -> bool:
        """Whether it is to be taken now: its content may be another one, and it has settled."""
        now = time.monotonic()
        same = [row for row in rows if (row.size, row.changed) == stamp[:2] and row.state != "coming"]
        if same:
            moved = [row._replace(device=stamp.device) for row in same if row.device != stamp.device]
            if moved:  # the same share, mounted anew
                watched.change(self.index.catalogue, moved)
            self._looks.pop(path, None)
            return False
        if path in self._later and now < self._later[path][0]:
            return False
        before, since = self._looks.get(path, (None, now))
        if before != stamp:
            self._looks[path] = stamp, now
            return False
        if now - since < SETTLED:
            return False
        del self._looks[path]
        return True

    def _doubt(self, row: WatchedFile) -> str:
        """Why a file that is not seen may be there after all; empty where it is gone for certain."""
        path, folder = Path(row.path), Path(row.folder)
        seen = self._seen[folder]
        above = [path, *(parent for parent in path.parents if parent == folder or folder in parent.parents)]
        for place in above:
            if place in seen.problems:
                return seen.problems[place]
        empty = next((place for place in above[1:] if place in seen.empty), None)
        if empty is None or self._emptied:
            return ""
        reported = any(place in self._vanished for place in above) and seen.empty[empty] == row.device
        if reported or (empty != folder and seen.empty[empty] == row.device):
            return ""
        return f"{empty} is empty, as where a disk or share is not connected."

    # -- files that came or changed ----------------------------------------------------------------------------------

    def _take(self, ready: Sequence[tuple[Path, Path, Stamp]], gone: Collection[WatchedFile]) -> None:
        todo, gone, rows = list[WatchedFile](), frozenset(gone), self._rows() if ready else {}
        for path, folder, stamp in ready:
            self._check()
            try:
                doc, after = file_id(path), path.stat()
            except OSError as exc:
                self._try_later(path, f"{path.name} cannot be read ({exc.strerror}); check its permissions")
                continue
            if (after.st_size, after.st_mtime_ns) != stamp[:2]:
                self._looks[path] = Stamp(after.st_size, after.st_mtime_ns, after.st_dev), time.monotonic()
                continue
            row = WatchedFile(str(path), doc, str(folder), *stamp, owned=False, state="coming")
            if not self._is_known(row, rows.get(path, ()), gone):
                todo.append(row)
        for start in range(0, len(todo), AT_ONCE):
            self._add(todo[start : start + AT_ONCE])

    def _is_known(self, row: WatchedFile, before: Sequence[WatchedFile], gone: Collection[WatchedFile]) -> bool:
        """Whether its document is there through this file, which had the rows ``before``, or through one that has moved
        here; noted, then."""
        there = [r for r in watched.of_document(self.index.catalogue, row.doc) if r.state == "there"]
        if not there or not self.index.catalogue.has(row.doc):
            return False
        here = next((other for other in there if other.path == row.path), None)
        source = here or next((other for other in there if other in gone), None)
        if source is None:
            return False
        others = [other for other in before if other != source]
        watched.change(self.index.catalogue, [row._replace(owned=source.owned, state="there")], [source])
        if here is None:
            self._say(Followed("moved", Path(row.path), row.doc, source.path))
        self._forget(others)
        return True

    def _add(self, todo: Sequence[WatchedFile]) -> None:
        rows, catalogue = self._rows(), self.index.catalogue
        coming, docs = {Path(row.path): row for row in todo}, set[str]()
        for path, row in coming.items():
            noted = next((r for r in rows.get(path, ()) if r.doc == row.doc and r.state == "coming"), None)
            mine = noted.owned if noted else row.doc not in docs and not catalogue.has(row.doc)
            coming[path] = row._replace(owned=mine)
            docs.add(row.doc)
        watched.change(catalogue, coming.values())
        for added in self.index.add(list(coming), progress=self._report):
            self._added(added, coming[added.path], rows.get(added.path, ()))

    def _added(self, added: Added, row: WatchedFile, before: Sequence[WatchedFile]) -> None:
        path, catalogue = added.path, self.index.catalogue
        done = row._replace(doc=added.doc_id or row.doc)
        if added.status == "failed":
            problem = added.error.replace(str(path), path.name)
            done = done._replace(owned=False, state="failed", problem=problem)
            watched.change(catalogue, [] if added.again else [done], [row])
            if added.again:
                self._try_later(path, problem)
            else:
                self._say(Followed("failed", path, done.doc, problem))
            return
        watched.change(catalogue, [done._replace(state="there", owned=row.owned or added.status == "added")], [row])
        self._later.pop(path, None)
        old = [other for other in before if other.doc != done.doc]
        new = added.status == "added" or row.owned
        self._say(Followed("replaced" if old else "added" if new else "present", path, done.doc))
        self._forget(old)

    def _try_later(self, path: Path, problem: str) -> None:
        self._say(Followed("failed", path, "", problem))
        self._later[path] = time.monotonic() + RETRY, problem

    # -- files that have gone ----------------------------------------------------------------------------------------

    def _forget(self, gone: Sequence[WatchedFile]) -> None:
        for row in gone:
            self._check()
            others = [r for r in watched.of_document(self.index.catalogue, row.doc) if r.path != row.path]
            heirs = [r._replace(owned=True) for r in others if r.state == "there"][: int(row.owned)]
            if row.owned and not others and self.index.catalogue.has(row.doc):
                self.index.remove(row.doc)
                self._say(Followed("removed", Path(row.path), row.doc))
            watched.change(self.index.catalogue, heirs, [row])

    # -- what is told ------------------------------------------------------------------------------------------------

    def _note(self, doubts: Sequence[tuple[WatchedFile, str]]) -> None:
        """Write down the problems; that a folder cannot be followed is said when it begins."""
        rows = [row for own in self._rows().values() for row in own]
        self.count = {f: len({r.doc for r in rows if r.folder == str(f) and r.state == "there"}) for f in self.folders}
        problems = {path: text for seen in self._seen.values() for path, text in seen.problems.items()}
        problems.update({Path(row.path): row.problem for row in rows if row.problem})
        problems.update({path: problem for path, (_, problem) in self._later.items()})
        reasons: dict[Path, tuple[str, set[str]]] = {}
        for row, reason in doubts:
            reasons.setdefault(Path(row.folder), (reason, set()))[1].add(row.doc)
        for folder, (reason, docs) in reasons.items():
            known = f"{len(docs)} documents from there stay in the library."
            known = known if len(docs) > 1 else "1 document from there stays in the library."
            problems[folder] = f"{reason} {known}"
        away = {folder for folder in self.folders if folder in problems}
        for folder in sorted(away - self._kept):
            self._say(Followed("kept", folder, "", problems[folder]))
        self._kept, self.problems = away, problems

    def _report(self, progress: Progress) -> None:
        self._check()
        if self._progress is not None:
            self._progress(progress)

    def _check(self) -> None:
        if self._stop.is_set():
            raise Stopped


def absolute(folders: Sequence[Path], index: Path) -> list[Path]:
    """The folders to watch, each once. Raises :class:`BadSettings` for one that is a file, or lies in the index."""
    found = [Path(folder).expanduser().absolute() for folder in folders]
    for folder in found:
        if folder.is_file():
            raise BadSettings(f"{folder} is a file; name the folder that it is in, or add it with `python -m rag add`")
        if folder.resolve().is_relative_to(index.resolve()):
            raise BadSettings(f"{folder} is inside the index {index}; watch the folder where the files come from")
    return list(dict.fromkeys(found))
