"""Gradio keeps every update of a component for as long as its tab is open: mended here.

A component that an event has changed (``gr.update``, ``gr.skip``) is made anew, under a new number (Gradio 6.31,
``Blocks.postprocess_data``). With the next value that one of its events takes or gives, the session enters it beside
the old one, with that value; so some four components a question, each with what it showed, are left until the tab is
closed. Here the new one gets the number of the old. ``tests/ui/compat/test_gradio_sessions.py`` tells when Gradio does
so itself.
"""

from __future__ import annotations

from typing import Any

from gradio.blocks import Block
from gradio.state_holder import SessionState

_MENDED = "_numbers_stay"


def mend() -> None:
    """To be called before a page is served; a second time it changes nothing."""
    if hasattr(SessionState, _MENDED):
        return
    put = SessionState.__setitem__

    def put_under_its_number(self: SessionState, key: int, value: Any) -> None:
        if isinstance(value, Block):
            value._id = key
        put(self, key, value)

    SessionState.__setitem__ = put_under_its_number
    setattr(SessionState, _MENDED, True)
