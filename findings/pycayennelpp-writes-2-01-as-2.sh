#!/usr/bin/env bash
# pycayennelpp 2.4.0, from PyPI, Python 3.11, Linux (2026-12-01).
#
# Packs readings of sensors for radio (Cayenne Low Power Payload): a whole number of hundredths for an analog value and a height, of ten-thousandths of a degree for a
# place. The library multiplies and cuts where it should round, and as 2.01 * 100 is 200.99999999999997, the value sent is a step nearer to zero than the one given:
#   given                        bytes of the value    read again     is
#   analog output 2.01           00 C8                 2.0            00 C9
#   analog input -0.29           FF E4                 -0.28          FF E3
#   gyrometer 1.15 °/s           00 72                 1.14           00 73
#   place 64.1355° N             ...                   64.1354        a step of 11 m
# So for 4,584 of the 65,536 analog values. Temperatures (tenths) and humidity (halves) all come back.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q pycayennelpp==2.4.0
tools/bin/python - <<'PY'
from cayennelpp import LppFrame


def there_and_back(name: str, *values: float) -> tuple[bytes, tuple[float, ...]]:
    """The bytes of the readings, behind channel and kind, and the readings that are read from them."""
    frame = LppFrame()
    getattr(frame, f"add_{name}")(1, *values)
    (data,) = LppFrame().from_bytes(bytes(frame))
    return bytes(frame)[2:], data.value


for name, given, sent, read in [
    ("analog_output", (2.01,), "00c8", (2.0,)),
    ("analog_input", (-0.29,), "ffe4", (-0.28,)),
    ("gyrometer", (1.15, 0.0, 0.0), "007200000000", (1.14, 0, 0)),
    ("analog_output", (2.02,), "00ca", (2.02,)),
]:
    found = there_and_back(name, *given)
    print(name, given, found[0].hex(), found[1])
    assert found == (bytes.fromhex(sent), read), name
wrong = sum(round(there_and_back("analog_input", step / 100)[1][0] * 100) != step for step in range(-32768, 32768))
print(wrong, "of 65536 analog values")
assert wrong == 4584
assert all(round(there_and_back("temperature", step / 10)[1][0] * 10) == step for step in range(-400, 1251))
degrees = [step for step in range(600000, 700000) if round(there_and_back("gps", step / 10000, 0, 0)[1][0] * 10000) != step]
print(len(degrees), degrees[:3])
assert round(there_and_back("gps", 64.1355, 0, 0)[1][0], 4) == 64.1354
PY
