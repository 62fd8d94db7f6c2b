#!/usr/bin/env bash
# node-ical 0.26.1 beside ical.js 2.2.1, from npm, Node 20 or newer, Linux (2026-12-01).
#
# Reads iCalendar. In a text "\\" is a backslash and "\," a comma that parts nothing (RFC 5545, 3.3.11); a parameter in quotes may hold ";" and ":" (3.2). A backslash
# that is followed by an n becomes a line end, a comma within a category parts it, a quoted name ends at its semicolon:
#   in the file                               node-ical                  is (ical.js)
#   SUMMARY:C:\\new\\table                    C:\, a line end, ew\table  C:\new\table
#   CATEGORIES:a,b\,c                         a; b\; c                   a; b,c
#   ATTENDEE;CN="Doe; Jane":mailto:…          "Doe                       Doe; Jane
#   LOCATION;ALTREP="http://x/a:b;c":Room 5   "http://x/a:b              http://x/a:b;c
#   CN="Doe, Jane", DESCRIPTION:10\;20        right
# No error.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund node-ical@0.26.1 ical.js@2.2.1 >/dev/null
cat >look.mjs <<'JS'
import assert from "assert";
import { createRequire } from "module";
import ICAL from "ical.js";
import ical from "node-ical";
const lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:one", "BEGIN:VEVENT", "UID:1", "DTSTAMP:20270101T000000Z", "DTSTART:20270301T100000Z"];
const read = (line) => {
  const text = [...lines, line, "END:VEVENT", "END:VCALENDAR", ""].join("\r\n");
  const event = Object.values(ical.sync.parseICS(text)).find((one) => one.type === "VEVENT");
  const other = new ICAL.Component(ICAL.parse(text)).getFirstSubcomponent("vevent");
  return [event, (name) => other.getFirstProperty(name)];
};
const same = (found, seen) => { console.log(JSON.stringify(found)); assert.deepStrictEqual(found, seen); };
let [event, other] = read("SUMMARY:C:\\\\new\\\\table");
same([event.summary, other("summary").getFirstValue()], ["C:\\\new\\table", "C:\\new\\table"]);
[event, other] = read("CATEGORIES:a,b\\,c");
same([event.categories, other("categories").getValues()], [["a", "b\\", "c"], ["a", "b,c"]]);
[event, other] = read('ATTENDEE;CN="Doe; Jane":mailto:a@example.org');
same([event.attendee.params.CN, other("attendee").getParameter("cn")], ['"Doe', "Doe; Jane"]);
[event, other] = read('LOCATION;ALTREP="http://x/a:b;c":Room 5');
same([event.location.params.ALTREP, other("location").getParameter("altrep")], ['"http://x/a:b', "http://x/a:b;c"]);
[event, other] = read('ATTENDEE;CN="Doe, Jane":mailto:a@example.org');
same([event.attendee.params.CN, other("attendee").getParameter("cn")], ["Doe, Jane", "Doe, Jane"]);
[event, other] = read("DESCRIPTION:10\\;20");
same([event.description, other("description").getFirstValue()], ["10;20", "10;20"]);
JS
node look.mjs
