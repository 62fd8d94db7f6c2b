#!/usr/bin/env bash
# mcp 2.3.0 (the Python SDK): a text given for a parameter of type `str | None` is parsed as JSON before it is checked.
#
# A tool with `q: str` gets every text as it is. With `q: str | None = None`, the usual way of an optional text, what a model
# sends is first tried as JSON (mcp/server/mcpserver/utilities/func_metadata.py, pre_parse_json, which asks whether the
# annotation *is* str). The published schema says "string or null" for it. Seen, what the tool gets for q:
#   "null"            None            the word became no value: a search for it silently lists everything
#   '["a", "b"]'      an error, "Input should be a valid string", of a text that is one; the same for '{"a": 1}'
#   "123", "true"     the text
# The same with `str | int` and Optional[str]; not with Annotated[str, …]. An optional text of a search, a file's content or
# a snippet of JSON is thus better declared as `str` with a default of "".
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q mcp==2.3.0
tools/bin/python - <<'PY'
import asyncio
import json

from mcp.server.mcpserver import MCPServer

server = MCPServer("search")
GIVEN = ["null", '["a", "b"]', '{"a": 1}', "123", "true"]


@server.tool()
def plain(q: str) -> str:
    return json.dumps(q)


@server.tool()
def optional(q: str | None = None) -> str:
    return json.dumps(q)


async def got(tool: str, text: str) -> object:
    try:
        result = await server.call_tool(tool, {"q": text})
    except Exception as exc:
        return f"error: {'Input should be a valid string' if 'valid string' in str(exc) else exc}"
    content = result[0] if isinstance(result, (list, tuple)) else result.content
    return json.loads((content[0] if isinstance(content, list) else content).text)


async def main() -> None:
    seen = {tool: [await got(tool, text) for text in GIVEN] for tool in ("plain", "optional")}
    for text, a, b in zip(GIVEN, *seen.values(), strict=True):
        print(f"{text:12} str: {a!r:14} str | None: {b!r}")
    refused = "error: Input should be a valid string"
    assert seen["plain"] == GIVEN
    assert seen["optional"] == [None, refused, refused, "123", "true"]


asyncio.run(main())
PY
