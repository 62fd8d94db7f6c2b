#!/usr/bin/env bash
# xsdata 26.10 beside isodate 0.7.2, from PyPI, Python 3.11, Linux (2026-11-30).
#
# Binds XML to Python classes; xs:duration becomes XmlDuration, with years to seconds as numbers. Durations have an order and are equal if they
# are as long, where that does not depend on the calendar (XML Schema 1.1 part 2, 3.3.6). XmlDuration is compared by its letters, without an
# error, and two equal times of XmlDateTime have different hashes, which Python forbids (object.__hash__):
#   expression                                            xsdata        is
#   XmlDuration("P2D") < XmlDuration("P10D")              False         True
#   XmlDuration("PT10H") < XmlDuration("PT9H")            True          False
#   sorted: PT90M, PT100M, PT2H                           PT100M, PT2H, PT90M        PT90M, PT100M, PT2H
#   XmlDuration("PT60S") == XmlDuration("PT1M")           False         True
#   XmlDuration("-P1D") < XmlDuration("-P2D")             True          False
#   10:00Z and 11:00+01:00 of one day, XmlDateTime        equal, but two of a set      equal, one of a set
# A list of processes or warranties sorted by duration, a limit that is compared with one, a set of times: all go wrong in silence.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools
tools/bin/python -m pip --disable-pip-version-check install -q xsdata==26.10 isodate==0.7.2
tools/bin/python - <<'PY'
import isodate
from xsdata.models.datatype import XmlDateTime, XmlDuration

PAIRS = {("P2D", "P10D"): (False, True), ("PT10H", "PT9H"): (True, False), ("PT90M", "PT100M"): (False, True), ("-P1D", "-P2D"): (True, False)}
for (one, two), (seen, right) in PAIRS.items():
    found = XmlDuration(one) < XmlDuration(two)
    print(one, two, found)
    assert found is seen and (isodate.parse_duration(one) < isodate.parse_duration(two)) is right
names = [str(duration) for duration in sorted(map(XmlDuration, ("PT90M", "PT100M", "PT2H")))]
print(names)
assert names == ["PT100M", "PT2H", "PT90M"]
assert sorted(names, key=isodate.parse_duration) == ["PT90M", "PT100M", "PT2H"]
assert XmlDuration("PT60S") != XmlDuration("PT1M") and isodate.parse_duration("PT60S") == isodate.parse_duration("PT1M")
assert (XmlDuration("P10D").days, XmlDuration("P2D").days) == (10, 2)
times = [XmlDateTime.from_string(text) for text in ("2027-03-01T10:00:00Z", "2027-03-01T11:00:00+01:00")]
print(times[0] == times[1], len(set(times)))
assert times[0] == times[1] and len(set(times)) == 2
PY
