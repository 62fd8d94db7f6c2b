#!/usr/bin/env bash
# pubmed_parser 0.5.1, from PyPI, Python 3.11, Linux (2026-11-30).
#
# parse_pubmed_table() reads the tables of an article in JATS (the XML of PubMed Central) as columns and values. Tables there are those of
# HTML (JATS 1.3, <table>): cells span rows and columns, in most tables of measurements. Of the rows those with the commonest number of cells
# are kept and all others dropped; heads of two lines are put one behind the other. No error. Of the columns Type, min, max:
#   in the article                                       table_columns                    table_values
#   A 1 2 / B (two rows) 3 4 / 5 6 / C 7 8               Type min max                     A 1 2 / B 3 4 / C 7 8      "5 6" is gone
#   A 1 2 / Pumps (three columns) / B 3 4                Type min max                     A 1 2 / B 3 4              "Pumps" is gone
#   head: Type (two rows), Pressure (two columns)        Type Pressure min max            A 1 2                      four heads, three values:
#         / min max; body: A 1 2                                                                                     min of A is "Pressure", max "min"
#   A, 10 and a raised 6, 1 with a mark "2" of a note    Type min max                     A 106 12
#   A, p ≠ 5, 2 Ω                                        Type min max                     A "p  5" "2 O"
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q pubmed_parser==0.5.1 unidecode==1.4.0
cat >look.py <<'PY'
import pubmed_parser

HEAD = "<tr><th>Type</th><th>min</th><th>max</th></tr>"
COLUMNS = ["Type", "min", "max"]
A, B, C = (f"<tr><td>{row[0]}</td><td>{row[1]}</td><td>{row[2]}</td></tr>" for row in ("A12", "B34", "C78"))


def read(head: str, body: str) -> tuple[list[str], list[list[str]]]:
    with open("article.nxml", "w", encoding="utf-8") as file:
        file.write(
            '<article><front><article-meta><article-id pub-id-type="pmid">1</article-id>'
            '<article-id pub-id-type="pmc">PMC2</article-id></article-meta></front><body><sec><title>Results</title>'
            '<p>See <xref ref-type="table" rid="t1">Table 1</xref>.</p><table-wrap id="t1"><label>Table 1</label><caption><p>Limits'
            f"</p></caption><table><thead>{head}</thead><tbody>{body}</tbody></table></table-wrap></sec></body></article>"
        )
    (table,) = pubmed_parser.parse_pubmed_table("article.nxml", return_xml=False)
    print(table["table_columns"], table["table_values"])
    return table["table_columns"], table["table_values"]


assert read(HEAD, A + B + C) == (COLUMNS, [list("A12"), list("B34"), list("C78")])
spanned = '<tr><td rowspan="2">B</td><td>3</td><td>4</td></tr><tr><td>5</td><td>6</td></tr>'
assert read(HEAD, A + spanned + C) == (COLUMNS, [list("A12"), list("B34"), list("C78")])
assert read(HEAD, A + '<tr><td colspan="3">Pumps</td></tr>' + B) == (COLUMNS, [list("A12"), list("B34")])
two = '<tr><th rowspan="2">Type</th><th colspan="2">Pressure</th></tr><tr><th>min</th><th>max</th></tr>'
assert read(two, A) == (["Type", "Pressure", "min", "max"], [list("A12")])
raised = '<tr><td>A</td><td>10<sup>6</sup></td><td>1<xref ref-type="table-fn" rid="n2">2</xref></td></tr>'
assert read(HEAD, raised)[1] == [["A", "106", "12"]]
assert read(HEAD, "<tr><td>A</td><td>p ≠ 5</td><td>2 Ω</td></tr>")[1] == [["A", "p  5", "2 O"]]
PY
tools/bin/python look.py
