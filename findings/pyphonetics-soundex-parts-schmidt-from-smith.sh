#!/usr/bin/env bash
# pyphonetics 0.5.3 beside jellyfish 1.3.0, from PyPI, Python 3.11, Linux (2026-11-30).
#
# Soundex keeps a name's first letter and three digits for the consonants behind it. Letters of one digit side by side count as one, also
# at the beginning: the US National Archives ("The Soundex Indexing System") have Pfister, P-236, as their example, since P and f
# are both 1. pyphonetics gives such a second letter its digit:
#   name            pyphonetics     jellyfish, the rule
#   Pfister         P123            P236
#   Schmidt         S253            S530            Smith is S530 in both
#   Lloyd           L430            L300            Loyd is L300 in both
#   Scott           S230            S300
#   Pfeiffer        P116            P160
#   Jackson, Tymczak, Ashcraft, Gutierrez     J250, T522, A261, G362 in both
# So names that Soundex is there to bring together do not meet: sounds_like("Schmidt", "Smith") is False. No error.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools
tools/bin/python -m pip --disable-pip-version-check install -q pyphonetics==0.5.3 jellyfish==1.3.0
tools/bin/python - <<'PY'
import jellyfish
from pyphonetics import Soundex

CASES = {
    "Pfister": ("P123", "P236"),
    "Schmidt": ("S253", "S530"),
    "Lloyd": ("L430", "L300"),
    "Scott": ("S230", "S300"),
    "Pfeiffer": ("P116", "P160"),
    "Smith": ("S530", "S530"),
    "Loyd": ("L300", "L300"),
    "Jackson": ("J250", "J250"),
    "Tymczak": ("T522", "T522"),
    "Ashcraft": ("A261", "A261"),
    "Gutierrez": ("G362", "G362"),
}
soundex = Soundex()
for name, (seen, right) in CASES.items():
    found = soundex.phonetics(name)
    print(f"{name:10} {found} {jellyfish.soundex(name)}")
    assert (found, jellyfish.soundex(name)) == (seen, right), name
assert not soundex.sounds_like("Schmidt", "Smith") and not soundex.sounds_like("Lloyd", "Loyd")
PY
