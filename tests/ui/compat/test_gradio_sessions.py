"""What a tab leaves on the server: not one component more, however often its page is changed."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
ASKED = """
import json, os, sys
import gradio as gr, httpx
from ui.compat.gradio_sessions import mend

def asked():  # what is answered, and how many components the tab has after each of four questions
    with gr.Blocks() as page:
        button, box, answer = gr.Button(), gr.Textbox(), gr.HTML()

        def ask():
            yield gr.update(visible=True), gr.skip()
            yield "asked", "answered"

        button.click(ask, None, [box, answer], api_name="ask")
    _, url, _ = page.launch(prevent_thread_lock=True, quiet=True)
    http = httpx.Client(base_url=url, trust_env=False, timeout=30)
    number = next(event["id"] for event in http.get("config").json()["dependencies"] if event["api_name"] == "ask")
    sizes = []
    for _ in range(4):
        event = {"data": [], "fn_index": number, "session_hash": "tab"}
        http.post("gradio_api/queue/join", json=event).raise_for_status()
        with http.stream("GET", "gradio_api/queue/data", params={"session_hash": "tab"}) as replies:
            for line in replies.iter_lines():
                message = json.loads(line[5:]) if line.startswith("data:") else {}
                if message.get("msg") == "process_completed":
                    assert message["success"], message
                    break
        sizes.append(len(page.state_holder.session_data["tab"].blocks_config.blocks))
    return message["output"]["data"], sizes

before = asked()
mend()
mend()
print(json.dumps([before, asked()]))
sys.stdout.flush()
os._exit(0)
"""


def test_a_tab_keeps_as_many_components_as_the_page_has() -> None:
    """Without our change it grows; where that no longer holds, Gradio has mended it and ours can go."""
    done = subprocess.run(
        [sys.executable, "-c", ASKED],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env={"GRADIO_ANALYTICS_ENABLED": "False", "PATH": "", "HOME": "/nowhere"},
    )
    assert done.returncode == 0, done.stderr
    (answer, grows), (same_answer, stays) = json.loads(done.stdout.splitlines()[-1])
    assert answer == same_answer == ["asked", "answered"]
    assert len(set(grows)) > 1 and len(set(stays)) == 1, (grows, stays)
