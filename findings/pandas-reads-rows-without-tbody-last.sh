#!/usr/bin/env bash
# pandas 3.1.1 with lxml 6.1.3, beside its own second parser (html5lib 1.1), from PyPI, Python 3.11, Linux (2026-11-30).
#
# The tags of a tbody may be left out where its first thing is a row (HTML, 13.1.2.4, "Optional tags"), so a table may begin or go on
# with rows that stand in no written tbody, beside one that does. read_html() gathers the rows of all written bodies first and those
# outside after them (pandas/io/html.py, _parse_tbody_tr: "HTML spec: at most one of these lists has content", which is so once a browser
# has put the tbody in), so that rows change places, without a message:
#   rows of the table, in order                     default (lxml)                  flavor="html5lib"
#   Type Mass | <tbody> KX 5 | MZ 6 </tbody>        KX 5, MZ 6, Type Mass           KX 5, MZ 6, under the head Type Mass
#   <tbody> KX 5 </tbody> MZ 6 <tbody> QT 7         KX 5, QT 7, MZ 6                KX 5, MZ 6, QT 7
# In the first, the head is the last row, the columns have numbers for names, and so 5 and 6 are texts. lxml itself gives the rows in
# their order; html5lib puts the tbody in, as browsers do. The steps of a procedure, numbered by their rows, are told in another order.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools
tools/bin/python -m pip --disable-pip-version-check install -q pandas==3.1.1 lxml==6.1.3 html5lib==1.1 beautifulsoup4==4.15.0
tools/bin/python -W ignore - <<'PY'
import io

import lxml.html
import pandas as pd


def row(tag: str, *cells: str) -> str:
    return "<tr>" + "".join(f"<{tag}>{cell}</{tag}>" for cell in cells) + "</tr>"


def read(html: str, **options: str) -> tuple[list[object], list[list[object]]]:
    (table,) = pd.read_html(io.StringIO(html), **options)
    return list(table.columns), table.to_numpy(dtype=object).tolist()


head, body = row("th", "Type", "Mass"), row("td", "KX", "5") + row("td", "MZ", "6")
first = f"<table>{head}<tbody>{body}</tbody></table>"
print("lxml    ", read(first), "\nhtml5lib", read(first, flavor="html5lib"))
assert read(first) == ([0, 1], [["KX", "5"], ["MZ", "6"], ["Type", "Mass"]])
assert read(first, flavor="html5lib") == (["Type", "Mass"], [["KX", 5], ["MZ", 6]])
assert [cell.text for cell in lxml.html.fromstring(first).iter("th", "td")] == ["Type", "Mass", "KX", "5", "MZ", "6"]

between = (
    f"<table><thead>{head}</thead><tbody>{row('td', 'KX', '5')}</tbody>{row('td', 'MZ', '6')}"
    f"<tbody>{row('td', 'QT', '7')}</tbody></table>"
)
print("lxml    ", read(between), "\nhtml5lib", read(between, flavor="html5lib"))
assert read(between) == (["Type", "Mass"], [["KX", 5], ["QT", 7], ["MZ", 6]])
assert read(between, flavor="html5lib") == (["Type", "Mass"], [["KX", 5], ["MZ", 6], ["QT", 7]])
PY
