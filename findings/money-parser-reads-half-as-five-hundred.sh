#!/usr/bin/env bash
# money-parser 0.0.1, from PyPI, Python 3.11, Linux (2026-11-30).
#
# price_dec("$1,000.50") gives the number of a price as text. A mark before three digits parts thousands for it, which is a guess for "1.000", but no
# number with thousands begins with a nought. Prices per unit of electricity, fuel or
# parts have three decimals; Babel 2.17.0's parse_decimal() reads them as its locale has them:
#   text            price_dec      is, Babel
#   0.500 €/kWh     500            .5
#   0,289 EUR       289            .289
#   $0.125          125            .125
#   0.50, $1,000.50, 1.000,50 €   right
# No error: a thousand times as much.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q money-parser==0.0.1 Babel==2.17.0
tools/bin/python - <<'PY'
from decimal import Decimal

from babel.numbers import parse_decimal
from money_parser import price_dec

CASES = {
    "0.500 €/kWh": ("500", "0.5", "en"),
    "0,289 EUR": ("289", "0.289", "de"),
    "$0.125": ("125", "0.125", "en"),
    "0.50": ("0.5", "0.5", "en"),
    "$1,000.50": ("1000.5", "1000.5", "en"),
    "1.000,50 €": ("1000.5", "1000.5", "de"),
}
for text, (seen, right, locale) in CASES.items():
    number = parse_decimal("".join(sign for sign in text if sign in "0123456789.,"), locale=locale)
    print(text, price_dec(text), number)
    assert price_dec(text) == Decimal(seen), text
    assert number == Decimal(right), text
PY
