#!/usr/bin/env bash
# python-gedcom 1.1.0, beside ged4py 0.5.5, both from PyPI, Python 3.11, Linux (2026-12-01).
#
# Reads trees of families (GEDCOM 5.5.1). A date may be in another calendar, which is named before it, and a name may have the surname first ("/NAME_TEXT/ NAME_TEXT"), as in Hungary or
# Vietnam. The year of a person is the last word of the date, whatever calendar it is in, and a name ends at its surname:
#   in the file                         python-gedcom       is (ged4py)
#   @#DFRENCH R@ 1 VEND 3               year 3              year 3 of the Republic: 1794
#   @#DHEBREW@ 2 TVT 5758               year 5758           year 5758 of the Jewish era: 1998
#   11 FEB 1731/32                      -1, for "none"      1732, begun in March until then
#   /Nguyễn/ Văn A                      "", Nguyễn          Văn A, Nguyễn
#   12 JAN 1700, John /Smith/           1700; John, Smith   right
# So who was born in 1794 is not found among the births from 1700 to 1800 (birth_range_match). No error. (That what stands behind a surname is lost in "Jane /Lane/ Jr" is reported: issue 28.)
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q python-gedcom==1.1.0 ged4py==0.5.5
tools/bin/python -W ignore - <<'PY'
from ged4py.parser import GedcomReader
from gedcom.element.individual import IndividualElement
from gedcom.parser import Parser


def person(name: str, birth: str) -> tuple[IndividualElement, str, str]:
    """Somebody of this name and birth as python-gedcom reads it, and given name and kind of calendar by ged4py."""
    with open("made.ged", "w", encoding="utf-8") as file:
        file.write(f"0 HEAD\n1 CHAR UTF-8\n0 @I1@ INDI\n1 NAME {name}\n1 BIRT\n2 DATE {birth}\n0 TRLR\n")
    parser = Parser()
    parser.parse_file("made.ged")
    (one,) = [element for element in parser.get_root_child_elements() if isinstance(element, IndividualElement)]
    with GedcomReader("made.ged") as reader:
        (other,) = reader.records0("INDI")
        return one, other.name.given, other.sub_tag_value("BIRT/DATE").date.calendar.name


CASES = [  # name, birth, year and name seen, given name and calendar by ged4py
    ("John /Smith/", "@#DFRENCH R@ 1 VEND 3", 3, ("John", "Smith"), "John", "FRENCH_R"),
    ("John /Smith/", "@#DHEBREW@ 2 TVT 5758", 5758, ("John", "Smith"), "John", "HEBREW"),
    ("John /Smith/", "11 FEB 1731/32", -1, ("John", "Smith"), "John", "GREGORIAN"),
    ("/Nguyễn/ Văn A", "12 JAN 1700", 1700, ("", "Nguyễn"), "Văn A", "GREGORIAN"),
]
for name, birth, year, parts, given, calendar in CASES:
    one, other, kind = person(name, birth)
    print(name, birth, one.get_birth_year(), one.get_name(), other, kind)
    assert (one.get_birth_year(), one.get_name(), other, kind) == (year, parts, given, calendar), birth
assert not person("John /Smith/", "@#DFRENCH R@ 1 VEND 3")[0].birth_range_match(1700, 1800)
PY
