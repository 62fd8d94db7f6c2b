#!/usr/bin/env bash
# citerra 0.4.0, from PyPI, Python 3.11, Linux (2026-11-30).
#
# Reads BibTeX. A value between quotes ends at the first quote that no brace holds (btxdoc, O. Patashnik: a quote within such a value is
# written {"}); pybtex 0.26.1 and bibtexparser 2.1.0 read that. citerra ends it at the brace's quote, and all further fields of the entry are lost.
# It is silent in its default, strict way of reading; document.diagnostics is empty:
#   @article{a, title = "The {"}fast{"} pump at 5 bar", year = 1998, note = {new}}
#   citerra                             pybtex, bibtexparser
#   title 'The {'                       title 'The {"}fast{"} pump at 5 bar', year 1998, note new
# With {\"o} for ö, where a backslash stands before the quote, it reads rightly.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools
tools/bin/python -m pip --disable-pip-version-check install -q citerra==0.4.0 pybtex==0.26.1 bibtexparser==2.1.0
tools/bin/python - <<'PY'
import bibtexparser
import citerra
from pybtex.database import parse_string

TITLE = 'The {"}fast{"} pump at 5 bar'
ENTRY = f'@article{{a, title = "{TITLE}", year = 1998, note = {{new}}}}'
document = citerra.loads(ENTRY)
(entry,) = citerra.document_to_dicts(document)
print(entry, document.diagnostics)
assert entry == {"ENTRYTYPE": "article", "ID": "a", "title": "The {"}
assert not document.diagnostics
right = {"title": TITLE, "year": "1998", "note": "new"}
assert dict(parse_string(ENTRY, "bibtex").entries["a"].fields) == right
assert {field.key: field.value for field in bibtexparser.parse_string(ENTRY).entries[0].fields} == right
(entry,) = citerra.document_to_dicts(citerra.loads('@article{a, title = "G{\\"o}del", year = 1998}'))
assert entry["title"] == 'G{\\"o}del'
assert entry["year"] == "1998"
PY
