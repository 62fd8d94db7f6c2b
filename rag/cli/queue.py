"""The commands for the queue: ``enqueue``, ``worker`` and ``jobs``."""

from __future__ import annotations

import argparse
import logging
import sys
from collections import Counter
from datetime import datetime

from rag.cli import output
from rag.config import Settings
from rag.errors import BadSettings, NoIndex
from rag.index import Index
from rag.queue.board import Board
from rag.queue.jobs import STATES, Job

SHOWN = 40  # finished jobs listed where no state is asked for
SIGNS = {"waiting": " ", "running": "▶", "done": "✓", "failed": "✗", "cancelled": "–"}


def enqueue(args: argparse.Namespace, settings: Settings) -> int:
    """Exit code 0 if every file is in the queue or in the index."""
    from rag.queue.intake import enqueue as put
    from rag.queue.worker import open_board

    count = Counter[str]()
    with Index.open(settings, create=True) as index:
        database, board = open_board(settings)
        try:
            for item in put(index, board, args.paths, args.priority, args.collection):
                count[item.status] += 1
                if args.json:
                    what = {"path": str(item.path), "id": item.doc_id, "status": item.status, "job": item.job}
                    output.say_json({**what, "error": item.error})
                elif item.status == "failed":
                    output.remark(f"✗ {item.path.name}: {output.one_line(item.error)}")
                else:
                    words = {"enqueued": f"job {item.job}", "present": "in the index already"}
                    output.put(f"✓ {item.path.name}: {words.get(item.status, 'in the queue already')}\n")
        finally:
            database.close()
    there = count["present"] + count["queued"]
    output.remark(f"{count['enqueued']} enqueued, {there} already there, {count['failed']} failed")
    return int(count["failed"] > 0)


def worker(args: argparse.Namespace, settings: Settings) -> int:
    """Exit code 1 if ``--once`` has left something that failed."""
    from rag.queue.worker import JOBS, open_board, work

    database, board = open_board(settings, create=True)
    board.counts()  # says at once where the queue cannot be reached
    logging.basicConfig(format="%(message)s", stream=sys.stderr, level=logging.WARNING)
    logging.getLogger("procrastinate").setLevel(logging.CRITICAL)  # what it has to say of a job, the list says
    output.remark(f"Working for {settings.index} on {database.shown} (Ctrl-C ends it; what was read is kept)")

    def say(job: Job, what: str) -> None:
        value = {"job": job.id, "name": job.name, "first": job.first, "last": job.last, "what": what}
        output.say(value, [f"{job.label}: {output.one_line(what)}"], args.json)

    try:
        work(settings, say, args.jobs or JOBS, args.once)
        failed = board.counts()["failed"] if args.once else 0
    finally:
        database.close()
    if failed:
        output.remark(f"{output.count(failed, 'document')} failed: `python -m rag jobs --state failed` says why")
    return int(failed > 0)


def jobs(args: argparse.Namespace, settings: Settings) -> int:
    """Exit code 1 if one of those to be cancelled or tried again is not."""
    from rag.queue.worker import open_board

    if not settings.store_url and not settings.index.is_dir():
        raise NoIndex(f"There is no index in {settings.index}; make one with `python -m rag enqueue FILE.pdf`")
    database, board = open_board(settings)
    try:
        if args.forget:
            output.remark(f"{output.count(board.forget(), 'job')} taken off the list")
            return 0
        if args.cancel or args.retry:
            return _change(args, settings, board)
        return _list(args, board)
    finally:
        database.close()


def _list(args: argparse.Namespace, board: Board) -> int:
    finished = 0
    for job in board.listed(args.state or STATES):
        finished += job.finished
        if args.state or not job.finished or finished <= SHOWN or args.json:
            output.say(_json(job), _lines(job), args.json)
    if not args.json:
        counts = board.counts()
        jobs = ", ".join(f"{counts[state]} {state}" for state in STATES if counts[state])
        output.remark(jobs or "The queue is empty")
        if counts["waiting"] and not board.workers():
            output.remark("No worker is there; start one with `python -m rag worker`")
    return 0


def _change(args: argparse.Namespace, settings: Settings, board: Board) -> int:
    from rag.queue.files import WaitingFiles

    wrong, files = 0, WaitingFiles(settings.index, settings.files)
    for number in _numbers(args, board):
        job = board.get(number)
        if args.cancel and (gone := board.cancel(number)) is not None:
            files.let_go(gone.doc)
            output.say(_json(gone), [f"Cancelled {gone.name}"], args.json)
        elif args.retry and board.retry(number) and job is not None:
            output.say(_json(board.get(number) or job), [f"{job.name} is tried again"], args.json)
        else:
            wrong += 1
            how = f"is {job.state}" if job else "is not in the queue of this index"
            output.remark(f"✗ job {number} {how}; `python -m rag jobs` lists what there is")
    return int(wrong > 0)


def _numbers(args: argparse.Namespace, board: Board) -> list[int]:
    given = args.cancel or args.retry
    if given == ["all"]:
        return [job.id for job in board.listed(("running", "waiting") if args.cancel else ("failed",))]
    wrong = [one for one in given if not one.isdecimal()]
    if wrong:
        raise BadSettings(f"{wrong[0]!r} is no job; give numbers as `python -m rag jobs` lists them, or all")
    return [int(one) for one in given]


def _json(job: Job) -> output.Json:
    times = {name: moment.isoformat() if moment else None for name, moment in _times(job).items()}
    names = (
        "id",
        "name",
        "state",
        "stage",
        "done",
        "total",
        "priority",
        "tries",
        "reason",
        "worker",
        "collection",
        "parts",
    )
    return {**{name: getattr(job, name) for name in names}, "document": job.doc, **times}


def _times(job: Job) -> dict[str, datetime | None]:
    return {"made": job.made, "changed": job.changed, "due": job.due}


def _lines(job: Job) -> list[str]:
    how: list[str] = [job.state]
    if job.state == "running" and job.total:
        how.append(f"{job.stage} {job.done:,}/{job.total:,}")
    if job.state == "done":
        how.append(output.count(job.total, "page"))
    if job.state == "waiting" and job.tries:
        due = f" after {job.due.astimezone():%H:%M:%S}" if job.due else ""
        how.append(f"try {job.tries + 1}{due}")
    if job.priority and not job.finished:
        how.append(f"priority {job.priority}")
    if job.worker and job.state == "running":
        how.append(job.worker)
    line = f"{SIGNS[job.state]} {job.id:>6}  {job.name}: {', '.join(how)}"
    return [line, *([f"          {output.one_line(job.reason)}"] if job.reason else [])]


COMMANDS: dict[str, output.Command] = {"enqueue": enqueue, "worker": worker, "jobs": jobs}
