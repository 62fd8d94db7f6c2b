#!/usr/bin/env bash
# PyMuPDF 2.0 (MuPDF 1.28.5) from PyPI, Python 3.11, Linux (2026-11-29).
#
# With TEXT_COLLECT_STYLES, which tells bold set by drawing letters twice, a text page takes the square of its letters: each
# one is compared with all before it. On a plain page of one font, nothing drawn twice, twice the letters take four times as
# long: 12, 54 and 225 ms for 4,000, 8,000 and 16,000 letters, where the same without the flag takes 1, 2 and 4 ms. A dense
# table page of 5,000 letters so spends most of its reading there. pymupdf4llm sets the flag.
# Seen: time at twice the letters, with the flag over 3 times, without below 3.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q pymupdf==2.0
seen=$(tools/bin/python - <<'PY'
import time
import pymupdf

PLAIN = pymupdf.TEXTFLAGS_RAWDICT
STYLES = PLAIN | pymupdf.TEXT_COLLECT_STYLES

def milliseconds(lines, flags):
    page = pymupdf.open().new_page(width=600, height=14 * lines + 40)
    for i in range(lines):
        page.insert_text((30, 20 + 14 * i), f"The pump stops when the tank is full and the float rises to its {i}", fontsize=9)
    took = []
    for _ in range(7):
        began = time.perf_counter()
        page.get_textpage(flags=flags)
        took.append(time.perf_counter() - began)
    return 1000 * min(took)

for name, flags in (("styles", STYLES), ("plain", PLAIN & ~pymupdf.TEXT_COLLECT_STYLES)):
    times = [milliseconds(lines, flags) for lines in (120, 240)]
    print(name, "over 3 times" if times[1] > 3 * times[0] else "below 3 times", [round(t, 1) for t in times])
PY
)
echo "$seen"
[ "$(sed 's/ \[.*//' <<<"$seen")" = "styles over 3 times
plain below 3 times" ]
