#!/usr/bin/env bash
# pyais 3.3.1, from PyPI, Python 3.11, Linux (2026-11-30).
#
# Reads and writes the messages of ships and shore stations (AIS). Longitude and latitude are two's complement, west and south negative,
# in every message that has them (ITU-R M.1371-5). pyais takes those of message 17, where a station that sends corrections of GPS says
# its place (18 and 17 bits, tenths of a minute), for numbers without a sign:
#   place                       read as (minutes)       /60
#   9° 30' W, 38° 45' N         25644.4, 2325           427.4, 38.75         no longitude at all
#   151° 12' E, 33° 50' S       9072, 11077.2           151.2, 184.62        no latitude at all
#   4° 15' E, 51° 54' N         255, 3114               4.25, 51.9           right
# encode_dict() writes the right bits for such a place, and decode() reads its own message so. Everywhere else, as in messages 22, 23 and
# 27, negative places come back (27 since issue 65). So a map or a table of stations is right but for the western and southern ones.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q pyais==3.3.1
tools/bin/python - <<'PY'
from functools import reduce
from operator import xor

from pyais import decode, encode_dict


def sentence(longitude: float, latitude: float) -> bytes:
    """Message 17 of the station 2 at this place in minutes, bits and armour by the standard's tables."""
    fields = [(17, 6), (0, 2), (2, 30), (0, 2), (round(longitude * 10) % 2**18, 18), (round(latitude * 10) % 2**17, 17), (0, 5)]
    bits = "".join(f"{value:0{length}b}" for value, length in fields)
    padding = -len(bits) % 6
    bits += "0" * padding
    sixes = [int(bits[place : place + 6], 2) for place in range(0, len(bits), 6)]
    body = f"AIVDM,1,1,,A,{''.join(chr(six + (48 if six < 40 else 56)) for six in sixes)},{padding}"
    return f"!{body}*{reduce(xor, body.encode()):02X}".encode()


CASES = [  # place in minutes, place that is read
    ((255.0, 3114.0), (255.0, 3114.0)),
    ((-570.0, 2325.0), (25644.4, 2325.0)),
    ((9072.0, -2030.0), (9072.0, 11077.2)),
]
for place, seen in CASES:
    read = decode(sentence(*place))
    own = encode_dict({"type": 17, "mmsi": 2, "lon": place[0], "lat": place[1]}, talker_id="AI")
    again = decode(*own)
    print(place, (read.lon, read.lat), (again.lon, again.lat))
    assert (read.lon, read.lat) == (again.lon, again.lat) == seen, place
for kind, east, north in ((22, "ne_lon", "ne_lat"), (23, "ne_lon", "ne_lat"), (27, "lon", "lat")):
    other = decode(*encode_dict({"type": kind, "mmsi": 2, east: -54.5, north: -35.5}, talker_id="AI"))
    assert (getattr(other, east), getattr(other, north)) == (-54.5, -35.5), kind
PY
