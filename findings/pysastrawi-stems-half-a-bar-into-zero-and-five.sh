#!/usr/bin/env bash
# PySastrawi 1.2.1, from PyPI, Python 3.11, Linux (2026-11-30).
#
# The stemmer of Indonesian in most recipes for search: stem(text) "Stem a text string to its common stem form" takes a whole text. Before it
# splits the text into words it puts a blank in place of every sign but a–z, 0–9, blank and hyphen (Stemmer/Filter/TextNormalizer.py), so that
# numbers fall apart at their point or comma and symbols of units lose what is no letter of ASCII:
#   text                   stem()                  as if it said
#   tekanan 0,5 bar        tekan 0 5 bar           pressure 0 5 bar
#   tebal 10 µm            tebal 10 m              thickness 10 m
#   5 kΩ, 3 Ω              5 k 3
#   suhu < 40 °C           suhu 40 c               temperature 40 c
#   50/60 Hz               50 60 hz
#   suhu -5 C              suhu -5 c               the hyphen stays
# The stop words of the same package, which its examples take out first, are words of denial and warning, too, as long as they are
# written small: "jangan tekan tombol" (do not press the button) becomes "tekan tombol", "mesin tidak panas" (the machine is not hot)
# "mesin panas". No error.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools
tools/bin/python -m pip --disable-pip-version-check install -q PySastrawi==1.2.1
tools/bin/python - <<'PY'
from Sastrawi.Stemmer.StemmerFactory import StemmerFactory
from Sastrawi.StopWordRemover.StopWordRemoverFactory import StopWordRemoverFactory

STEMS = {
    "tekanan 0,5 bar": "tekan 0 5 bar",
    "tebal 10 µm": "tebal 10 m",
    "5 kΩ, 3 Ω": "5 k 3",
    "suhu < 40 °C": "suhu 40 c",
    "50/60 Hz": "50 60 hz",
    "suhu -5 C": "suhu -5 c",
    "pemanasan": "panas",
}
LEFT = {
    "jangan tekan tombol": "tekan tombol",
    "mesin tidak panas": "mesin panas",
    "Jangan tekan tombol": "Jangan tekan tombol",
}
stemmer = StemmerFactory().create_stemmer()
remover = StopWordRemoverFactory().create_stop_word_remover()
for call, cases in ((stemmer.stem, STEMS), (remover.remove, LEFT)):
    for text, seen in cases.items():
        found = call(text)
        print(f"{text:22} {found}")
        assert found == seen, text
PY
