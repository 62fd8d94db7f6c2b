#!/usr/bin/env bash
# orgparse 0.5.20260926, from PyPI, Python 3.11, Linux (2026-12-01).
#
# Reads Org files. The hour of a time stamp has one or two digits, and a tag is of letters, digits, "_", "@", "#" and "%" (Org Syntax, "Timestamps", "Headings"). Seen:
#   in the file                                orgparse                          is
#   <2026-12-01 Tue 09:05>                     1 December, 9:05                  the same
#   <2026-12-01 Tue 9:05>                      1 December, without a time        9:05
#   DEADLINE: <2026-12-01 Tue 9:05>            1 December, without a time        9:05
#   * Pump :hall_2:@site:                      hall_2, @site                     hall_2, @site
#   * Pump :hall:#12:                          no tags, all is heading           hall, #12
#   * Pump :hall:50%:                          no tags, all is heading           hall, 50%
# No error; has_time() says that such a stamp is of a whole day, so that it sorts before the earlier ones of that day.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q orgparse==0.5.20260926
tools/bin/python - <<'PY'
from datetime import date, datetime

import orgparse

for text, seen in (("09:05", datetime(2026, 12, 1, 9, 5)), ("9:05", date(2026, 12, 1)), ("19:05", datetime(2026, 12, 1, 19, 5))):
    node = orgparse.loads(f"* Call\n  DEADLINE: <2026-12-01 Tue {text}>\n  again <2026-12-01 Tue {text}>\n")[1]
    (stamp,) = node.get_timestamps(active=True, point=True)
    print(text, stamp.start, stamp.has_time(), node.deadline.start)
    assert stamp.start == node.deadline.start == seen and stamp.has_time() == isinstance(seen, datetime)
for line, heading, tags in [
    ("* Pump :hall_2:@site:", "Pump", {"hall_2", "@site"}),
    ("* Pump :hall:#12:", "Pump :hall:#12:", set()),
    ("* Pump :hall:50%:", "Pump :hall:50%:", set()),
]:
    node = orgparse.loads(line)[1]
    print(line, (node.heading, node.tags))
    assert (node.heading, node.tags) == (heading, tags), line
PY
