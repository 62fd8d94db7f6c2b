#!/usr/bin/env bash
# starlette 1.10.0 from PyPI, Python 3.11, Linux (2026-11-30).
#
# FileResponse and StaticFiles answer three kinds of valid requests with a Range otherwise than HTTP says (RFC 9110). A file of ten
# bytes, with FileResponse and StaticFiles alike:
#   request                              seen                          RFC 9110
#   GET   Range: items=0-1               400 "Only support bytes …"    14.2: "MUST ignore" units not understood: 200, the file
#   GET   Range: bytes=0-1,20-30         416                           14.1.2: satisfiable if at least one range is: 206, "01"
#   HEAD  Range: bytes=0-3               206, length 4                 14.2: ranges are for GET alone, "MUST ignore": 200, length 10
#   GET   Range: bytes=0-3 and bytes=0-1,3-4    206, right
# A client that asks for the size with its usual headers so learns that the file has four bytes, and one that asks for more ranges
# than a short file has gets nothing instead of those that are there.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q starlette==1.10.0 httpx==0.28.1
printf 0123456789 >digits.txt
tools/bin/python - <<'PY'
import asyncio

import httpx
from starlette.applications import Starlette
from starlette.responses import FileResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles


async def digits(request: object) -> FileResponse:
    return FileResponse("digits.txt")


app = Starlette(routes=[Route("/one", digits), Mount("/files", StaticFiles(directory="."))])
CASES = {
    ("GET", "bytes=0-3"): (206, 4),
    ("GET", "items=0-1"): (400, None),
    ("GET", "bytes=0-1,20-30"): (416, None),
    ("HEAD", "bytes=0-3"): (206, 4),
    ("HEAD", ""): (200, 10),
}


async def main() -> None:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
        for path in ("/one", "/files/digits.txt"):
            for (method, range_), (status, length) in CASES.items():
                answer = await client.request(method, path, headers={"Range": range_} if range_ else {})
                size = answer.headers["content-length"]
                print(f"{path:18} {method:4} {range_:16} {answer.status_code} length {size}")
                assert answer.status_code == status and length in (None, int(size))
            two = await client.get(path, headers={"Range": "bytes=0-1,3-4"})
            assert two.status_code == 206 and two.headers["content-type"].startswith("multipart/byteranges")


asyncio.run(main())
PY
