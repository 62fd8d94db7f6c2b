#!/usr/bin/env bash
# cantools 45.1.0, from PyPI, Python 3.11, Linux (2026-11-30).
#
# A DBC file describes the messages on the CAN bus of a device; a signal's scale and offset belong to its message, and names such as
# "Temperature" or "Counter" come again in many. In a SYM file (6.0) the signals stand in one list and messages refer to them by name, so
# names must differ. cantools' dump (as_sym_string(), dump_file("….sym")) writes the first signal of each name and leaves the others out:
# their messages refer to the first one, with its scale, offset, length, sign and unit. No error, no warning. Three messages with
#   Temperature : 0|16@1- (0.1,0) "degC"      Temperature : 0|16@1- (1,-40) "degC"      Temperature : 0|8@1+ (0.5,0) "bar"
# and what the bytes 60 01 00 00 00 00 00 00 mean in each:
#   message          by the .dbc          by the .sym written from it      by the .kcd written from it
#   Pump             35.2 degC            35.2 degC                        35.2 degC
#   Motor            312 degC             35.2 degC                        312 degC
#   Fan              48.0 bar             35.2 degC                        48.0 bar
# The order in the .dbc decides which is kept. Other names in each message (Motor_Temperature) are written whole.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q cantools==45.1.0
tools/bin/python - <<'PY'
import cantools

SIGNALS = {
    "Pump": 'SG_ Temperature : 0|16@1- (0.1,0) [0|0] "degC" A',
    "Motor": 'SG_ Temperature : 0|16@1- (1,-40) [0|0] "degC" A',
    "Fan": 'SG_ Temperature : 0|8@1+ (0.5,0) [0|0] "bar" A',
}
DATA = bytes([0x60, 1, 0, 0, 0, 0, 0, 0])


def dbc(names: list[str], own_names: bool = False) -> str:
    lines = ['VERSION ""', "BS_:", "BU_: A"]
    for name in names:
        signal = SIGNALS[name].replace("Temperature", f"{name}_Temperature") if own_names else SIGNALS[name]
        lines += [f"BO_ {list(SIGNALS).index(name) + 1} {name}: 8 A", f" {signal}"]
    return "\n".join(lines) + "\n"


def read(database: cantools.database.Database) -> dict[str, str]:
    values = {}
    for message in database.messages:
        ((signal, value),) = message.decode(DATA).items()
        values[message.name] = f"{round(value, 6)} {message.get_signal_by_name(signal).unit}"
    return values


def through(text: str, kind: str) -> dict[str, str]:
    database = cantools.database.load_string(text, "dbc")
    written = database.as_sym_string() if kind == "sym" else database.as_kcd_string()
    return read(cantools.database.load_string(written, kind))


names = list(SIGNALS)
right = read(cantools.database.load_string(dbc(names), "dbc"))
assert right == {"Pump": "35.2 degC", "Motor": "312 degC", "Fan": "48.0 bar"}, right
sym, kcd = through(dbc(names), "sym"), through(dbc(names), "kcd")
for name in names:
    print(f"{name:6} dbc {right[name]:10} sym {sym[name]:10} kcd {kcd[name]}")
assert kcd == right and sym == dict.fromkeys(names, "35.2 degC")
assert through(dbc(["Motor", "Pump"]), "sym") == dict.fromkeys(("Motor", "Pump"), "312 degC")
assert through(dbc(names, own_names=True), "sym") == right
PY
