"""Gradio's queue looks a thousand times a second whether an event waits, also where nobody is there: mended here.

On a quiet machine that is 4 % of a core for as long as the app is open (Gradio 6.31, ``Queue.start_processing``).
Looked at :data:`LOOKS` times a second it is under 1 %, and an event waits 10 ms more in the mean; on Windows Gradio
itself looks 20 times.
"""

from __future__ import annotations

import gradio as gr

LOOKS = 50
"""Times a second."""
WAITS = ("sleep_when_free", "progress_update_sleep_when_free")
"""Attributes of Gradio's queue: seconds between two looks for events, and for news of their progress."""


def rest(page: gr.Blocks) -> None:
    """To be called before the page is served."""
    for name in WAITS:
        setattr(page._queue, name, max(getattr(page._queue, name), 1 / LOOKS))
