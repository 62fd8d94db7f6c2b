"""An app that nobody uses rests: Gradio's queue looks less often, and still at the attributes that say how often."""

from __future__ import annotations

import asyncio
from typing import Any

import gradio as gr
import pytest
from gradio.queueing import Queue

from ui.compat import gradio_queue

LOOPS = ("start_processing", "start_progress_updates")


@pytest.mark.parametrize(("loop", "name"), list(zip(LOOPS, gradio_queue.WAITS, strict=True)))
def test_the_queue_waits_as_long_as_it_is_told(monkeypatch: pytest.MonkeyPatch, loop: str, name: str) -> None:
    """Without our change it looks more often; where that no longer holds, Gradio has mended it and ours can go."""
    with gr.Blocks() as page:
        gr.Button()
    waited: list[float] = []
    own = asyncio.new_event_loop()  # other apps of this process go on in theirs
    call_later = own.call_later

    def called_later(delay: float, *given: Any, **more: Any) -> asyncio.TimerHandle:
        waited.append(delay)
        page._queue.stopped = True
        return call_later(0, *given, **more)

    monkeypatch.setattr(own, "call_later", called_later)
    assert getattr(page._queue, name) < 1 / gradio_queue.LOOKS
    gradio_queue.rest(page)
    own.run_until_complete(getattr(page._queue, loop)())
    own.close()
    assert waited == [1 / gradio_queue.LOOKS]


def test_a_queue_that_waits_longer_keeps_to_it() -> None:
    with gr.Blocks() as page:
        gr.Button()
    page._queue.sleep_when_free = 0.05  # as on Windows
    gradio_queue.rest(page)
    assert page._queue.sleep_when_free == 0.05


def test_the_page_rests(page: Any) -> None:
    assert isinstance(page._queue, Queue) and page._queue.sleep_when_free >= 1 / gradio_queue.LOOKS
