#!/usr/bin/env bash
# PyArabic 0.6.15, from PyPI, Python 3.11, Linux (2026-11-30).
#
# pyarabic.number: ArNumbers().int2str(n), "Spell integer number in Arabic idiom", and text2number(text), "Convert arabic text into
# number". Integers from 0 to 3,000 go there and back. A negative one is spelt "zero", and in words its minus (ناقص, سالب) is passed
# over; numbers with a point are spelt, with a word for the point that text2number() takes for nothing, so it adds up both parts; and noughts
# after the point are lost:
#   int2str("-5"), int2str("-40")        صفر                          zero
#   int2str("1,000")                     صفر                          zero
#   text2number("ناقص خمسة")              5                            minus five
#   int2str("12.5")                      إثنا عشر فاصلة خمس              twelve point five; text2number() of it is 17
#   int2str("1.05")                      واحد فاصلة خمس                 one point five, as of "1.5"
#   text2number("من خمسة إلى عشرة")        15                           from five to ten
# No error in any of them.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q pyarabic==0.6.15
tools/bin/python - <<'PY'
from pyarabic.number import ArNumbers, text2number

spell = ArNumbers().int2str
assert all(text2number(spell(str(number))) == number for number in range(3001))
SPELT = {
    "-5": "صفر",
    "-40": "صفر",
    "0": "صفر",
    "1,000": "صفر",
    "1000": "ألف",
    "12.5": "إثنا عشر فاصلة خمس",
    "1.05": "واحد فاصلة خمس",
    "1.5": "واحد فاصلة خمس",
}
for number, words in SPELT.items():
    print(f"{number:6} {spell(number)}")
    assert spell(number) == words, number
READ = {"خمسة": 5, "ناقص خمسة": 5, "سالب أربعون": 40, "إثنا عشر فاصلة خمس": 17, "من خمسة إلى عشرة": 15}
for text, number in READ.items():
    print(f"{text2number(text):6} {text}")
    assert text2number(text) == number, text
PY
