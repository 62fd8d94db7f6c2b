"""Notices over the page: a word or two on what has become of the act, in bold, and the sentence that says why.

Gradio shows notices as HTML, and above them "Warning" or "Error" whatever title they are given (6.31). The page hides
that (``ui/assets/style.css``), and the title stands before the words.
"""

from __future__ import annotations

import gradio as gr

from ui.shown import safe


def tell(words: str, title: str = "") -> None:
    """Show a notice; ``words`` may come from documents or the packages below, and are said in the language that is
    spoken now."""
    before = f"<b>{safe.attribute(title)}</b> " if title else ""
    gr.Warning(f"{before}{safe.toast(words)}")
