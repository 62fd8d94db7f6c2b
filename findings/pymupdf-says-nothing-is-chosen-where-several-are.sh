#!/usr/bin/env bash
# PyMuPDF 2.0: a list field in which several entries are chosen has the value "", as one in which none is.
#
# A list box with the flag MultiSelect holds what is chosen as an array of strings in /V, and their places in /I
# (ISO 32000-1, 12.7.4.4, table 231). Of three lists with the entries 230 V, 110 V, 24 V
#   /V (110 V)              field_value '110 V'
#   /V [(110 V)]            field_value ''
#   /V [(230 V) (24 V)]     field_value ''
#   no /V                   field_value ''
# so that forms read by Page.widgets() lose these answers in silence. The array is in xref_get_key(widget.xref, "V"). Page
# pictures show the chosen entries, where the file has an appearance.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet --disable-pip-version-check install pymupdf==2.0
"$folder/venv/bin/python" - <<'PY'
import pymupdf

ENTRIES = ["230 V", "110 V", "24 V"]
CHOSEN = {"string": "(110 V)", "array_of_one": "[(110 V)]", "array_of_two": "[(230 V)(24 V)]", "none": "null"}
PLACES = {"string": "[1]", "array_of_one": "[1]", "array_of_two": "[0 2]", "none": "null"}
doc = pymupdf.open()
page = doc.new_page()
for row, name in enumerate(CHOSEN):
    field = pymupdf.Widget()
    field.field_type, field.field_name = pymupdf.PDF_WIDGET_TYPE_LISTBOX, name
    field.field_flags, field.choice_values = 1 << 21, ENTRIES  # MultiSelect
    field.rect = pymupdf.Rect(50, 50 + 100 * row, 200, 120 + 100 * row)
    page.add_widget(field)
for field in page.widgets():
    doc.xref_set_key(field.xref, "V", CHOSEN[field.field_name])
    doc.xref_set_key(field.xref, "I", PLACES[field.field_name])
doc = pymupdf.open(stream=doc.tobytes())
said = {}
for field in doc[0].widgets():
    assert field.choice_values == ENTRIES
    said[field.field_name] = field.field_value
    print(f"{field.field_name:13} /V {doc.xref_get_key(field.xref, 'V')[1]:18} field_value {field.field_value!r}")
assert said == {"string": "110 V", "array_of_one": "", "array_of_two": "", "none": ""}
PY
