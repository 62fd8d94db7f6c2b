"""What becomes of jobs: each step is one transaction that changes a job and its delivery together.

A worker that writes names the delivery that it holds. Where another worker was given the job meanwhile, or somebody
cancelled it, the delivery is no longer the job's, and nothing is written.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from rag.queue.database import STALLED, QueueDatabase
from rag.queue.jobs import DELAYS, LOST_DELAYS, STATES, Job, JobState

OPEN = ("waiting", "running")
_COLUMNS = (
    "id, doc, name, state, stage, done, total, priority, tries, reason, due, worker, made, changed, collection, "
    "parent, first, last"
)
_LISTED = f"""
SELECT {", ".join(f"j.{name.strip()}" for name in _COLUMNS.split(","))}, c.parts, c.done AS done_of_parts, c.workers
FROM pagesight_jobs j LEFT JOIN LATERAL (
    SELECT count(*)::int AS parts, sum(p.done)::int AS done,
           coalesce(string_agg(DISTINCT p.worker, ', ') FILTER (WHERE p.state = 'running'), '') AS workers
    FROM pagesight_jobs p WHERE p.parent = j.id
) c ON true
"""
Db = Any  # a connection of psycopg in a transaction, whose rows are dicts


class Board:
    """The jobs of one index. Threads may share it.

    Every method raises :class:`~rag.errors.QueueError` where the queue fails.
    """

    def __init__(self, database: QueueDatabase, library: str) -> None:
        self._database, self.library = database, library

    # -- whoever asks for work -----------------------------------------------------------------------------------

    def put(self, doc: str, name: str, priority: int = 0, collection: str = "") -> int | None:
        """A document to be added; its job, None where the same file is in the queue already."""
        with self._database.transaction() as db:
            row = db.execute(
                """INSERT INTO pagesight_jobs (library, doc, name, priority, collection) VALUES (%s, %s, %s, %s, %s)
                ON CONFLICT (library, doc) WHERE parent IS NULL DO UPDATE SET
                    name = excluded.name, priority = excluded.priority, collection = excluded.collection,
                    state = 'waiting', delivery = NULL, due = NULL, tries = 0, stage = '', done = 0, total = 0,
                    reason = '', worker = '', made = now(), changed = now()
                WHERE pagesight_jobs.state NOT IN ('waiting', 'running') RETURNING id""",
                (self.library, doc, name, priority, collection),
            ).fetchone()
            if row is None:
                return None
            db.execute("DELETE FROM pagesight_jobs WHERE parent = %s", (row["id"],))
            self._deliver(db, row["id"], priority)
            return int(row["id"])

    def cancel(self, number: int) -> Job | None:
        """No worker begins it any more, and one that is at work on it stops; None where it has come to its end."""
        with self._database.transaction() as db:
            row = db.execute(
                "UPDATE pagesight_jobs SET state = 'cancelled', delivery = NULL, due = NULL, changed = now() "
                f"WHERE id = %s AND library = %s AND parent IS NULL AND state NOT IN ('done', 'cancelled') "
                f"RETURNING {_COLUMNS}",
                (number, self.library),
            ).fetchone()
            db.execute("DELETE FROM pagesight_jobs WHERE parent = %s AND %s", (number, row is not None))
            return Job(**row) if row else None

    def retry(self, number: int) -> bool:
        """Have what failed tried again, with all its tries; False where it has not failed."""
        with self._database.transaction() as db:
            row = db.execute(
                "UPDATE pagesight_jobs SET state = 'running', due = NULL, tries = 0, reason = '', changed = now() "
                "WHERE id = %s AND library = %s AND parent IS NULL AND state = 'failed' RETURNING id, priority",
                (number, self.library),
            ).fetchone()
            if row is None:
                return False
            failed = db.execute(
                "UPDATE pagesight_jobs SET state = 'waiting', due = NULL, tries = 0, reason = '', changed = now() "
                "WHERE parent = %s AND state = 'failed' RETURNING id",
                (number,),
            ).fetchall()
            for part in failed:
                self._deliver(db, part["id"], row["priority"], begun=True)
            if not failed:
                self._join_or_wait(db, number)
            return True

    def forget(self) -> int:
        """Delete what is done or cancelled from the list; how many that were."""
        with self._database.transaction() as db:
            gone = db.execute(
                "DELETE FROM pagesight_jobs WHERE library = %s AND parent IS NULL AND state IN ('done', 'cancelled')",
                (self.library,),
            )
            return int(gone.rowcount)

    # -- looking -------------------------------------------------------------------------------------------------

    def listed(self, states: Sequence[JobState] = STATES, limit: int | None = None) -> list[Job]:
        """Documents in these states, what is worked on first, then what failed, the latest first."""
        with self._database.transaction() as db:
            rows = db.execute(
                f"{_LISTED} WHERE j.library = %s AND j.parent IS NULL AND j.state = ANY(%s) ORDER BY "
                "array_position(ARRAY['running', 'waiting', 'failed', 'cancelled', 'done'], j.state), "
                "CASE WHEN j.state = 'waiting' THEN -j.priority END, CASE WHEN j.state = 'waiting' THEN j.id END, "
                "j.changed DESC LIMIT %s",
                (self.library, list(states), limit),
            ).fetchall()
        return [_listed(row) for row in rows]

    def get(self, number: int) -> Job | None:
        """A document by its number."""
        with self._database.transaction() as db:
            sql = f"{_LISTED} WHERE j.library = %s AND j.parent IS NULL AND j.id = %s"
            row = db.execute(sql, (self.library, number)).fetchone()
        return _listed(row) if row else None

    def counts(self) -> dict[JobState, int]:
        """How many documents are in each state."""
        with self._database.transaction() as db:
            rows = db.execute(
                "SELECT state, count(*) AS count FROM pagesight_jobs WHERE library = %s AND parent IS NULL "
                "GROUP BY state",
                (self.library,),
            ).fetchall()
        found = {row["state"]: row["count"] for row in rows}
        return {state: found.get(state, 0) for state in STATES}

    def workers(self) -> int:
        """How many workers have been heard of lately, for whatever index."""
        with self._database.transaction() as db:
            sql = "SELECT count(*) AS count FROM procrastinate_workers WHERE last_heartbeat > now() - %s"
            return int(db.execute(sql, (timedelta(seconds=STALLED),)).fetchone()["count"])

    def needed(self) -> set[str]:
        """Ids of the documents whose files are still needed."""
        with self._database.transaction() as db:
            sql = "SELECT doc FROM pagesight_jobs WHERE library = %s AND parent IS NULL AND state = ANY(%s)"
            return {row["doc"] for row in db.execute(sql, (self.library, [*OPEN, "failed"])).fetchall()}

    # -- workers -------------------------------------------------------------------------------------------------

    def take(self, number: int, delivery: int, worker: str) -> Job | None:
        """Begin what was delivered; None where it is no longer to be done by this delivery."""
        with self._database.transaction() as db:
            row = db.execute(
                f"UPDATE pagesight_jobs j SET state = 'running', worker = %s, due = NULL, changed = now() "
                f"WHERE id = %s AND delivery = %s AND state = ANY(%s) RETURNING {_COLUMNS}, "
                "(SELECT count(*)::int FROM pagesight_jobs p WHERE p.parent = j.id) AS parts",
                (worker, number, delivery, list(OPEN)),
            ).fetchone()
            return Job(**row) if row else None

    def note(self, number: int, delivery: int, stage: str, done: int, total: int) -> bool:
        """How far it is; False where it is no longer this delivery's."""
        with self._database.transaction() as db:
            changed = db.execute(
                "UPDATE pagesight_jobs SET stage = %s, done = %s, total = %s, changed = now() "
                "WHERE id = %s AND delivery = %s AND state = 'running'",
                (stage, done, total, number, delivery),
            )
            return bool(changed.rowcount)

    def put_back(self, number: int, delivery: int) -> None:
        """The worker was told to end: another takes it from here."""
        with self._database.transaction() as db:
            row = self._change(db, number, delivery, "state = 'waiting', worker = ''")
            if row:
                self._deliver(db, number, row["priority"], begun=True)

    def split(self, number: int, delivery: int, ranges: Sequence[tuple[int, int]]) -> None:
        """Have a long document read in ranges of pages, each a job of its own; the last one to end joins them."""
        with self._database.transaction() as db:
            row = self._change(db, number, delivery, "stage = 'reading', worker = '', delivery = NULL")
            if not row:
                return
            for first, last in ranges:
                part = db.execute(
                    "INSERT INTO pagesight_jobs (library, doc, name, priority, parent, first, last, total) "
                    "VALUES (%s, %s, %s, %s, %s, %s, %s, %s) RETURNING id",
                    (self.library, row["doc"], row["name"], row["priority"], number, first, last, last - first + 1),
                ).fetchone()
                self._deliver(db, part["id"], row["priority"], begun=True)

    def range_done(self, number: int, delivery: int) -> None:
        """All pages of a range are kept."""
        with self._database.transaction() as db:
            row = self._change(db, number, delivery, "state = 'done', done = total, delivery = NULL, reason = ''")
            if row:
                self._join_or_wait(db, row["parent"])

    def finish(self, number: int, delivery: int, pages: int, remark: str = "") -> bool:
        """A document is in the index; False where it was no longer this delivery's."""
        with self._database.transaction() as db:
            sql = "state = 'done', stage = '', done = %s, total = %s, reason = %s, delivery = NULL"
            row = self._change(db, number, delivery, sql, pages, pages, remark)
            db.execute("DELETE FROM pagesight_jobs WHERE parent = %s AND %s", (number, row is not None))
            return row is not None

    def fail(self, number: int, delivery: int, reason: str, delays: Sequence[int] = DELAYS) -> None:
        """It did not succeed: it is tried again after the next of ``delays`` (s), or has failed for good."""
        with self._database.transaction() as db:
            self._fail(db, number, delivery, reason, delays)

    def held(self, deliveries: Sequence[int]) -> list[tuple[Job, int]]:
        """Jobs that are being done by these deliveries, with their delivery."""
        with self._database.transaction() as db:
            sql = f"SELECT {_COLUMNS}, delivery FROM pagesight_jobs WHERE library = %s AND delivery = ANY(%s)"
            rows = db.execute(sql, (self.library, list(deliveries))).fetchall()
        return [(Job(**{name: row[name] for name in row if name != "delivery"}), row["delivery"]) for row in rows]

    def lose(self, job: Job, delivery: int) -> None:
        """The worker is not heard of any more: deliver again what it had."""
        who = f"the worker {job.worker}" if job.worker else "its worker"
        self.fail(job.id, delivery, f"{who} ended while it was at work on it", LOST_DELAYS)

    # -- steps of a transaction ----------------------------------------------------------------------------------

    def _fail(self, db: Db, number: int, delivery: int, reason: str, delays: Sequence[int]) -> None:
        row = self._change(
            db, number, delivery, "state = 'waiting', tries = tries + 1, reason = %s, worker = ''", reason
        )
        if not row:
            return
        if row["tries"] <= len(delays):
            delay = timedelta(seconds=delays[row["tries"] - 1])
            due = db.execute("SELECT now() + %s AS due", (delay,)).fetchone()["due"] if delay else None
            db.execute("UPDATE pagesight_jobs SET due = %s WHERE id = %s", (due, number))
            self._deliver(db, number, row["priority"], due, begun=True)
            return
        db.execute("UPDATE pagesight_jobs SET state = 'failed', delivery = NULL WHERE id = %s", (number,))
        if row["parent"] is not None:
            reason = f"pages {row['first']}–{row['last']}: {reason}"
            db.execute(
                "UPDATE pagesight_jobs SET state = 'failed', delivery = NULL, reason = %s, changed = now() "
                "WHERE id = %s AND state = 'running'",
                (reason, row["parent"]),
            )

    def _join_or_wait(self, db: Db, parent: int) -> None:
        """Deliver a document that was split once all of its ranges are read; siblings wait here for each other."""
        row = db.execute(
            "SELECT state, delivery, priority FROM pagesight_jobs WHERE id = %s FOR UPDATE", (parent,)
        ).fetchone()
        left = db.execute(
            "SELECT count(*) AS count FROM pagesight_jobs WHERE parent = %s AND state <> 'done'", (parent,)
        ).fetchone()["count"]
        if row and row["state"] == "running" and row["delivery"] is None and not left:
            db.execute("UPDATE pagesight_jobs SET state = 'waiting', changed = now() WHERE id = %s", (parent,))
            self._deliver(db, parent, row["priority"], begun=True)

    def _change(self, db: Db, number: int, delivery: int, what: str, *values: object) -> dict[str, Any] | None:
        """Of a job that is being done by this delivery. Locks its document first, as whoever cancels it does."""
        family = "SELECT coalesce(parent, id) FROM pagesight_jobs WHERE id = %s"
        db.execute(f"SELECT 1 FROM pagesight_jobs WHERE id = ({family}) FOR UPDATE", (number,))
        sql = f"UPDATE pagesight_jobs SET {what}, changed = now() WHERE id = %s AND delivery = %s AND state = ANY(%s) "
        found = db.execute(f"{sql} RETURNING {_COLUMNS}", (*values, number, delivery, list(OPEN))).fetchone()
        row: dict[str, Any] | None = found
        return row

    def _deliver(self, db: Db, number: int, priority: int, due: datetime | None = None, begun: bool = False) -> None:
        """What was begun comes before what was not, among jobs of one priority."""
        delivery = self._database.deliver(db, self.library, number, 2 * priority + begun, due)
        db.execute("UPDATE pagesight_jobs SET delivery = %s WHERE id = %s", (delivery, number))


def _listed(row: dict[str, Any]) -> Job:
    done, workers = row.pop("done_of_parts"), row.pop("workers")
    job = Job(**row)
    if not job.parts or job.state != "running" or job.worker:
        return job
    return job._replace(done=done, worker=workers)
