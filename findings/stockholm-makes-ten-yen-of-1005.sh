#!/usr/bin/env bash
# stockholm 0.5.7, from PyPI, Python 3.11, Linux (2026-11-30).
#
# Amounts of money with their currency, as an object (stockholm.currency.JPY) or its code ("JPY"). A yen has no smaller unit, a Kuwaiti dinar has a
# thousand (ISO 4217, minor unit 0 and 3). With the object sub units are counted so, with the code always by hundreds, for the same
# currency and equal amounts; what a payment service gives as 1005 is 1,005 or 10.05 yen:
#   call                                     with "JPY", "KWD"      with JPY, KWD
#   Money.from_sub_units(1005, yen)          10.05 JPY              1005 JPY
#   Money(1000, yen).sub_units               100000                 1000
#   Money.from_sub_units(1005, dinar)        10.05 KWD              1.005 KWD
#   Money.from_sub_units(1005, euro)         10.05 EUR              10.05 EUR, right
#   Money(1000, "JPY") == Money(1000, JPY)   True
# The README shows the code in its examples of sub units ("multiplied by 100"). py-moneyed 3.0 knows both by their codes. No error.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q stockholm==0.5.7 py-moneyed==3.0
tools/bin/python - <<'PY'
import moneyed
from stockholm import Money
from stockholm.currency import EUR, JPY, KWD

CASES = {
    "JPY": (JPY, "10.05 JPY", "1005 JPY", 1005),
    "KWD": (KWD, "10.05 KWD", "1.005 KWD", 1.005),
    "EUR": (EUR, "10.05 EUR", "10.05 EUR", 10.05),
}
for code, (currency, by_code, by_object, right) in CASES.items():
    amounts = str(Money.from_sub_units(1005, code)), str(Money.from_sub_units(1005, currency))
    other = 1005 / moneyed.get_currency(code).sub_unit
    print(code, amounts, other)
    assert amounts == (by_code, by_object), code
    assert abs(other - right) < 1e-9, code
assert (Money(1000, "JPY").sub_units, Money(1000, JPY).sub_units) == (100000, 1000)
assert Money(1000, "JPY") == Money(1000, JPY)
PY
