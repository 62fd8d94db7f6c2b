#!/usr/bin/env bash
# uv 0.13.9 beside pip 26.3, Python 3.11, Linux (2026-11-28).
#
# A lock in two files: requirements.txt names one package with its hash and, by a line `-c constraints.txt`, the hash of what
# that package needs. pip 26.1 and newer take hashes from constraints: `pip install --require-hashes` installs both.
# `uv pip install --require-hashes` of the same file does not: it says
#     error: Hash-checking is required, but no trusted hash was provided for: `inner`
# (exit code 1). With the very same line in a second `-r` file uv installs both. So a hashed lock that keeps
# what only some machines need among its constraints is whole for pip and refused by uv.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q pip==26.3 uv==0.13.9
tools/bin/python - <<'PY'
import hashlib, pathlib, zipfile

def wheel(name: str, needs: str = "") -> str:
    path = pathlib.Path("wheels") / f"{name}-1.0-py3-none-any.whl"
    path.parent.mkdir(exist_ok=True)
    info = f"{name}-1.0.dist-info"
    files = {
        f"{name}.py": "",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n{needs}",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: hand\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(f"{file},,\n" for file in [*files, f"{info}/RECORD"])
    with zipfile.ZipFile(path, "w") as archive:
        for file, text in {**files, f"{info}/RECORD": record}.items():
            archive.writestr(file, text)
    return f"{name}==1.0 --hash=sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}\n"

inner, outer = wheel("inner"), wheel("outer", "Requires-Dist: inner\n")
pathlib.Path("constraints.txt").write_text(inner)
pathlib.Path("requirements.txt").write_text("-c constraints.txt\n" + outer)
PY
python3 -m venv by-pip && python3 -m venv by-uv
offline=(--no-index --find-links wheels --require-hashes -r requirements.txt)

tools/bin/python -m pip --python by-pip/bin/python install -q "${offline[@]}"
by-pip/bin/python -c "import inner, outer"
echo "pip 26.3: the hash in the constraints counts, both are installed"

code=0
said=$(tools/bin/uv pip install --python by-uv/bin/python "${offline[@]}" 2>&1) || code=$?
echo "uv 0.13.9, exit code $code: $said"
[ "$code" != 0 ] && grep -q "no trusted hash was provided for: \`inner\`" <<<"$said"
! by-uv/bin/python -c "import inner" 2>/dev/null

tools/bin/uv pip install -q --python by-uv/bin/python "${offline[@]}" -r constraints.txt
by-uv/bin/python -c "import inner, outer"
echo "uv 0.13.9: the same line in a second -r file counts"
