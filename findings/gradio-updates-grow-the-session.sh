#!/usr/bin/env bash
# Gradio 6.31.0 from PyPI, Python 3.11, Linux (2026-11-29).
#
# An event that first updates a component (`gr.update(...)`, or `gr.skip()`, which is one) and then gives it a value leaves
# a component more in the session each time it runs: the update makes the component anew, under a number of its own, puts it
# into the session under the old number, and the value that follows enters it under the new one, too, with its value in
# `config_values`. All are kept until the tab is closed, so a chat with a text box and a panel grows by what it showed. An
# event that only gives values, or only updates, leaves nothing.
# Seen: components in the session after 1, 11 and 21 runs of each event.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q gradio==6.31.0
seen=$(GRADIO_ANALYTICS_ENABLED=False tools/bin/python - <<'PY'
import json
import os
import gradio as gr
import httpx

def values():
    yield "a"
    yield "b"

def updates():
    yield gr.update(visible=True)
    yield gr.skip()

def both():
    yield gr.skip()
    yield "b"

with gr.Blocks() as page:
    box, button = gr.Textbox(), gr.Button()
    for event in (values, updates, both):
        button.click(event, None, box, api_name=event.__name__)
_, url, _ = page.launch(prevent_thread_lock=True, quiet=True)
http = httpx.Client(base_url=url, trust_env=False, timeout=60)
numbers = {event["api_name"]: event["id"] for event in http.get("config").json()["dependencies"]}

def run(name):
    http.post("gradio_api/queue/join", json={"data": [], "fn_index": numbers[name], "session_hash": name}).raise_for_status()
    with http.stream("GET", "gradio_api/queue/data", params={"session_hash": name}) as replies:
        for line in replies.iter_lines():
            if line.startswith("data:") and json.loads(line[5:])["msg"] == "process_completed":
                return

for name in numbers:
    sizes = []
    for runs in (1, 10, 10):
        for _ in range(runs):
            run(name)
        session = page.state_holder.session_data[name]
        assert len(session.config_values) == len(session.blocks_config.blocks)
        sizes.append(len(session.blocks_config.blocks))
    print(name, *sizes, flush=True)
os._exit(0)
PY
)
echo "$seen"
[ "$seen" = "values 3 3 3
updates 3 3 3
both 4 14 24" ]
