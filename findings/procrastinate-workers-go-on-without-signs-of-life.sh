#!/usr/bin/env bash
# procrastinate 3.10.0 from PyPI, Python 3.11, Linux (2026-11-30).
#
# "Monitor side tasks and stop the worker if any task fails" (Worker._monitor_side_tasks) waits for the first side task that ends.
# Where no periodic task is registered, the deferrer of periodic tasks ends at once, without an error, and with it the monitor: when
# the heartbeat then fails once, as by a pool that has no connection for a moment, no other one is given, nothing is logged, and
# the worker goes on to fetch and do jobs. To all others it is stalled: they take up whatever it is at work on, and it fetches the next.
# With a periodic task registered the same failure stops the worker, as documented.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q procrastinate==3.10.0
tools/bin/python - <<'PY'
import asyncio
import logging

import procrastinate
from procrastinate.exceptions import ConnectorException
from procrastinate.testing import InMemoryConnector

logging.disable(logging.ERROR)  # the worker that stops says so with a traceback


async def tried(periodic: bool) -> tuple[int, list[int], bool]:
    """Heartbeats asked for, jobs done after the one that failed, and whether the worker had stopped by then."""
    app, beats, done = procrastinate.App(connector=InMemoryConnector()), 0, []

    @app.task(name="work")
    def work(number: int) -> None:
        done.append(number)

    if periodic:
        app.periodic(cron="0 0 1 1 *")(app.task(name="yearly")(lambda timestamp: None))

    async def beat(worker_id: int) -> None:
        nonlocal beats
        beats += 1
        raise ConnectorException

    async with app.open_async():
        app.job_manager.update_heartbeat = beat
        worker = asyncio.create_task(
            app.run_worker_async(
                update_heartbeat_interval=0.1, fetch_job_polling_interval=0.05, listen_notify=False, install_signal_handlers=False
            )
        )
        await asyncio.sleep(1)
        for number in (1, 2):
            await app.configure_task("work").defer_async(number=number)
        await asyncio.sleep(1)
        stopped = worker.done()
        worker.cancel()
        await asyncio.gather(worker, return_exceptions=True)
    return beats, done, stopped


for periodic, expected in ((False, (1, [1, 2], False)), (True, (1, [], True))):
    found = asyncio.run(tried(periodic))
    print("with" if periodic else "without", "a periodic task: heartbeats, jobs done afterwards, stopped:", *found)
    assert found == expected
PY
# without a periodic task: heartbeats, jobs done afterwards, stopped: 1 [1, 2] False
# with a periodic task: heartbeats, jobs done afterwards, stopped: 1 [] True
