#!/usr/bin/env bash
# FastAPI 0.165.0 with starlette 1.10.0, beside FastAPI 0.136.3, Python 3.11 (2026-11-29).
#
# A router that is included with `include_router(items, prefix="/v1")` answers under /v1, and the OpenAPI document says so. But
# the route that a middleware finds in `request.scope["route"]` after the call has the path as it was written in the router,
# "/items/{n}", without the prefix. The same router under /v1 and /v2 looks like one route: times or counts kept by route
# template run together, without an error. A prefix given to `APIRouter(prefix=...)` itself is there. In 0.136.3 all three are
# whole, with the same starlette.
# Seen: 0.165.0 /items/{n} /items/{n} /own/items/{n}; 0.136.3 /v1/items/{n} /v2/items/{n} /own/items/{n}.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
for version in 0.165.0 0.136.3; do
  python3 -m venv "$version"
  "$version/bin/python" -m pip --disable-pip-version-check install -q "fastapi==$version" starlette==1.10.0 httpx==0.28.1
done
cat >look.py <<'PY'
import asyncio

import httpx
from fastapi import APIRouter, FastAPI

items, own = APIRouter(), APIRouter(prefix="/own")

@items.get("/items/{n}")
@own.get("/items/{n}")
def item(n: int) -> int:
    return n

app, seen = FastAPI(), []

@app.middleware("http")
async def note(request, call_next):
    answer = await call_next(request)
    seen.append(request.scope["route"].path)
    return answer

app.include_router(items, prefix="/v1")
app.include_router(items, prefix="/v2")
app.include_router(own)

async def ask() -> None:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://here") as client:
        for path in ("/v1/items/1", "/v2/items/1", "/own/items/1"):
            assert (await client.get(path)).status_code == 200

asyncio.run(ask())
assert list(app.openapi()["paths"]) == ["/v1/items/{n}", "/v2/items/{n}", "/own/items/{n}"]
print(*seen)
PY
new=$(0.165.0/bin/python look.py)
old=$(0.136.3/bin/python look.py)
printf '0.165.0: %s\n0.136.3: %s\n' "$new" "$old"
[ "$new" = "/items/{n} /items/{n} /own/items/{n}" ]
[ "$old" = "/v1/items/{n} /v2/items/{n} /own/items/{n}" ]
