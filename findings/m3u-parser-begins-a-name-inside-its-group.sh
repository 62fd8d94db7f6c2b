#!/usr/bin/env bash
# m3u_parser 0.4.2, from PyPI, Python 3.11, Linux (2026-12-01).
#
# Reads playlists of channels (M3U with attributes). The name of an entry stands behind the comma that follows the attributes, whose values are quoted and may have commas
# themselves (as a quoted-string of RFC 8216, 4.2, has them). The library lets the name begin behind the first comma of the group:
#   #EXTINF:-1 tvg-id="i" group-title=...    name                group
#   "News",Channel 2                         Channel 2           News
#   "News, weather",Channel 2                weather",Channel 2  News, weather
#   "A,B,C",Channel 2                        B,C",Channel 2      A,B,C
# The group itself is read with its comma. No error; entries of such a group are not found by their name, and sort below another letter.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q m3u_parser==0.4.2
tools/bin/python - <<'PY' 2>/dev/null
from m3u_parser import M3uParser

for group, seen in {"News": "Channel 2", "News, weather": 'weather",Channel 2', "A,B,C": 'B,C",Channel 2'}.items():
    with open("made.m3u", "w") as file:
        file.write(f'#EXTM3U\n#EXTINF:-1 tvg-id="i" group-title="{group}",Channel 2\nhttp://localhost/made.mp4\n')
    parser = M3uParser()
    parser.parse_m3u("made.m3u", check_live=False)
    (entry,) = parser.get_list()
    print(group, "|", entry["name"], "|", entry["category"])
    assert (entry["name"], entry["category"], entry["tvg"]["id"]) == (seen, group, "i")
PY
