#!/usr/bin/env bash
# num2words 0.5.14, from PyPI, Python 3.11, Linux (2026-11-30).
#
# Writes numbers in words, for some sixty languages. In Vietnamese a negative number is looked up
# in the list of numbers below 20 from its end; in Bengali the sign is dropped; in both, and in Persian, noughts behind the point are:
#   number     Vietnamese                        Bengali                          Persian                   English
#   -1         mười chín (nineteen)              এক (one)                         منفی یک: right            minus one
#   -5         mười lăm (fifteen)                পাঁচ (five)                        منفی پنج: right           minus five
#   -12        tám (eight)                       বারো (twelve)                    right                     minus twelve
#   -1.5       mười chín phẩy năm mươi (19.50)   এক দশমিক পাঁচ (1.5)                right                     minus one point five
#   1.05       một phẩy năm (1.5)                এক দশমিক পাঁচ (1.5)                یک و نیم (one and a half)  one point zero five
#   12, 1.5    right
# No error down to -20 in Vietnamese. (Reported are the noughts in Turkish and Russian, issues 456 and 487 of num2words; and -0.5 has no
# minus in most languages.)
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools
tools/bin/python -m pip --disable-pip-version-check install -q num2words==0.5.14
tools/bin/python - <<'PY'
from num2words import num2words

CASES = {
    "vi": {-1: "mười chín", -5: "mười lăm", -12: "tám", -1.5: "mười chín phẩy năm mươi", 1.05: "một phẩy năm", 12: "mười hai"},
    "bn": {-1: "এক", -5: "পাঁচ", -12: "বারো", 12: "বারো"},
    "fa": {-1: "منفی یک", 1.05: "یک و نیم", 1.5: "یک و نیم"},
    "en": {-1: "minus one", -12: "minus twelve", -1.5: "minus one point five", 1.05: "one point zero five"},
}
for language, numbers in CASES.items():
    for number, seen in numbers.items():
        found = num2words(number, lang=language)
        print(language, number, found)
        assert found == seen, (language, number)
for number, word in ((19, "mười chín"), (15, "mười lăm"), (8, "tám")):
    assert num2words(number, lang="vi") == word
assert num2words(1.05, lang="bn") == num2words(1.5, lang="bn") == num2words(-1.5, lang="bn")
PY
