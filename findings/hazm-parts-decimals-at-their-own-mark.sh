#!/usr/bin/env bash
# hazm 0.10.0, from PyPI, Python 3.11, Linux (2026-11-30).
#
# Normalizes Persian text before it is cut into words and searched. A point between digits becomes the Persian decimal mark, as the
# docstring of persian_style() has it: '10.450' is '10٫450'. Then, by default, the mark is taken for punctuation and gets a blank on
# both sides, as commas and slashes between digits do. Of the same number, seen
#   in the text          Normalizer().normalize()      WordTokenizer(replace_numbers=True) of that, and of the text as it was
#   فشار 2.5 بار         فشار ۲ ٫ ۵ بار                two numbers of one digit; one number with decimals (NUMF)
#   فشار ۲٫۵ بار         فشار ۲ ٫ ۵ بار                likewise, though it was right before
#   قیمت 1,200 تومان     قیمت ۱ , ۲۰۰ تومان            1 and 200
#   192.168.1.1          ۱۹۲ ٫ ۱۶۸ ٫ ۱.۱
#   10:30                ۱۰:۳۰                         right
# So a pressure of 2.5 bar is found as 2 and as 5. correct_spacing=False keeps the numbers whole, and then nothing else is spaced.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q hazm==0.10.0
tools/bin/python -W ignore - <<'PY'
from hazm import Normalizer, WordTokenizer

COMMA = "\N{ARABIC DECIMAL SEPARATOR}"
CASES = [  # text, by default, without correct_spacing
    ("فشار 2.5 بار", f"فشار ۲ {COMMA} ۵ بار", f"فشار ۲{COMMA}۵ بار"),
    (f"فشار ۲{COMMA}۵ بار", f"فشار ۲ {COMMA} ۵ بار", f"فشار ۲{COMMA}۵ بار"),
    ("قیمت 1,200 تومان", "قیمت ۱ , ۲۰۰ تومان", "قیمت ۱,۲۰۰ تومان"),
    ("192.168.1.1", f"۱۹۲ {COMMA} ۱۶۸ {COMMA} ۱.۱", f"۱۹۲{COMMA}۱۶۸{COMMA}۱.۱"),
    ("ساعت 10:30", "ساعت ۱۰:۳۰", "ساعت ۱۰:۳۰"),
]
normalizer, whole = Normalizer(), Normalizer(correct_spacing=False)
for text, seen, other in CASES:
    found = normalizer.normalize(text)
    print(f"{text!r} {found!r}")
    assert found == seen and whole.normalize(text) == other, text
tokenizer = WordTokenizer(replace_numbers=True)
text = f"فشار ۲{COMMA}۵ بار"
before, after = tokenizer.tokenize(text), tokenizer.tokenize(normalizer.normalize(text))
print(before, after)
assert before == ["فشار", "NUMF", "بار"] and after == ["فشار", "NUM", "1", COMMA, "NUM", "1", "بار"]
PY
