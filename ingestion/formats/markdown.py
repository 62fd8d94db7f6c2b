"""Markdown as HTML, by CommonMark with what else people write.

That is tables, footnotes, lists of terms, front matter, formulas in TeX, raised and lowered characters (10^6^, CO~2~).

MuPDF reads Markdown, too, but takes the front matter of a note for a heading, writes "[image]" for a picture,
whatever its description says, and draws tables without lines. As a web page it is mended where web pages are.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.subscript import sub_plugin
from mdit_py_plugins.superscript import superscript_plugin

from ingestion.formats.tex import tex_text

BOX = re.compile(r"\[([ xX])\](?=\s)")
FENCES = {"---": ("---", "..."), "+++": ("+++",)}
"""Lines that front matter in YAML or TOML begins with, and those that end it."""
FIELD = re.compile(r"""(?:[\w"'][^:=]*(?::(?:\s|$)|=)|\#|\[)""")
"""How its first line begins; below a rule that is only drawn, there is another, or none."""


def markdown_page(text: str) -> bytes:
    """A web page in UTF-8 with everything that a Markdown text says. HTML in it stays as it is, scripts and all."""
    front, text = _front_matter(text)
    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    for plugin in (footnote_plugin, deflist_plugin, sub_plugin, superscript_plugin):
        parser.use(plugin)
    parser.use(dollarmath_plugin, allow_space=False, allow_digits=False)  # "$5 and $7" are prices
    for kind in ("math_inline", "math_inline_double", "math_block", "math_block_label"):
        parser.add_render_rule(kind, _formula)
    parser.add_render_rule("footnote_anchor", lambda *_: "")  # the way back up is for browsers
    environment: dict[str, Any] = {}
    tokens = parser.parse(text, environment)
    unused = [label[1:] for label, used in environment.get("footnotes", {}).get("refs", {}).items() if used < 0]
    if unused:  # the plugin leaves them out
        environment = {}
        tokens = parser.parse(_as_paragraphs(text, unused), environment)
    _tick(tokens)
    body = parser.renderer.render(tokens, parser.options, environment)
    head = '<!DOCTYPE html><html><head><meta charset="utf-8"></head>'
    return f"{head}<body>{_plain(front)}{body}</body></html>".encode()


def _formula(_: object, tokens: Sequence[Token], place: int, *__: object) -> str:
    said = html.escape(tex_text(tokens[place].content))
    return f"<p>{said}</p>" if tokens[place].block else said


def _front_matter(text: str) -> tuple[str, str]:
    """What stands between two lines of ``---`` or ``+++`` at the top, where it begins as such; and the rest."""
    lines = text.removeprefix("\ufeff").split("\n")
    ends = FENCES.get(lines[0].strip(), ())
    end = next((place for place, line in enumerate(lines[1:], start=1) if line.strip() in ends), 0)
    if end < 2 or not FIELD.match(lines[1]):
        return "", text
    return "\n".join(lines[1:end]), "\n".join(lines[end + 1 :])


def _as_paragraphs(text: str, labels: Sequence[str]) -> str:
    """A text in which footnotes that nothing refers to are paragraphs where they stand."""
    named = "|".join(map(re.escape, labels))
    return re.sub(rf"^ {{0,3}}\[\^({named})\]:[ \t]*", r"\n\[\1\] ", text, flags=re.MULTILINE)


def _plain(front: str) -> str:
    """The lines of front matter as one paragraph, line by line."""
    lines = [html.escape(line.strip()) for line in front.splitlines() if line.strip()]
    return f"<p>{'<br>'.join(lines)}</p>" if lines else ""


def _tick(tokens: Sequence[Token]) -> None:
    """Boxes of task lists as the signs that people see."""
    for token in _first_words(tokens):
        token.content = BOX.sub(lambda box: "☐" if box[1] == " " else "☒", token.content, count=1)


def _first_words(tokens: Sequence[Token]) -> Iterator[Token]:
    """The text with which a point of a list begins, where that is a box."""
    for place, token in enumerate(tokens):
        opens = [before.type for before in tokens[max(0, place - 2) : place]]
        begins = token.type == "inline" and opens == ["list_item_open", "paragraph_open"]
        if begins and token.children and BOX.match(token.children[0].content):
            yield token.children[0]
