#!/usr/bin/env bash
# markdown-to-mrkdwn 0.3.3, from PyPI, Python 3.11, Linux (2026-11-30).
#
# Turns Markdown into what Slack shows. A star between blanks opens no emphasis in Markdown (CommonMark 0.31.2, 6.2: a left-flanking delimiter
# run is "not followed by Unicode whitespace"), and within a code span nothing does (6.1). Both are turned into the underscores of Slack's
# italics; a star behind a backslash, which is a star, too. slackify-markdown 0.2.4, on the same texts, and markdown-it-py read them rightly:
#   Markdown           markdown-to-mrkdwn     slackify-markdown
#   2 * 3 * 4          2 _ 3 _ 4              2 * 3 * 4
#   `a*b*c`            `a_b_c`                `a*b*c`
#   \*x\*              \_x\_                  *x*
#   5 \* 3             5 \* 3                 5 * 3
#   *a*                _a_                    _a_
# A formula and a line of code say something else. No warning.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools
tools/bin/python -m pip --disable-pip-version-check install -q markdown-to-mrkdwn==0.3.3 slackify-markdown==0.2.4 markdown-it-py==4.3.0
tools/bin/python - <<'PY'
from markdown_it import MarkdownIt
from markdown_to_mrkdwn import SlackMarkdownConverter
from slackify_markdown import slackify_markdown

CASES = {
    "2 * 3 * 4": ("2 _ 3 _ 4", "2 * 3 * 4", "<p>2 * 3 * 4</p>"),
    "`a*b*c`": ("`a_b_c`", "`a*b*c`", "<p><code>a*b*c</code></p>"),
    r"\*x\*": (r"\_x\_", "*x*", "<p>*x*</p>"),
    r"5 \* 3": (r"5 \* 3", "5 * 3", "<p>5 * 3</p>"),
    "*a*": ("_a_", "_a_", "<p><em>a</em></p>"),
}
for text, (seen, other, html) in CASES.items():
    written = SlackMarkdownConverter().convert(text)
    print(text, written, slackify_markdown(text).strip(), MarkdownIt().render(text).strip())
    assert written == seen, text
    assert (slackify_markdown(text).strip(), MarkdownIt().render(text).strip()) == (other, html), text
PY
