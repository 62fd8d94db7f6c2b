#!/usr/bin/env bash
# odfpy 1.4.1 beside odfdo 3.27.3, from PyPI, Python 3.11, Linux (2026-11-30).
#
# teletype.extractText() is odfpy's way from an OpenDocument text to plain text ("handling whitespace correctly"). Notes, remarks and
# deleted passages stand inside the paragraph at their place in the file. It writes all of them into the sentence, the number of the
# note and the author of the remark too, without a blank, so that numbers become other numbers:
#   in the document                                      extractText()               odfdo
#   Torque 10¹ Nm, footnote 1: "2 tests"                 Torque 1012 tests Nm        Torque 10[1] Nm, the note below
#   Torque 10 Nm, remark by Ann: "or 12?"                Torque 10Annor 12? Nm       Torque 10[*] Nm, the remark below
#   Torque 14 Nm, where Ann deleted "10 Nm" before       Ann10 NmTorque 14 Nm        Torque 14 Nm
# The last is of a document whose changes are kept; what is deleted comes first, as it does in the file. Tabs and line ends are right.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools
tools/bin/python -m pip --disable-pip-version-check install -q odfpy==1.4.1 odfdo==3.27.3
tools/bin/python -W ignore - <<'PY'
from zipfile import ZipFile

from odf import teletype
from odf.opendocument import load
from odfdo import Document

OASIS = "urn:oasis:names:tc:opendocument:xmlns"
MANIFEST = (
    f'<m:manifest xmlns:m="{OASIS}:manifest:1.0" m:version="1.2"><m:file-entry m:full-path="/" '
    'm:media-type="application/vnd.oasis.opendocument.text"/>'
    '<m:file-entry m:full-path="content.xml" m:media-type="text/xml"/></m:manifest>'
)
CONTENT = (
    f'<o:document-content xmlns:o="{OASIS}:office:1.0" xmlns:t="{OASIS}:text:1.0" xmlns:d="http://purl.org/dc/elements/1.1/" '
    'o:version="1.2"><o:body><o:text>{}</o:text></o:body></o:document-content>'
)
NOTE = (
    '<t:note t:id="n" t:note-class="footnote"><t:note-citation>1</t:note-citation>'
    "<t:note-body><t:p>2 tests</t:p></t:note-body></t:note>"
)
REMARK = "<o:annotation><d:creator>Ann</d:creator><t:p>or 12?</t:p></o:annotation>"
DELETED = (
    '<t:tracked-changes><t:changed-region t:id="c"><t:deletion><o:change-info><d:creator>Ann</d:creator>'
    "</o:change-info><t:p>10 Nm</t:p></t:deletion></t:changed-region></t:tracked-changes>"
)
CASES = [  # body, odfpy, beginning of odfdo's text
    (f"<t:p>Torque 10{NOTE} Nm</t:p>", "Torque 1012 tests Nm", "Torque 10[1] Nm\n"),
    (f"<t:p>Torque 10{REMARK} Nm</t:p>", "Torque 10Annor 12? Nm", "Torque 10[*] Nm\n"),
    (f'{DELETED}<t:p>Torque <t:change t:change-id="c"/>14 Nm</t:p>', "Ann10 NmTorque 14 Nm", "Torque 14 Nm\n"),
    ('<t:p>a<t:tab/>c<t:line-break/>d</t:p>', "a\tc\nd", "a\tc\nd"),
]
for body, seen, right in CASES:
    with ZipFile("made.odt", "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        package.writestr("META-INF/manifest.xml", MANIFEST)
        package.writestr("content.xml", CONTENT.format(body))
    found = teletype.extractText(load("made.odt").text)
    other = Document("made.odt").get_formatted_text()
    print(repr(found), repr(other))
    assert found == seen and other.startswith(right), body
PY
