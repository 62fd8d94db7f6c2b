"""Untrusted words made safe to show: HTML in which nothing is a tag, a picture or a link but what is ours.

The chat reads Markdown, and its own sanitiser removes scripts but keeps links, remote pictures, forms and overlays by
style (Gradio 6.31); an injected PDF could use those to send words away. So Markdown is rendered here, by a parser whose
rules for links, pictures and HTML are off, and the chat is given one line of HTML, in which it reads no Markdown. The
page's content policy is the second fence.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, MutableMapping, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.utils import OptionsDict

from rag.types import Support
from ui.words.language import current, told, tr

LONGEST_SHOWN = 4000  # characters of a question repeated in the chat
REMEMBERED = 512  # rendered answers: a running answer draws the whole conversation again and again
DEEPEST = 100  # blocks within blocks; what is nested deeper is left out

_LINKING = ("link", "image", "autolink", "reference", "html_inline", "html_block")
_MARKER = re.compile(r"\[(\d{1,3}(?:\s*[,;]\s*\d{1,3})*)\]")


def markdown(text: str, turn: int = 0, supports: Mapping[int, Support] | None = None) -> str:
    """Markdown as one line of HTML: emphasis, headings, lists, tables, code and quotes, no link, picture or HTML of it.

    ``[n]`` and ``[n, m]`` become links ``#cite-<turn>-<n>`` where all their numbers are in ``supports``; one whose
    evidence does not say it, or weakly, is marked as such. Markers in code stay as they are.
    """
    return _rendered(text, turn, tuple(sorted((supports or {}).items())), current())


@lru_cache(maxsize=REMEMBERED)
def _rendered(text: str, turn: int, supports: tuple[tuple[int, Support], ...], language: str) -> str:
    rendered: str = _PARSER.render(text, {"turn": turn, "supports": dict(supports)})
    return block(rendered) if rendered.strip() else ""


def block(content: str) -> str:
    """HTML of ours as the chat's Markdown takes it through unread: in a div, on one line.

    A line break inside would end the HTML where an empty line follows; as a character reference it is still one.
    """
    return f'<div class="ps-answer">{one_line(content.strip())}</div>'


def one_line(content: str) -> str:
    """HTML without line breaks; as character references they are still shown."""
    return content.replace("\r", "").replace("\n", "&#10;")


def question(text: str) -> str:
    """A person's question in the chat, as it was typed; cut where it is absurdly long."""
    if len(text) > LONGEST_SHOWN:
        text = f"{text[:LONGEST_SHOWN]}… ({tr('{count} characters', count=len(text))})"
    lines = "<br>".join(html.escape(line) for line in re.split(r"\r\n|\r|\n", text))
    return f'<div class="ps-asked">{lines}</div>'


def citation(turn: int, number: int, support: Support = "supported") -> str:
    """The link that opens a piece of evidence; reading software hears “Source n”."""
    words = {"unsupported": tr("not found in the evidence"), "weak": tr("only weakly supported")}.get(support)
    more = f' class="ps-{support}" title="{attribute(words)}"' if words else ""
    return f'<a href="#cite-{turn}-{number}"{more}><span class="ps-heard">{attribute(tr("Source"))} </span>{number}</a>'


def attribute(text: str) -> str:
    """Plain words for an HTML attribute or element."""
    return html.escape(" ".join(text.split()), quote=True)


def toast(text: str) -> str:
    """Words for a notification, which Gradio shows as HTML; of the packages below, in the language that is spoken."""
    return html.escape(told(text))


def _cite(state: StateInline, silent: bool) -> bool:
    """Inline rule: a marker whose numbers are all known."""
    if state.src[state.pos] != "[":
        return False
    match = _MARKER.match(state.src, state.pos, state.posMax)
    numbers = [int(n) for n in re.findall(r"\d+", match[1])] if match else []
    if match is None or not all(n in state.env["supports"] for n in numbers):
        return False
    if not silent:
        if state.pending.endswith(" "):
            state.pending = f"{state.pending[:-1]}\u00a0"  # stays with the word before it
        token = state.push("citation", "", 0)
        token.meta = {"numbers": numbers}
        token.content = match[0]
    state.pos = match.end()
    return True


def _draw(
    renderer: RendererHTML, tokens: Sequence[Token], at: int, options: OptionsDict, env: MutableMapping[str, Any]
) -> str:
    return "".join(citation(env["turn"], number, env["supports"][number]) for number in tokens[at].meta["numbers"])


def _name_cells(state: StateCore) -> None:
    """Core rule: each cell of a table knows the name of its column, which a phone shows above it: there the columns
    stand below each other."""
    names: list[str] = []
    column = 0
    for token, following in pairwise(state.tokens):
        if token.type == "table_open":
            names = []
        elif token.type == "tr_open":
            column = 0
        elif token.type == "th_open":
            names.append("".join(child.content for child in following.children or () if child.type == "text"))
        elif token.type == "td_open":
            token.meta = {"column": names[column] if column < len(names) else ""}
            column += 1


def _draw_cell(
    renderer: RendererHTML, tokens: Sequence[Token], at: int, options: OptionsDict, env: MutableMapping[str, Any]
) -> str:
    name = tokens[at].meta.get("column", "").strip()
    named = f'<span class="ps-column">{attribute(name)}</span>' if name else ""
    return f"{renderer.renderToken(tokens, at, options, env)}{named}"


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "breaks": True, "linkify": False, "maxNesting": DEEPEST})
    parser.enable(["table", "strikethrough"]).disable(_LINKING)
    parser.inline.ruler.before("escape", "citation", _cite)
    parser.core.ruler.push("columns", _name_cells)
    parser.add_render_rule("citation", _draw)
    parser.add_render_rule("td_open", _draw_cell)
    return parser


_PARSER = _parser()
