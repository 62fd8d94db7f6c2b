"""Untrusted words made safe to show: Markdown without HTML, pictures or hidden links.

Enters: text from a model, a PDF or a person. Leaves: Markdown or HTML text. Must not know: Gradio, evidence.

The chat's own sanitiser removes scripts but keeps remote pictures, forms and style overlays (Gradio 6.31), and an
injected PDF could use those to send words away; the page's content policy is the second fence.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping

UNSUPPORTED = "not found in the evidence"
LONGEST_SHOWN = 4000  # characters of a question repeated in the chat

_PICTURE = re.compile(r"!\[([^\]\n]*)\]\([^)\n]*\)")
_TAG = re.compile(r"<(?=[A-Za-z/!?])")
_DEFINITION = re.compile(r"^([ \t>*+-]*\[[^\]\n]+\]):", re.MULTILINE)
_DIAGRAM = re.compile(r"^([ \t>*+-]*(?:`{3,}|~{3,}))[ \t]*mermaid", re.MULTILINE | re.IGNORECASE)
_MARKER = re.compile(r"( ?)\[(\d{1,3}(?:\s*[,;]\s*\d{1,3})*)\](?!\()")


def markdown(text: str) -> str:
    """Markdown whose emphasis, lists, tables and code work, with no HTML, picture or disguised link left in it."""
    text = _PICTURE.sub(r"\1", text)
    text = _TAG.sub("&lt;", text)
    text = text.replace("![", "!\\[").replace("](", "]\\(")
    text = _DEFINITION.sub(r"\1\\:", text)
    return _DIAGRAM.sub(r"\1text", text)


def question(text: str) -> str:
    """A person's question as shown in the chat: safe, and cut where it is absurdly long."""
    if len(text) > LONGEST_SHOWN:
        text = f"{text[:LONGEST_SHOWN]}… ({len(text):,} characters)"
    return markdown(text)


def inline(text: str) -> str:
    """Plain words inside Markdown or HTML: nothing in them is markup, line breaks become blanks."""
    return re.sub(r"([\\`*_\[\]~|!#$])", r"\\\1", html.escape(" ".join(text.split()), quote=False))


def attribute(text: str) -> str:
    """Plain words for an HTML attribute or element."""
    return html.escape(" ".join(text.split()), quote=True)


def toast(text: str) -> str:
    """Words for a notification, which Gradio shows as HTML."""
    return html.escape(text)


def linked(text: str, turn: int, supported: Mapping[int, bool]) -> str:
    """Turn ``[n]`` and ``[n, m]`` into links ``#cite-<turn>-<n>``; unknown numbers stay as they are.

    A citation whose evidence does not say it carries :data:`UNSUPPORTED` as its title, which is how it is drawn dashed.
    """

    def link(number: int) -> str:
        title = "" if supported[number] else f' "{UNSUPPORTED}"'
        return f"[{number}](#cite-{turn}-{number}{title})"

    def replace(match: re.Match[str]) -> str:
        numbers = [int(n) for n in re.split(r"\s*[,;]\s*", match[2])]
        if not all(n in supported for n in numbers):
            return match[0]
        return match[1].replace(" ", "\u00a0") + "".join(link(n) for n in numbers)  # stays with the word before it

    return _MARKER.sub(replace, text)
