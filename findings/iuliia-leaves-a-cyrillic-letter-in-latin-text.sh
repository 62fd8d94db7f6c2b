#!/usr/bin/env bash
# iuliia 0.13.0, from PyPI, Python 3.11, Linux (2026-11-30).
#
# "Transliterate Cyrillic → Latin": "all major international and national standards" (README). Ё and ё are the Latin Ë and ë in GOST 7.79-2000 (system A, as in ISO 9:1995), in
# scholarly transliteration and in ALA-LC, and yë or ë in BGN/PCGN 1947. Seven schemes leave the Cyrillic letters as they are; the two alphabets
# look alike, so that nobody sees it and no search for the Latin word finds it. UZ leaves the soft sign:
#   Ёж, мель by …                                            seen                        is
#   GOST_779, GOST_16876, SCIENTIFIC, UNGEGN_1987            Ё (U+0401) and ž            Ë (U+00CB) and ž
#   ALA_LC, BS_2979, BGN_PCGN                                Ё zh, Yё zh with U+0451     Ë, Yë
#   UZ                                                       Yoj, melь                   no soft sign
#   ISO_9_1968                                               Ëž with U+00CB              right
# No error: "Щёки" == "Ŝëki" is what a reader sees and a program denies.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q iuliia==0.13.0
tools/bin/python - <<'PY'
import unicodedata

import iuliia


def left(scheme: str, text: str) -> str:
    written = getattr(iuliia, scheme).translate(text)
    print(scheme, written)
    return "".join(sign for sign in written if unicodedata.name(sign, "").startswith("CYRILLIC"))


for scheme in ("GOST_779", "GOST_16876", "SCIENTIFIC", "UNGEGN_1987", "ALA_LC", "BS_2979", "BGN_PCGN"):
    assert left(scheme, "щётка") == "ё", scheme
    assert left(scheme, "щека") == "", scheme
assert left("UZ", "мель") == "ь"
for scheme in ("ISO_9_1968", "WIKIPEDIA", "ICAO_DOC_9303"):
    assert left(scheme, "щётка Ёж мель") == "", scheme
for scheme, first in (("ISO_9_1968", "\u00cb"), ("GOST_779", "\u0401")):
    assert unicodedata.normalize("NFC", getattr(iuliia, scheme).translate("Ёж"))[0] == first, scheme
PY
