#!/usr/bin/env bash
# maidenhead 1.8.0, from PyPI, Python 3.11, Linux (2026-11-30).
#
# Turns latitude and longitude into locators of radio amateurs (Maidenhead Locator System, IARU) and back; the README has level 1, the
# field of 10 by 20 degrees, to 6. A locator begins with its field, so that of level 1 is the first pair of every other. to_maiden(…, 1)
# says another one:
#   place                       level 1    levels 2, 3          is
#   London, 51.5 N 0.1 W        RP         IO91, IO91wm         IO
#   Munich, 48.1 N 11.6 E       FM         JN58, JN58tc         JN
#   Sydney, 33.87 S 151.21 E    DC         QF56, QF56od         QF
#   Portland, 45.5 N 122.7 W    KJ         CN85, CN85pm         CN
# Of 2,160 places over the globe 54 are right, by chance, at the levels 2 and 3 all. The multiplier of level 1 is 18, and the number
# that it gives is divided by 18 once more (to_maiden.py). That a deeper level and a shallower one may differ near an edge is known
# (issue 16).
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q maidenhead==1.8.0
tools/bin/python - <<'PY'
from maidenhead import to_location, to_maiden


def field(latitude: float, longitude: float) -> str:
    """The first pair by the definition: fields of 20 degrees of longitude and 10 of latitude, from 180 W and 90 S on, A to R."""
    return chr(ord("A") + int((longitude + 180) // 20)) + chr(ord("A") + int((latitude + 90) // 10))


CASES = [  # latitude, longitude, level 1, levels 2 and 3
    (51.5, -0.1, "RP", ["IO91", "IO91wm"]),
    (-33.87, 151.21, "DC", ["QF56", "QF56od"]),
    (45.5, -122.7, "KJ", ["CN85", "CN85pm"]),
    (48.1, 11.6, "FM", ["JN58", "JN58tc"]),
]
for latitude, longitude, seen, deeper in CASES:
    first, *others = (to_maiden(latitude, longitude, level) for level in (1, 2, 3))
    print(latitude, longitude, first, others, field(latitude, longitude))
    assert (first, others) == (seen, deeper)
    assert all(other.startswith(field(latitude, longitude)) for other in others) and first != field(latitude, longitude)
assert to_location("IO") == (50, -20) and to_location("RP") == (60, 160)
places = [(latitude + 0.5, longitude + 0.5) for latitude in range(-90, 90, 5) for longitude in range(-180, 180, 6)]
right = [sum(to_maiden(*place, level)[:2] == field(*place) for place in places) for level in (1, 2, 3)]
print(len(places), right)
assert right == [54, len(places), len(places)]
PY
