#!/usr/bin/env bash
# Gradio 6.31.0 from PyPI, Python 3.11, Linux (2026-11-29).
#
# An event without an `api_name` is named after its function, also one with `api_visibility="private"`, which has no endpoint.
# If that function is called `ask`, a later `gr.api(fn, api_name="ask")` is published as /ask_1, without a warning, and there is
# no /ask at all: the name that was asked for is held by an event that nobody can call. Renaming an inner function, or
# moving the two lines, so changes the address of a public endpoint. Any other `api_name` on the private event sets it right.
# Seen: private /ask_1, undocumented /ask_1, private with a name of its own /ask, after the endpoint /ask.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q gradio==6.31.0
seen=$(GRADIO_ANALYTICS_ENABLED=False tools/bin/python - <<'PY'
import gradio as gr

def published(endpoint_first: bool = False, **how: str) -> str:
    def ask(question):
        return question

    def answer(question: str) -> str:
        return question

    with gr.Blocks() as page:
        box = gr.Textbox()
        if endpoint_first:
            gr.api(answer, api_name="ask")
        box.submit(ask, box, box, **how)
        if not endpoint_first:
            gr.api(answer, api_name="ask")
    return " ".join(page.get_api_info()["named_endpoints"])

print("private:", published(api_visibility="private"))
print("undocumented:", published(api_visibility="undocumented"))
print("private, named:", published(api_visibility="private", api_name="inner"))
print("private, after:", published(endpoint_first=True, api_visibility="private"))
PY
)
echo "$seen"
[ "$seen" = "private: /ask_1
undocumented: /ask_1
private, named: /ask
private, after: /ask" ]
