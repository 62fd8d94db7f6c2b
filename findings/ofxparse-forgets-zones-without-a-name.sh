#!/usr/bin/env bash
# ofxparse 0.21, beside ofxtools 1.1.1, both from PyPI, Python 3.11, Linux (2026-12-01).
#
# Reads bank statements (OFX). A time may say how far it is from Greenwich, "[gmt offset[:tz name]]", where the name may be left out (OFX specification, dates and
# times). ofxparse heeds the offset only where a name follows:
#   DTPOSTED                          ofxparse                 ofxtools, arithmetic (UTC)
#   20260105233000.000[-5:EST]        6 January, 4:30          6 January, 4:30
#   20260105233000.000[-5]            5 January, 23:30         6 January, 4:30
#   20260201003000[+2]                1 February, 0:30         31 January, 22:30
#   20260105120000                    5 January, 12:00         5 January, 12:00
# As its dates carry no zone, bookings of two banks are set in another order, and one falls into another month. No error.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q ofxparse==0.21 ofxtools==1.1.1
tools/bin/python -W ignore - <<'PY'
import io
from datetime import datetime, timedelta, timezone

from ofxparse import OfxParser
from ofxtools.Types import DateTime

HEAD = "OFXHEADER:100\nDATA:OFXSGML\nVERSION:160\nSECURITY:NONE\nENCODING:USASCII\nCHARSET:1252\nCOMPRESSION:NONE\nOLDFILEUID:NONE\nNEWFILEUID:NONE\n\n"
BODY = """<OFX><SIGNONMSGSRSV1><SONRS><STATUS><CODE>0<SEVERITY>INFO</STATUS><DTSERVER>20260301<LANGUAGE>ENG</SONRS></SIGNONMSGSRSV1>
<BANKMSGSRSV1><STMTTRNRS><TRNUID>1<STATUS><CODE>0<SEVERITY>INFO</STATUS><STMTRS><CURDEF>EUR
<BANKACCTFROM><BANKID>12<ACCTID>34<ACCTTYPE>CHECKING</BANKACCTFROM>
<BANKTRANLIST><DTSTART>20260101<DTEND>20260228
<STMTTRN><TRNTYPE>DEBIT<DTPOSTED>{time}<TRNAMT>-7.50<FITID>1<NAME>Bread</STMTTRN>
</BANKTRANLIST><LEDGERBAL><BALAMT>10.00<DTASOF>20260228</LEDGERBAL></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>"""
CASES = [  # text, hours from Greenwich, whether ofxparse heeds them
    ("20260105233000.000[-5:EST]", -5, True),
    ("20260105233000.000[-5]", -5, False),
    ("20260201003000[+2]", 2, False),
    ("20260105120000", 0, True),
]
for text, hours, heeded in CASES:
    (booking,) = OfxParser.parse(io.BytesIO((HEAD + BODY.format(time=text)).encode())).account.statement.transactions
    local = datetime.strptime(text[:14], "%Y%m%d%H%M%S")
    right = local - timedelta(hours=hours)
    print(text, booking.date, right)
    assert DateTime().convert(text) == right.replace(tzinfo=timezone.utc), text
    assert booking.date == (right if heeded else local), text
PY
