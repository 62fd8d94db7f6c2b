"""Events of the page sent by hand, as anybody can who reaches the server."""

from __future__ import annotations

import json
import time
from typing import Any

import gradio as gr
import httpx


def call(http: httpx.Client, page: gr.Blocks, name: str, data: list[Any]) -> list[dict[str, Any]]:
    """Post an event as a browser would, with values of ours; all messages of the reply stream."""
    number = next(n for n, fn in page.fns.items() if fn.name == name)
    tab = f"tab{time.monotonic_ns()}"
    http.post("gradio_api/queue/join", json={"data": data, "fn_index": number, "session_hash": tab}).raise_for_status()
    heard = []
    with http.stream("GET", "gradio_api/queue/data", params={"session_hash": tab}) as stream:
        for line in stream.iter_lines():
            if line.startswith("data:"):
                heard.append(json.loads(line[5:]))
                if heard[-1]["msg"] == "process_completed":
                    break
    return heard
