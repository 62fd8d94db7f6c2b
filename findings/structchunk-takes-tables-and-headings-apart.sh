#!/usr/bin/env bash
# structchunk 0.1.0, from PyPI, Python 3.11, Linux (2026-12-01).
#
# Parts Markdown into pieces that "respect the document structure": tables are split at rows only, and each piece keeps the heads. It puts a blank line between all rows, also of a small table that stays in one piece, and
# before the line below a heading that is underlined:
#   given                                   in the piece
#   | Bolt | Torque |  / |---|---| / rows   heads, rule, blank line, "| M6 | 9 Nm |", blank line, "| M8 | 22 Nm |"
#   Torques / -------                       "Torques", blank line, "-------": a paragraph and a rule across the page
# "The table is broken at the first empty line" (GitHub Flavored Markdown, 4.10), and a setext heading has its underline right below (CommonMark, 4.3). As markdown-it-py 4.2.0 reads the piece, the table has no row, its
# rows are paragraphs with bars, and "Torques" is no heading. Nothing is said of it.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q structchunk==0.1.0 markdown-it-py==4.2.0
tools/bin/python - <<'PY'
import structchunk
from markdown_it import MarkdownIt

GIVEN = "# Pump\n\nTorques\n-------\n\n| Bolt | Torque |\n|---|---|\n| M6 | 9 Nm |\n| M8 | 22 Nm |\n"
read = MarkdownIt().enable("table").parse


def count(text):
    names = [token.type for token in read(text)]
    return names.count("td_open"), names.count("heading_open")


for parted in (structchunk.chunk_hierarchical, structchunk.chunk_linear):
    pieces = [piece.content for piece in parted(GIVEN)]
    print(pieces)
    whole = "\n\n".join(pieces)
    assert "|---|---|\n\n| M6 | 9 Nm |\n\n| M8 | 22 Nm |" in whole
    assert "Torques\n\n-------" in whole
    assert count(GIVEN) == (4, 2) and count(whole) == (0, 1)
PY
