r"""Markdown as plain words, to be pasted where no markup is read: a mail, a ticket, a note.

>>> print(plain_text("**Set** it [1]:\n\n1. off\n2. on\n\n| Code | Meaning |\n|---|---|\n| E6 | Fan |"))
Set it [1]:
<BLANKLINE>
1. off
2. on
<BLANKLINE>
Code: E6; Meaning: Fan

A row of a table is a line with the names of its columns, or the cells with a bar between them where there are no names.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

INDENT = "   "  # of what stands in a list below its first line
_PARSER = (
    MarkdownIt("commonmark", {"html": False, "maxNesting": 100})
    .enable(["table", "strikethrough"])
    .disable(["link", "image", "autolink", "reference", "html_inline", "html_block"])
)


def plain_text(text: str) -> str:
    """The words alone, with numbers and dashes of lists, and an empty line between blocks."""
    return "\n\n".join(_blocks(SyntaxTreeNode(_PARSER.parse(text)).children)).strip()


def _blocks(nodes: Sequence[SyntaxTreeNode]) -> Iterator[str]:
    for node in nodes:
        if node.type in ("bullet_list", "ordered_list"):
            yield "\n".join(_items(node))
        elif node.type == "table":
            yield "\n".join(_rows(node))
        elif node.type in ("fence", "code_block"):
            yield node.content.rstrip("\n")
        elif node.type == "hr":
            continue
        elif node.children and node.type in ("blockquote", "root"):
            yield from _blocks(node.children)
        else:
            yield _words(node)


def _items(items: SyntaxTreeNode) -> Iterator[str]:
    first = int(items.attrs.get("start", 1)) if items.type == "ordered_list" else 0
    for number, item in enumerate(items.children, first):
        sign = f"{number}. " if items.type == "ordered_list" else "- "
        lines = "\n".join(_blocks(item.children)).splitlines() or [""]
        yield "\n".join([sign + lines[0], *(INDENT + line for line in lines[1:])])


def _rows(table: SyntaxTreeNode) -> Iterator[str]:
    rows = [[_words(cell) for cell in row.children] for part in table.children for row in part.children]
    names, *others = rows
    if not any(names) or not others:
        yield from (" | ".join(row) for row in rows if any(row))
        return
    for row in others:
        pairs = zip(names, row, strict=False)
        yield "; ".join(f"{name}: {cell}" if name else cell for name, cell in pairs if cell)


def _words(node: SyntaxTreeNode) -> str:
    if node.type in ("softbreak", "hardbreak"):
        return "\n"
    if node.children:
        return "".join(map(_words, node.children))
    return node.content
