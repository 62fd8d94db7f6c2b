#!/usr/bin/env bash
# mammoth 1.13.0: of the two ways in which Word writes one and the same field, one loses its result; ruby its base text.
#
# Caption numbers, cross references and document properties are fields. Word writes them as runs between w:fldChar marks
# or, when short, as w:fldSimple around the result (ECMA-376 part 1, 17.16.18 and 17.16.19). mammoth keeps the result of
# the first and drops the second with all in it, so that "Figure 8: Suction side" becomes "Figure : Suction side".
# Of a word with furigana (w:ruby) not only the reading goes but also the word itself; an equation (m:oMath) leaves
# "Power  in watts". The messages say "An unrecognised element was ignored: w:fldSimple": ignored is its content, too.
# A caption of several documents made from one template may thus have its number in one and none in another.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet --disable-pip-version-check install mammoth==1.13.0
"$folder/venv/bin/python" - <<'PY'
import io
import zipfile

import mammoth

OFFICE = "http://schemas.openxmlformats.org"
TYPES = f"""<Types xmlns="{OFFICE}/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Override PartName="/word/document.xml"
 ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>"""
RELATIONS = f"""<Relationships xmlns="{OFFICE}/package/2006/relationships"><Relationship Id="r1"
 Type="{OFFICE}/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>"""


def run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


def converted(paragraph: str) -> tuple[str, list[str]]:
    body = f'<w:document xmlns:w="{OFFICE}/wordprocessingml/2006/main" xmlns:m="{OFFICE}/officeDocument/2006/math">'
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as parts:
        parts.writestr("[Content_Types].xml", TYPES)
        parts.writestr("_rels/.rels", RELATIONS)
        parts.writestr("word/document.xml", f"{body}<w:body><w:p>{paragraph}</w:p></w:body></w:document>")
    result = mammoth.convert_to_html(made)
    return result.value, [message.message for message in result.messages]


def mark(kind: str) -> str:
    return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'


long = mark("begin") + "<w:r><w:instrText> SEQ Figure </w:instrText></w:r>" + mark("separate") + run("8") + mark("end")
short = f'<w:fldSimple w:instr=" SEQ Figure ">{run("8")}</w:fldSimple>'
ruby = f"<w:r><w:ruby><w:rt>{run('でんあつ')}</w:rt><w:rubyBase>{run('電圧')}</w:rubyBase></w:ruby></w:r>"
equation = "<m:oMath><m:r><m:t>P=UI</m:t></m:r></m:oMath>"
found = {
    "w:fldChar": converted(run("Figure ") + long + run(": Suction side")),
    "w:fldSimple": converted(run("Figure ") + short + run(": Suction side")),
    "w:ruby": converted(run("定格 ") + ruby + run(" 230V")),
    "m:oMath": converted(run("Power ") + equation + run(" in watts")),
}
for name, (html, messages) in found.items():
    print(f"{name:12} {html}  {messages}")
assert found["w:fldChar"] == ("<p>Figure 8: Suction side</p>", [])
assert found["w:fldSimple"][0] == "<p>Figure : Suction side</p>"
assert found["w:ruby"][0] == "<p>定格  230V</p>"
assert found["m:oMath"][0] == "<p>Power  in watts</p>"
assert all(messages for name, (_, messages) in found.items() if name != "w:fldChar")
PY
