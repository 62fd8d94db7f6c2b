"""SIGKILL at random moments of everything that changes an index, each time followed by a look at the whole of it.

    python benchmarks/kill.py [--kills 200] [--seed N] [--index DIR] [--only add,remove,…]

A process of its own does one kind of work over and over (add, remove, take back, purge, reindex, switch, chat, watch,
backup, copy, align) on one index that lives through all kills, and says what it has done; with what it started it is
killed after a random time. Then the index has to open, everything that was said to be done is there, once and whole,
what was being done is done or not, every document is found by its own words, and nothing is left over. Exit 0 if it
was so each time.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import psutil  # noqa: E402
from reportlab.pdfgen.canvas import Canvas  # noqa: E402

from rag.alignment.align import shorten  # noqa: E402
from rag.config import Settings, quiet  # noqa: E402
from rag.encoders import projection  # noqa: E402
from rag.index import Index  # noqa: E402
from rag.storage import trash  # noqa: E402
from rag.storage.copies.backup import back_up  # noqa: E402
from rag.storage.copies.backup_file import restore  # noqa: E402
from rag.storage.copies.library_copy import copy_to_folder  # noqa: E402
from rag.storage.files.parts_cache import CACHE  # noqa: E402
from rag.storage.integrity import faults  # noqa: E402
from rag.storage.records import conversations, stored_parts  # noqa: E402
from rag.storage.tables.library import ALIGNMENTS, CATALOGUE  # noqa: E402
from rag.text.chunk_text import searchable_text  # noqa: E402

LONGEST = {"chat": 2.0, "add": 6.0, "watch": 6.0}  # processor seconds of work before a kill; others:
SHORT = 1.2
WATCHED = 12.0  # seconds after which a worker is killed that has not used them: it waits
LOOK = 0.003  # seconds between two looks at what it has used
START = 120.0  # seconds in which a worker has to begin
STOCK = 8  # documents at the beginning
SEARCHED = 3  # documents looked for after every kill
OWNER = "kill"
TOPICS = ("drain pump", "door seal", "heater", "inlet valve", "tray", "control board", "spin motor", "belt")


# -- the worker, which is killed -------------------------------------------------------------------------------------


def pdf(folder: Path, number: int) -> Path:
    """A manual of two pages that has its like nowhere."""
    path = folder / f"manual-{number}.pdf"
    canvas = Canvas(str(path), invariant=1)
    for page in (1, 2):
        canvas.setFont("Helvetica-Bold", 16)
        canvas.drawString(72, 760, f"{page}. The {TOPICS[(number + page) % len(TOPICS)]} of model {number}")
        canvas.setFont("Helvetica", 11)
        for line in range(6):
            canvas.drawString(
                72, 720 - 16 * line, f"Step {line}: turn screw {number}-{page}{line} and wait {line} min."
            )
        canvas.showPage()
    canvas.save()
    return path


def say(*words: object) -> None:
    print(*words, flush=True)


def _settings(root: Path) -> Settings:
    """With ``PAGESIGHT_STORE_URL`` the catalogue is in PostgreSQL, where its schema must be a new one; with
    ``PAGESIGHT_FILES`` the files are at that address, which must be a new one, too."""
    url, files = os.environ.get("PAGESIGHT_STORE_URL", ""), os.environ.get("PAGESIGHT_FILES", "")
    return Settings(index=root, encoder="builtin", words="static", workers=1, store_url=url, files=files)


def work(kind: str, root: Path, seed: int) -> None:
    """Until killed. Lines on stdout: what begins, and what is done."""
    quiet()
    chance = random.Random(seed)
    settings = _settings(root)
    with Index.open(settings, create=True) as index:
        index.check_encoder()
        steps = {
            "add": _add, "remove": _remove, "reindex": _reindex, "switch": _switch, "chat": _chat, "watch": _watch,
            "backup": _backup, "copy": _copy, "align": _align,
        }[kind](index, chance)  # fmt: skip
        say("ready")
        for _ in steps:
            pass


def _add(index: Index, chance: random.Random) -> Iterator[None]:
    with tempfile.TemporaryDirectory() as folder:
        while True:
            paths = [pdf(Path(folder), chance.randrange(10**9)) for _ in range(2)]
            for added in index.add(paths):
                assert added.status == "added", added.error
                say("in", added.doc_id)
            yield


def _remove(index: Index, chance: random.Random) -> Iterator[None]:
    """Remove, take back, and now and then delete for good."""
    while True:
        ids, rows = list(index.catalogue.ids()), trash.listed(index)
        if rows and (len(ids) < STOCK // 2 or chance.random() < 0.5):
            row = chance.choice(rows)
            if len(ids) + len(rows) > STOCK and chance.random() < 0.3:
                say("purging", row.id)
                index.empty_trash([row.id])
                say("gone", row.id)
            else:
                say("moving", row.id)
                index.restore(row.id)
                say("in", row.id)
        elif ids:
            doc = chance.choice(ids)
            for_good = len(ids) + len(rows) > STOCK and chance.random() < 0.2
            say("purging" if for_good else "moving", doc)
            index.remove(doc, keep=not for_good)
            say("gone" if for_good else "out", doc)
        yield


def _reindex(index: Index, chance: random.Random) -> Iterator[None]:
    while True:
        index.reindex("builtin", "static", keep=chance.choice((0, 1, 2)))
        say("generation", index.generation.id)
        yield


def _switch(index: Index, chance: random.Random) -> Iterator[None]:
    if not index.catalogue.previous():
        index.reindex("builtin", "static")
    while True:
        say("generation", index.rollback().id)
        yield


def _chat(index: Index, chance: random.Random) -> Iterator[None]:
    from rag.service.asking import Asking, Begun, Question
    from rag.service.conversations import KeptConversations
    from rag.service.library import Documents

    asking = Asking(Documents(index, None, index.settings), KeptConversations(index.catalogue))
    conversation = ""
    while True:
        begun = None
        for event in asking.ask(
            OWNER, Question(f"How is the {chance.choice(TOPICS)} mended?", conversation=conversation)
        ):
            begun = event if isinstance(event, Begun) else begun
            yield
        assert begun is not None
        say("answered", begun.conversation, begun.answer)
        conversation = begun.conversation if chance.random() < 0.8 else ""


def _watch(index: Index, chance: random.Random) -> Iterator[None]:
    from rag.watching.follow import Followed, Follower

    folder = index.root.with_name("watched")
    folder.mkdir(exist_ok=True)

    def heard(followed: Followed) -> None:
        if followed.doc:
            say("moving", followed.doc)

    follower = Follower(index, [folder], heard, threading.Event(), lambda step: None, False)
    while True:
        files = sorted(folder.iterdir())
        for path in chance.sample(files, len(files) // 2):
            path.unlink()
        pdf(folder, chance.randrange(10**9))
        until = time.monotonic() + 6
        while follower.look() and time.monotonic() < until:
            time.sleep(0.2)
            yield


def _backup(index: Index, chance: random.Random) -> Iterator[None]:
    while True:
        target = index.root.with_name("library.backup")
        assert back_up(index, target, lambda step: None).problems == ()
        say("backup", target)
        yield


def _copy(index: Index, chance: random.Random) -> Iterator[None]:
    """A copy that is whole is deleted before the next; one that was cut is taken up."""
    target, before = index.root.with_name("copy"), index.root.with_name("copy before")
    while True:
        shutil.rmtree(before, ignore_errors=True)
        if (target / CATALOGUE).exists():
            target.rename(before)  # deleting it may be killed
        copy_to_folder(index, target, lambda step: None)
        yield


def _align(index: Index, chance: random.Random) -> Iterator[None]:
    while True:
        shorten(index, "words", chance.choice((16, 32, 64)), index.root / ALIGNMENTS / "words.safetensors")
        yield


# -- the inspector ---------------------------------------------------------------------------------------------------


class Turn(NamedTuple):
    conversation: str
    id: str


class Known:
    """What the workers have said: where each document may be, and what was answered."""

    def __init__(self) -> None:
        self.places: dict[str, set[str]] = {}
        self.turns: set[Turn] = set()
        self.backed_up = False

    def hear(self, line: str) -> None:
        word, *rest = line.split()
        allowed = {
            "in": {"index"}, "out": {"trash"}, "gone": {"gone"}, "moving": {"index", "trash", "gone"},
            "purging": {"index", "trash", "gone"},
        }  # fmt: skip
        if word == "moving" and rest[0] in self.places and self.places[rest[0]] != {"gone"}:
            self.places[rest[0]] = {"index", "trash"}
        elif word in allowed:
            self.places[rest[0]] = allowed[word]
        elif word == "answered":
            self.turns.add(Turn(*rest))
        elif word == "backup":
            self.backed_up = True

    def wrong(self, index: Index, chance: random.Random) -> Iterator[str]:
        """Whatever is not as it should be; what is there from now on counts as known."""
        index.settle()
        yield from (fault.text for fault in faults(index, thorough=True))
        committed, rows = list(index.catalogue.ids()), [row.id for row in trash.listed(index)]
        if twice := [doc for doc, times in Counter([*committed, *rows]).items() if times > 1]:
            yield f"twice: {twice}"
        there = {**dict.fromkeys(rows, "trash"), **dict.fromkeys(committed, "index")}
        for doc, allowed in self.places.items():
            if there.get(doc, "gone") not in allowed:
                yield f"{doc[:12]} should be in {sorted(allowed)} and is in {there.get(doc, 'gone')}"
        self.places = {doc: {place} for doc, place in there.items()}
        yield from self._conversations(index)
        yield from (f"{doc[:12]} is not found" for doc in _some(chance, committed) if not found(index, doc))
        yield from _leftovers(index)

    def _conversations(self, index: Index) -> Iterator[str]:
        kept: dict[str, list[str]] = defaultdict(list)
        for row in conversations.listed(index.catalogue, OWNER, limit=100_000):
            for turn in conversations.read(index.catalogue, OWNER, row.id):
                kept[turn.id].append(row.id)
                if Turn(row.id, turn.id) in self.turns and (turn.status != "done" or not turn.text):
                    yield f"the answer {turn.id} was told and is {turn.status}"
        yield from (f"the answer {turn.id} is lost" for turn in self.turns if turn.id not in kept)
        yield from (
            f"the answer {turn} is there {len(places)} times" for turn, places in kept.items() if len(places) > 1
        )

    def backup(self, index: Index) -> Iterator[str]:
        """The file of the last backup that was told, or none at all."""
        target = index.root.with_name("library.backup")
        if not target.exists():
            yield from ["the backup is lost"] if self.backed_up else []
            return
        with tempfile.TemporaryDirectory() as folder:
            done = restore(target, Path(folder) / "index", False, lambda step: None)
            with Index.open(Settings(index=done.folder, encoder="builtin", words="static")) as again:
                again.settle()
                yield from (f"restored: {fault.text}" for fault in faults(again, thorough=True))
                if len(again.catalogue.ids()) != done.contents.documents:
                    yield "the backup has other documents than it says"

    def copy(self, index: Index) -> Iterator[str]:
        """What has become an index is the library of one moment; it had these documents whenever that was."""
        target = index.root.with_name("copy")
        if not (target / CATALOGUE).exists():
            return
        with Index.open(Settings(index=target, encoder="builtin", words="static")) as again:
            again.settle()
            yield from (f"copied: {fault.text}" for fault in faults(again, thorough=True))
            if sorted(again.catalogue.ids()) != sorted(index.catalogue.ids()):
                yield "the copy has other documents"

    def projection(self, index: Index) -> Iterator[str]:
        """Whole, or not there."""
        for path in (index.root / ALIGNMENTS).glob("*.safetensors"):
            projection.read(path)
        yield from ()


def _some(chance: random.Random, ids: list[str]) -> list[str]:
    return chance.sample(sorted(ids), min(SEARCHED, len(ids)))


def found(index: Index, doc_id: str) -> bool:
    """Whether a passage of the document is found, by its own vector, in the whole library."""
    texts = [chunk for chunk in index.catalogue.chunks_of(doc_id, kinds=["text"]) if len(chunk.text) > 40]
    if not texts:
        return True
    question = index.encoder.embed_texts(index.encoder.windows(searchable_text(texts[0]))[:1])[0]
    best = index.vectors.nearest(question, 20, "text")
    return texts[0].id in best.chunks or max(best.scores, default=0.0) > 0.999


def _leftovers(index: Index) -> Iterator[str]:
    known = {generation.label for generation in index.catalogue.generations()}
    for place in ("staging", "backup"):
        if (index.root / place).is_dir() and (place == "backup" or any((index.root / place).iterdir())):
            yield f"{place} is left over"
    vectors = (index.root / "vectors").glob("*")
    yield from (f"vectors/{p.name} is left over" for p in vectors if p.name not in known)
    if index.elsewhere is not None:
        index.elsewhere.sweep()
        yield from (f"{name} is left over" for name in index.elsewhere.unknown())
        with index.catalogue.reading() as db:
            yield from (f"{part} is not deleted" for part in stored_parts.in_state(db, stored_parts.GONE))
    yield from (f"incoming/{p.name} is left over" for p in (index.root / "incoming").glob("*") if p.is_dir())
    unfinished = {g.label for g in index.catalogue.generations() if g.state == "building"}  # taken up by the next run
    parts = (
        p
        for p in index.root.rglob("*.part")
        if p.parent.name not in unfinished and p.relative_to(index.root).parts[0] != CACHE  # may be deleted any time
    )
    yield from (f"{p} is left over" for p in parts)


# -- the rounds ------------------------------------------------------------------------------------------------------


def kill(kind: str, root: Path, seed: int, seconds: float, known: Known) -> str:
    """Have a worker begin, kill it and all it started; why it ended by itself, if it did."""
    command = [sys.executable, __file__, "--work", kind, "--index", str(root), "--seed", str(seed)]
    with tempfile.TemporaryFile() as errors:
        child = subprocess.Popen(
            command, cwd=ROOT, stdout=subprocess.PIPE, stderr=errors, text=True, start_new_session=True
        )
        assert child.stdout is not None
        lines = child.stdout
        begun = threading.Event()

        def listen() -> None:
            for line in lines:
                if line == "ready\n":
                    begun.set()
                elif line.endswith("\n"):  # the last one may have been cut
                    known.hear(line)

        listener = threading.Thread(target=listen)
        listener.start()
        begun.wait(START)
        _let_work(child.pid, seconds)
        ended = child.poll()
        os.killpg(child.pid, signal.SIGKILL) if ended is None else None
        child.wait()
        listener.join()
        errors.seek(0)
        if ended is not None:
            return f"it ended by itself: {errors.read()[-400:]!r}"
        return "" if begun.is_set() else f"it had not begun after {START:.0f} s"


def _let_work(pid: int, seconds: float) -> None:
    """Until it and what it started have used so much of a processor: as far on a busy machine as on another."""
    try:
        worker = psutil.Process(pid)
        goal, until = _used(worker) + seconds, time.monotonic() + WATCHED
        while time.monotonic() < until and _used(worker) < goal:
            time.sleep(LOOK)
    except psutil.NoSuchProcess:
        return


def _used(worker: psutil.Process) -> float:
    total = 0.0
    for process in (worker, *worker.children(recursive=True)):
        with contextlib.suppress(psutil.NoSuchProcess):
            total += sum(process.cpu_times()[:2])
    return total


def run(root: Path, kinds: list[str], kills: int, seed: int) -> int:
    """Rounds that were not as they should be."""
    chance, known, failed, begun = random.Random(seed), Known(), 0, time.monotonic()
    settings = _settings(root)
    with tempfile.TemporaryDirectory() as folder, Index.open(settings, create=True) as index:
        for added in index.add([pdf(Path(folder), number) for number in range(STOCK)]):
            known.places[added.doc_id] = {"index"}
    counts: Counter[str] = Counter()
    for number in range(kills):
        kind = kinds[number % len(kinds)]
        seconds = chance.uniform(0.0, LONGEST.get(kind, SHORT))
        if kind == "watch":  # takes what lies in its folder back out of the trash, and may be killed before it says so
            known.places = {doc: places | {"index", "trash"} for doc, places in known.places.items()}
        problem = kill(kind, root, chance.randrange(10**9), seconds, known)
        wrong = [problem] if problem else []
        _as_of_yesterday([*root.glob("*.part"), *(root / ALIGNMENTS).glob("*.part")])
        try:
            with Index.open(settings) as index:
                wrong += known.wrong(index, chance)
                looks = {"backup": known.backup, "copy": known.copy, "align": known.projection}
                wrong += looks[kind](index) if kind in looks else []
        except Exception as exc:  # that it opens and can be looked at is what is tried
            wrong.append(f"{type(exc).__name__}: {exc}")
        failed += bool(wrong)
        counts[kind] += 1
        state = f"{len(known.places)} documents, {len(known.turns)} answers"
        print(f"{number + 1:3} {kind:8} {seconds:4.1f} s  {state}  {'; '.join(wrong) or 'whole'}", flush=True)
    print(f"{kills - failed} of {kills} whole ({dict(counts)}), seed {seed}, {time.monotonic() - begun:.0f} s")
    return failed


def _as_of_yesterday(paths: Iterable[Path]) -> None:
    """Files that are half written are cleared after an hour."""
    for path in paths:
        os.utime(path, (time.time() - 86_400,) * 2)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--index", type=Path, help="a folder that is made (default: a temporary one, deleted)")
    parser.add_argument("--only", default="add,remove,reindex,switch,chat,backup,copy,align,remove,reindex,chat,watch")
    parser.add_argument("--work", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.work:
        work(args.work, args.index, args.seed)
        return 0
    folder = Path(tempfile.mkdtemp(prefix="kill-"))
    try:
        return int(run(args.index or folder / "index", args.only.split(","), args.kills, args.seed) > 0)
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    sys.exit(main())
