#!/usr/bin/env bash
# transliterate 1.10.2, from PyPI, Python 3.11, Linux (2026-11-30).
#
# translit(text, "ru", reversed=True) writes Russian in Latin letters, translit(text, "ru") back ("bi-directional transliterator", README). Both signs
# that have no sound become the same apostrophe, and this a capital soft sign, within words of small letters, too; ё becomes e and щ two letters. What comes
# back is no Russian word. iuliia 0.13.0 keeps the signs apart (" and '), and ISO 9 all letters:
#   word        Latin         back
#   мышь        mysh'         мышЬ
#   объект      ob'ekt        обЬект
#   щётка       schetka       счетка
#   эхо         eho           ехо
#   насос       nasos         насос, right
# No error.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q transliterate==1.10.2 iuliia==0.13.0
tools/bin/python - <<'PY'
import iuliia
from transliterate import translit

CASES = {
    "мышь": ("mysh'", "мышЬ"),
    "объект": ("ob'ekt", "обЬект"),
    "щётка": ("schetka", "счетка"),
    "эхо": ("eho", "ехо"),
    "насос": ("nasos", "насос"),
}
for word, seen in CASES.items():
    latin = translit(word, "ru", reversed=True)
    print(word, latin, translit(latin, "ru"))
    assert (latin, translit(latin, "ru")) == seen, word
assert iuliia.ISO_9_1954.translate("мышь объект") == "myšʹ ob\"ekt"
PY
