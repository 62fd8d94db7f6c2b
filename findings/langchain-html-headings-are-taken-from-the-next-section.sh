#!/usr/bin/env bash
# langchain-text-splitters 1.1.3 with beautifulsoup4 4.15.0, from PyPI, Python 3.11, Linux (2026-11-30).
#
# HTMLHeaderTextSplitter "associates the extracted text with metadata corresponding to the encountered headers"; by default "content
# under the same header hierarchy is aggregated". The last text of a section loses its heading where the section has an element of
# its own, as pages have, and text follows it. Of
#   <h1>Manual</h1> <section><h2>KX</h2><p>Mass 18 kg</p></section> <p>See the web.</p>
# the chunks below the headings are
#   as should be, and with return_each_element=True    KX: 'Mass 18 kg'    Manual: 'See the web.'
#   by default                                         Manual: 'Mass 18 kg  \nSee the web.'
# Without an h1 the mass has no heading at all, and no chunk says whose it is. The headings that end are taken off before what was
# gathered under them is handed out (html.py, _generate_documents).
# Words move, too: "Do <b>not</b> open <i>valve A</i> now." is read 'Do open now.  \nnot  \nvalve A', the heading "CO<sub>2</sub>
# sensor" as 'CO sensor'. For HTMLSemanticPreservingSplitter of the same package moved words are known (issue 38404 of langchain).
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q \
    langchain-text-splitters==1.1.3 beautifulsoup4==4.15.0
tools/bin/python - <<'PY'
from langchain_text_splitters import HTMLHeaderTextSplitter

HEADINGS = [("h1", "1"), ("h2", "2")]


def chunks(html: str, each: bool = False) -> list[tuple[str, str]]:
    """(The headings that a chunk is said to stand under, its text) of the chunks of a page."""
    found = HTMLHeaderTextSplitter(HEADINGS, return_each_element=each).split_text(f"<html><body>{html}</body></html>")
    return [(" > ".join(one.metadata.values()), one.page_content) for one in found]


SECTION = "<section><h2>KX</h2><p>Mass 18 kg</p></section>"
AFTER = "<p>See the web.</p>"
for html in ("<h1>Manual</h1>" + SECTION + AFTER, SECTION + AFTER, "<h1>Manual</h1>" + SECTION):
    print(html)
    for each in (True, False):
        print(f"  each element {each!s:5}", chunks(html, each))
head = [("Manual", "Manual"), ("Manual > KX", "KX")]
right = [*head, ("Manual > KX", "Mass 18 kg")]
assert chunks("<h1>Manual</h1>" + SECTION) == right
assert chunks("<h1>Manual</h1>" + SECTION + AFTER, each=True) == [*right, ("Manual", "See the web.")]
assert chunks("<h1>Manual</h1>" + SECTION + AFTER) == [*head, ("Manual", "Mass 18 kg  \nSee the web.")]
assert chunks(SECTION + AFTER) == [("KX", "KX"), ("", "Mass 18 kg  \nSee the web.")]
moved = chunks("<h2>CO<sub>2</sub> sensor</h2><p>Do <b>not</b> open <i>valve A</i> now.</p>")
print(moved)
assert moved == [("CO sensor", "CO sensor"), ("CO sensor", "2  \nDo open now.  \nnot  \nvalve A")]
PY
