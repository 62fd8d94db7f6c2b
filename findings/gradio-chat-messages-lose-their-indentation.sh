#!/usr/bin/env bash
# Gradio 6.31.0 from PyPI, Python 3.11, Linux (2026-11-30).
#
# gr.Chatbot and gr.Markdown pass every text through inspect.cleandoc(), which is made for docstrings: blanks before the first
# line go, the smallest indentation that all later lines share is taken off them, tabs become blanks. The text of a chat message
# is no docstring, and in Markdown indentation says what belongs to what. A whole, valid answer, before and after:
#   "- Open the valve\n    - left one first"             nested list       "- Open the valve\n- left one first"     one flat list
#   "Run:\n\n    make all\n    make test"              code block        "Run:\n\nmake all\nmake test"        one paragraph
#   "1. Loosen:\n\n   Use a key.\n\n   Then turn."       step of 3 parts   a list, then two paragraphs outside it
# It depends on the last line: with one more line at the margin, the same list stays nested, so while an answer streams it is
# drawn flat, and jumps. The history that the next event gets back, and so what a model is sent again, is the changed text. No
# message. A first line without indentation does not help; a last line at the margin does.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q gradio==6.31.0 markdown-it-py==4.3.0
export GRADIO_ANALYTICS_ENABLED=False
tools/bin/python - <<'PY'
import gradio as gr
from markdown_it import MarkdownIt

CASES = {
    "nested list": "- Open the valve\n    - left one first",
    "code block": "Run:\n\n    make all\n    make test",
    "parts of a step": "1. Loosen:\n\n   Use a key.\n\n   Then turn.",
}
html = MarkdownIt("commonmark").render


def shown(text: str) -> str:
    """What the page gets of a chat message."""
    return gr.Chatbot().postprocess([{"role": "assistant", "content": text}]).root[0].content[0].text


for name, text in CASES.items():
    after = shown(text)
    print(f"{name}: {text!r} becomes {after!r}")
    assert gr.Markdown().postprocess(text) == after
    assert html(after) != html(text)
    assert html(shown(text + "\n\nDone.")) == html(text + "\n\nDone.")
assert html(CASES["nested list"]).count("<ul>") == 2 and html(shown(CASES["nested list"])).count("<ul>") == 1
assert "<pre>" in html(CASES["code block"]) and "<pre>" not in html(shown(CASES["code block"]))
assert shown(CASES["parts of a step"]).endswith("\n\nUse a key.\n\nThen turn.")

held = gr.Chatbot().postprocess([{"role": "assistant", "content": CASES["nested list"]}])
back = gr.Chatbot().preprocess(held)
print("what the next event gets:", back[0]["content"])
assert back[0]["content"][0]["text"] == "- Open the valve\n- left one first"
PY
