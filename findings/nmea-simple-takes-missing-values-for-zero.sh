#!/usr/bin/env bash
# nmea-simple 3.3.0 beside gps 0.9.0, from npm, Node 20 or newer, Linux (2026-12-01).
#
# "NMEA 0183 sentence parser and encoder". A field without a value is left empty (NMEA 0183, "null field": data not available). It is read as zero, so that who stands still
# drives north, and who has no fix is on the equator in the Gulf of Guinea:
#   sentence                                        nmea-simple                  is (gps)
#   RMC with a fix, course and variation empty      course 0, variation 0        null, null
#   RMC without a fix, position empty               0, 0 at speed 0              null, null, null
#   GGA, age of corrections empty                   0                            null
#   RMC with all values; heights below zero         right
# No error; the status "warning" is there.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund nmea-simple@3.3.0 gps@0.9.0 >/dev/null
cat >look.js <<'JS'
const assert = require("assert");
const loaded = require("gps");
const GPS = loaded.default ?? loaded;
const { parseNmeaSentence } = require("nmea-simple");
const sum = (text) => `$${text}*${[...text].reduce((all, sign) => all ^ sign.charCodeAt(0), 0).toString(16).toUpperCase().padStart(2, "0")}`;
const both = (text) => { const found = [parseNmeaSentence(sum(text)), GPS.Parse(sum(text))]; console.log(text, found); return found; };
let [read, other] = both("GPRMC,225446,A,3351.5,S,15112.25,E,0.1,,311226,,,A");
assert.deepStrictEqual([read.trackTrue, read.variation, other.track, other.variation], [0, 0, null, null]);
[read, other] = both("GPRMC,225446,V,,,,,,,010127,,,N");
assert.deepStrictEqual([read.latitude + 0, read.longitude + 0, read.speedKnots, other.lat, other.lon, other.speed], [0, 0, 0, null, null, null]);
[read, other] = both("GPGGA,123519,3351.5,S,15112.25,E,1,08,0.9,-5.4,M,46.9,M,,");
assert.deepStrictEqual([read.differentialAge, other.age, read.altitudeMeters, other.alt], [0, null, -5.4, -5.4]);
[read, other] = both("GPRMC,225446,A,4916.45,N,12311.12,W,000.5,054.7,010127,020.3,W");
assert.deepStrictEqual([read.trackTrue, read.latitude, other.track, other.lat], [54.7, other.lat, 54.7, other.lat]);
JS
node look.js
