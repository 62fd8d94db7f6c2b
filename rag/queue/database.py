"""The queue's PostgreSQL: connections, tables, and deliveries by procrastinate, in a schema of their own.

Procrastinate hands each job to one worker, wakes workers when one comes, waits until one is due, and tells whose worker
is not heard of any more. What becomes of a job is written by :mod:`rag.queue.board` in the same transactions as its
deliveries, so that no kill leaves one without the other.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import re
import signal
import threading
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from datetime import datetime
from importlib.metadata import version
from importlib.resources import files
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from rag.errors import BadSettings, QueueError
from rag.storage.vectors.engines.address import Address

if TYPE_CHECKING:
    import procrastinate
    import psycopg

SCHEMA = "pagesight_queue"  # of PostgreSQL: other programs may use procrastinate in the same database
TASK = "pagesight"
CREATING = 7_210_350_211  # advisory lock: one process makes the tables
CONNECTING = 5  # seconds for the server to take a connection
IDLE = 30.0  # seconds after which a connection is asked whether it still stands
HEARTBEAT = 10.0  # seconds between two signs of life of a worker
STALLED = 30.0  # seconds without one after which its jobs are taken up by others
POLLING = 5.0  # seconds between two looks for jobs where a notification was missed
RECONNECTING = 5.0  # seconds after which a worker that lost the queue tries again
OPTIONS = f"-c search_path={SCHEMA}"

log = logging.getLogger(__name__)
Handle = Callable[[int, int, Callable[[], bool]], None]
"""Does a job: its number, its delivery, and whether to stop."""
Beat = Callable[[int], Awaitable[None]]
"""Notes that a worker lives."""


class QueueDatabase:
    """At ``url``. Threads may share it; it connects when asked."""

    def __init__(self, url: str) -> None:
        """Raises :class:`BadSettings` where this is no address, or the extra is not installed."""
        missing = [name for name in ("procrastinate", "psycopg") if find_spec(name) is None]
        if missing:
            raise BadSettings(
                f"PAGESIGHT_QUEUE is set, but {' and '.join(missing)} is not installed; run "
                "`pip install 'pagesight[queue]'`"
            )
        if not url.startswith(("postgresql://", "postgres://")):
            raise BadSettings(
                "PAGESIGHT_QUEUE must be the address of a PostgreSQL database, postgresql://user@host/name"
            )
        import procrastinate
        import psycopg

        try:
            psycopg.conninfo.conninfo_to_dict(url)
            if "@" in re.sub(r"^\w+://[^/?@]*@", "", url):  # libpq would take a part of the password for a host or port
                raise psycopg.ProgrammingError("an @ that is not percent-encoded")
        except psycopg.Error as exc:  # its words may hold a part of the password
            raise BadSettings(
                "PAGESIGHT_QUEUE is an address that PostgreSQL's client does not understand; write letters like @ : / "
                "of a password as %40 %3A %2F"
            ) from exc
        self._url, self.shown = url, Address("postgresql", url).shown
        self._manager = procrastinate.App(connector=procrastinate.SyncPsycopgConnector()).job_manager
        self._mutex = threading.RLock()
        self._connection: psycopg.Connection[Any] | None = None
        self._used = 0.0

    def close(self) -> None:
        """Let go of the connection."""
        with self._mutex:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    @contextlib.contextmanager
    def transaction(self) -> Iterator[psycopg.Connection[Any]]:
        """A connection in a transaction of its own; rows are dicts. Raises :class:`QueueError`."""
        import psycopg

        with self._mutex:
            try:
                with self._connected() as db, db.transaction():
                    yield db
            except psycopg.Error as exc:
                self.close()
                raise self._error(exc) from exc

    @contextlib.contextmanager
    def _connected(self) -> Iterator[psycopg.Connection[Any]]:
        import psycopg
        from psycopg.rows import dict_row

        if self._connection is not None and time.monotonic() - self._used > IDLE:
            try:
                self._connection.execute("SELECT 1")
            except psycopg.Error:  # it was cut meanwhile
                self.close()
        if self._connection is None:
            connection = psycopg.connect(
                self._url, autocommit=True, connect_timeout=CONNECTING, options=OPTIONS, row_factory=dict_row
            )
            try:
                self._see_to_tables(connection)
            except BaseException:
                connection.close()
                raise
            self._connection = connection
        yield self._connection
        self._used = time.monotonic()

    def _error(self, exc: Exception) -> QueueError:
        what = " ".join(str(exc).split())
        return QueueError(f"The queue at {self.shown} cannot be used ({what}); see that the server runs, and try again")

    def _see_to_tables(self, db: psycopg.Connection[Any]) -> None:
        from procrastinate.schema import SchemaManager

        minor = ".".join(version("procrastinate").split(".")[:2])
        with db.transaction():
            db.execute("SELECT pg_advisory_xact_lock(%s)", (CREATING,))
            if db.execute("SELECT to_regclass('pagesight_about') AS there").fetchone() == {"there": None}:
                db.execute(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
                db.execute(SchemaManager.get_schema())
                db.execute((files("rag.queue") / "schema.sql").read_text(encoding="utf-8"))
                db.execute("INSERT INTO pagesight_about VALUES (%s)", (minor,))
            made = db.execute("SELECT procrastinate FROM pagesight_about").fetchone()
        if made and made["procrastinate"] != minor:
            raise QueueError(
                f"The tables of the queue at {self.shown} were made by procrastinate {made['procrastinate']}, and this "
                f"is {minor}: give all workers the same version, or drop the schema {SCHEMA} when nothing waits in it"
            )

    # -- deliveries ----------------------------------------------------------------------------------------------

    def deliver(
        self, db: psycopg.Connection[Any], library: str, job: int, priority: int, due: datetime | None = None
    ) -> int:
        """Within a transaction: have a worker of the library given this job, not before ``due``; the delivery."""
        from procrastinate.jobs import Job

        one = Job(
            queue=library, task_name=TASK, priority=priority, lock=None, queueing_lock=None, scheduled_at=due,
            task_kwargs={"job": job},
        )  # fmt: skip
        (made,) = self._manager.batch_defer_jobs([one], connection=db)
        return int(made.id)

    def work(
        self,
        library: str,
        handle: Handle,
        take_up: Callable[[Sequence[int]], None],
        is_over: Callable[[], bool],
        jobs: int = 1,
        heartbeat: float = HEARTBEAT,
        stalled: float = STALLED,
    ) -> None:
        """Do jobs of the library, ``jobs`` at once, until told to end by a signal, or nothing is left: ``is_over``.

        ``take_up`` is told the deliveries of workers that have not been heard of for ``stalled`` seconds. A queue that
        cannot be reached is tried again. For the main thread.
        """
        asyncio.run(_Working(self._url, library, handle, take_up, is_over, jobs, heartbeat, stalled).run())


class _Working:
    """One run of :meth:`QueueDatabase.work`, in its event loop; jobs are done in threads."""

    def __init__(
        self,
        url: str,
        library: str,
        handle: Handle,
        take_up: Callable[[Sequence[int]], None],
        is_over: Callable[[], bool],
        jobs: int,
        heartbeat: float,
        stalled: float,
    ) -> None:
        self._url, self._library, self._handle, self._take_up = url, library, handle, take_up
        self._is_over, self._jobs, self._heartbeat, self._stalled = is_over, jobs, heartbeat, stalled
        self._ending = asyncio.Event()

    async def run(self) -> None:
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(_told)
        for one in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(one, self._ending.set)
        while not self._ending.is_set():
            try:
                await self._work()
            except Exception as exc:  # of the queue: the connection was cut, the server went down
                log.warning("the queue was lost (%s); trying again", " ".join(str(exc).split()) or type(exc).__name__)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._ending.wait(), RECONNECTING)

    async def _work(self) -> None:
        app = self._app()
        async with app.open_async():
            tasks = [
                asyncio.create_task(
                    app.run_worker_async(
                        queues=[self._library],
                        name=TASK,
                        concurrency=self._jobs,
                        fetch_job_polling_interval=min(POLLING, self._stalled),
                        shutdown_graceful_timeout=0,
                        delete_jobs="always",
                        install_signal_handlers=False,
                        update_heartbeat_interval=self._heartbeat,
                        stalled_worker_timeout=self._stalled,
                    )
                ),
                asyncio.create_task(self._take_up_stalled(app)),
                asyncio.create_task(self._wait_for_end()),
            ]
            try:
                done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)
        for task in done:
            task.result()

    def _app(self) -> procrastinate.App:
        import procrastinate

        connector = procrastinate.PsycopgConnector(
            conninfo=self._url,
            kwargs={"options": OPTIONS, "connect_timeout": CONNECTING},
            min_size=1,
            max_size=self._jobs + 2,
            timeout=CONNECTING,
        )
        app = procrastinate.App(connector=connector)
        app.job_manager.update_heartbeat = _kept_up(app.job_manager.update_heartbeat)

        def work(context: procrastinate.JobContext, job: int) -> None:
            self._handle(job, int(context.job.id or 0), context.should_abort)

        app.task(name=TASK, pass_context=True)(work)
        return app

    async def _take_up_stalled(self, app: procrastinate.App) -> None:
        """Procrastinate leaves jobs of workers that died as they are, being done, and says which those are."""
        from procrastinate.exceptions import ConnectorException
        from procrastinate.jobs import Status

        while True:
            stalled = await app.job_manager.get_stalled_jobs(queue=self._library, seconds_since_heartbeat=self._stalled)
            ids = [job.id for job in stalled if job.id is not None]
            if ids:
                await asyncio.to_thread(self._take_up, ids)
            for one in ids:
                with contextlib.suppress(ConnectorException):  # another worker was faster
                    await app.job_manager.finish_job_by_id_async(job_id=one, status=Status.FAILED, delete_job=True)
            await asyncio.sleep(self._stalled / 3)

    async def _wait_for_end(self) -> None:
        while not self._ending.is_set():
            if await asyncio.to_thread(self._is_over):
                self._ending.set()
                break
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._ending.wait(), 1.0)


def _kept_up(beat: Beat) -> Beat:
    """A sign of life that may fail. Procrastinate 3.10 gives none after the first that does, and its worker goes on to
    take jobs, which others then take from it, one after another."""
    from procrastinate.exceptions import ConnectorException

    async def again(worker_id: int) -> None:
        try:
            await beat(worker_id)
        except ConnectorException as exc:
            log.warning("a sign of life could not be given: %s", " ".join(str(exc.__cause__ or exc).split()))

    return again


def _told(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Procrastinate 3.10 lets a task fail unheard that could not note the end of a job which others have meanwhile."""
    from procrastinate.exceptions import ConnectorException

    exc = context.get("exception")
    if isinstance(exc, ConnectorException):
        log.info("the end of a job could not be noted: %s", " ".join(str(exc.__cause__ or exc).split()))
    else:
        loop.default_exception_handler(context)
