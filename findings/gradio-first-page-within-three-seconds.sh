#!/usr/bin/env bash
# Gradio 6.31.0 from PyPI, Python 3.11, Linux (2026-11-30).
#
# `launch()` asks its own address for the page once it has started, and waits 3 seconds. Where the first page takes longer –
# a machine with work to do, a page with much in it – it raises "When localhost is not accessible, a shareable link must be
# created. Please set share=True or check your proxy settings", though the address is accessible and the server goes on
# answering. It looks as if it tried five times, but what it catches, a timeout too, ends all tries.
# Seen with a page that takes 4 seconds: the error, and after it the page, answered with 200. `_frontend=False` leaves the
# question out.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q gradio==6.31.0
seen=$(GRADIO_ANALYTICS_ENABLED=False tools/bin/python - <<'PY'
import asyncio
import gradio as gr
import httpx
from starlette.middleware import Middleware

class Slow:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        if scope.get("path") == "/":
            await asyncio.sleep(4)
        await self.app(scope, receive, send)

def launched(**more):
    with gr.Blocks() as page:
        gr.Textbox()
    try:
        page.launch(prevent_thread_lock=True, quiet=True, app_kwargs={"middleware": [Middleware(Slow)]}, **more)
        said = "no error"
    except ValueError as exc:
        said = str(exc)[:35]
    status = httpx.get(page.local_url, trust_env=False, timeout=60).status_code
    page.close(verbose=False)
    return f"{said}; {status}"

print(launched())
print(launched(_frontend=False))
PY
)
echo "$seen"
[ "$seen" = "When localhost is not accessible, a; 200
no error; 200" ]
