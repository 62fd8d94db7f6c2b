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
from mdit_py_plugins.front_matter import front_matter_plugin
from mdit_py_plugins.subscript import sub_plugin
from mdit_py_plugins.superscript import superscript_plugin

from ingestion.formats.tex import tex_text

BOX = re.compile(r"\[([ xX])\](?=\s)")
FENCE = "+++"  # of front matter in TOML, which no extension knows


def markdown_page(text: str) -> bytes:
    """A web page in UTF-8 with everything that a Markdown text says. HTML in it stays as it is, scripts and all."""
    toml, text = _toml(text)
    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    for plugin in (front_matter_plugin, footnote_plugin, deflist_plugin, sub_plugin, superscript_plugin):
        parser.use(plugin)
    parser.use(dollarmath_plugin, allow_space=False, allow_digits=False)  # "$5 and $7" are prices
    for kind in ("math_inline", "math_inline_double", "math_block", "math_block_label"):
        parser.add_render_rule(kind, _formula)
    parser.add_render_rule("footnote_anchor", lambda *_: "")  # the way back up is for browsers
    environment: dict[str, Any] = {}
    tokens = parser.parse(text, environment)
    _tick(tokens)
    body = parser.renderer.render(tokens, parser.options, environment)
    noted = "".join(_plain(token.content) for token in tokens if token.type == "front_matter")
    head = '<!DOCTYPE html><html><head><meta charset="utf-8"></head>'
    return f"{head}<body>{_plain(toml)}{noted}{body}</body></html>".encode()


def _formula(_: object, tokens: Sequence[Token], place: int, *__: object) -> str:
    said = html.escape(tex_text(tokens[place].content))
    return f"<p>{said}</p>" if tokens[place].block else said


def _toml(text: str) -> tuple[str, str]:
    """Front matter in TOML, which stands between lines of ``+++`` at the top; and the rest."""
    lines = text.removeprefix("\ufeff").split("\n")
    ends = [place for place, line in enumerate(lines) if line.strip() == FENCE]
    if len(ends) < 2 or ends[0] != 0:
        return "", text
    return "\n".join(lines[1 : ends[1]]), "\n".join(lines[ends[1] + 1 :])


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
