"""Work on the whole index while it is used: embedded anew and judged, gone back to the generation before, read again.

One such task runs at a time, on a thread of its own; people search, ask and add meanwhile. It is watched by
:meth:`Upkeep.state` and ends soon after :meth:`Upkeep.cancel`; what was done by then is taken up by the next run.
"""

from __future__ import annotations

import logging
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from ingestion.errors import IngestionError
from rag.errors import BadSettings, RagError
from rag.types import Progress

if TYPE_CHECKING:
    from rag.evaluation.evaluate import Gate
    from rag.index import Index

Task = Literal["reindex", "rollback", "parse"]
Fate = Literal["", "running", "stopping", "done", "refused", "cancelled", "failed"]
QUESTIONS = 200  # that the gate judges by, made from the library's captions, mentions and cut-outs
LONGEST_SPEC = 500  # characters of an encoder's name
MOST_LINES = 40  # of what is said of a task
JUDGED = "the questions made of its captions and cut-outs"
log = logging.getLogger(__name__)


class Stopped(Exception):
    """Raised out of a progress report to leave a running task."""


@dataclass(frozen=True, slots=True)
class Work:
    """The latest task: what it is and how it stands, its latest progress, what it has said."""

    task: Task | Literal[""] = ""
    fate: Fate = ""
    name: str = ""
    stage: str = ""
    done: int = 0
    total: int = 0
    lines: tuple[str, ...] = ()

    @property
    def running(self) -> bool:
        """Whether it has not ended."""
        return self.fate in ("running", "stopping")


class Upkeep:
    """Of one index. All methods may be called from any thread."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._work = Work()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def state(self) -> Work:
        """What runs, or what came of the latest task."""
        with self._lock:
            return self._work

    def reindex(self, encoder: str, words: str, gate: bool) -> None:
        """Embed everything anew: with the encoders named, where a part names one, else as the settings say.

        ``gate``: the new generation is taken only if it is no worse on questions made from the library itself. Raises
        :class:`BadSettings` where a task runs already, or a name cannot be one.
        """
        picture, text = _spec(encoder), _spec(words)
        self._start("reindex", lambda: self._reindex(picture, text, gate))

    def rollback(self) -> None:
        """Go back to the generation before. Raises :class:`BadSettings` where a task runs already."""
        self._start("rollback", self._rollback)

    def parse(self) -> None:
        """Read documents of an older parser version or other settings again. Raises as :meth:`rollback`."""
        self._start("parse", self._parse)

    def cancel(self) -> None:
        """Have the task that runs stop at its next step."""
        with self._lock:
            if self._work.fate == "running":
                self._work = replace(self._work, fate="stopping")

    def stop(self, seconds: float) -> None:
        """At the end of the program: cancel, and wait for the task to leave the index in order."""
        self.cancel()
        thread = self._thread
        if thread is not None:
            thread.join(seconds)

    def _start(self, task: Task, carry_out: Callable[[], Fate]) -> None:
        with self._lock:
            if self._work.running:
                raise BadSettings("The index is being worked on already; wait until that is done, or cancel it")
            self._work = Work(task, "running")
            self._thread = threading.Thread(target=self._run, args=(carry_out,), name="upkeep", daemon=True)
            self._thread.start()

    def _run(self, carry_out: Callable[[], Fate]) -> None:
        fate: Fate = "failed"
        try:
            fate = carry_out()
        except Stopped:
            fate = "cancelled"
            self._say("Cancelled. What was done is kept and taken up by the next run; nothing has changed for readers.")
        except (RagError, IngestionError, OSError) as exc:
            self._say(" ".join(str(exc).split()))
        except BaseException as exc:  # a thread of ours: nothing above it could say so
            log.exception("work on the index failed")
            self._say(f"An internal error ({type(exc).__name__}); details are on the console")
        with self._lock:
            self._work = replace(self._work, fate=fate)

    def _report(self, progress: Progress) -> None:
        with self._lock:
            if self._work.fate == "stopping":
                raise Stopped
            name, stage, done, total = progress
            self._work = replace(self._work, name=name, stage=stage, done=done, total=total)

    def _say(self, line: str) -> None:
        with self._lock:
            self._work = replace(self._work, lines=(*self._work.lines, line)[-MOST_LINES:])

    def _reindex(self, encoder: str | None, words: str | None, gate: bool) -> Fate:
        before = self._index.generation
        with tempfile.TemporaryDirectory(prefix="pagesight-gate-") as folder:
            judge = self._gate(Path(folder)) if gate else None
            accepted = self._index.reindex(encoder, words, self._report, judge, say=self._say)
        now = self._index.generation
        if judge is not None and judge.verdict is not None:
            from rag.evaluation.report_text import verdict_lines

            for line in verdict_lines(judge.verdict):
                self._say(line)
        if accepted:
            self._say(f"Generation {now.id} is live: {now.name}. Roll back to return to {before.name}.")
            return "done"
        self._say(f"Kept generation {before.id} ({before.name}): the new one is worse on {JUDGED}.")
        return "refused"

    def _gate(self, folder: Path) -> Gate:
        """By questions made from the library. Raises :class:`BadSettings` where it has no figures or tables."""
        from rag.evaluation.evaluate import Gate
        from rag.evaluation.made_questions import make_questions
        from rag.evaluation.own_questions import lines_of_made, write_questions

        self._report(Progress("questions", "making", 0, QUESTIONS))
        made = make_questions(self._index, QUESTIONS)
        if not made:
            raise BadSettings(
                "No figure or table of the library has a caption, mention or cut-out to judge by; reindex without the "
                "gate, or give it questions of your own: `python -m rag reindex --gate QUESTIONS.jsonl`"
            )
        path = folder / "made from the library.jsonl"
        write_questions(path, lines_of_made(made))
        return Gate(path, self._report)

    def _rollback(self) -> Fate:
        live = self._index.rollback(self._report)
        self._say(f"Generation {live.id} is live: {live.name}.")
        return "done"

    def _parse(self) -> Fate:
        failed = count = 0
        for read in self._index.reparse(progress=self._report):
            failed, count = failed + bool(read.error), count + 1
            if read.error:
                self._say(f"{read.name} stays as it was: {' '.join(read.error.split())}")
        self._say(f"{count - failed} read again, {failed} failed" if count else "Nothing to read again: all is as new")
        return "failed" if failed else "done"


def _spec(word: str) -> str | None:
    """An encoder as it was typed, None where none was. Raises :class:`BadSettings`."""
    spec = word.strip()
    if len(spec) > LONGEST_SPEC or not spec.isprintable():
        raise BadSettings("That cannot be an encoder's name; give auto, builtin, a model by hub name or a folder")
    return spec or None
