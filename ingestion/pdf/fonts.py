"""Fonts of a PDF page whose codes are signs or ligatures: given a map to Unicode, by which the library then reads
them right.

The fonts' objects are changed in memory, so whatever the library makes of a page (text, words, the cells of tables)
says the signs: ``Ω`` and not ``W``. Nothing is drawn otherwise. Which code is which sign stands in
:mod:`ingestion.text.symbol_fonts`, in :mod:`ingestion.text.tex_encodings` for TeX's pictures of letters and in
:mod:`ingestion.text.numbered_glyphs` for glyphs whose names are numbers; ligatures are named by their letters
(``f_f``: Adobe Glyph List Specification, section 2). Of a font of numbered glyphs without a map its program tells the
characters, or where that was cut down too, the order of its glyphs (:mod:`ingestion.text.glyph_order`).
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Mapping

import pymupdf

from ingestion.text.glyph_order import UNKNOWN, table_of_glyphs
from ingestion.text.numbered_glyphs import signs_named
from ingestion.text.symbol_fonts import PRIVATE, by_code, dingbat_names, mended, table_of, without_subset
from ingestion.text.tex_encodings import TS1, is_numbers, is_symbols, is_text, table_of_codes
from ingestion.text.thai_maps import takes_vowels, thai_mended

XREF = re.compile(r"(\d+) 0 R")
NUMBERED = re.compile(r"(?:[A-Z]{6}\+|CIDFont\+)*[A-Z]{0,3}_?\d+(?:_\d+)?")  # names that say nothing: "F15", "TT0"
BY_CODE = re.compile(r"/a\d+\b")  # names of glyphs that only repeat their codes
LIGATURE = re.compile(r"([A-Za-z](?:_[A-Za-z])+|ff[il]?|f[il])(?:\.\w+)?")  # names of glyphs that join letters
DIFFERENCE = re.compile(r"/([^\s/\[\]<>()]+)|(\d+)")
SECTION = re.compile(rb"begin(bfchar|bfrange)(.*?)end\1", re.DOTALL)
TOKEN = re.compile(rb"<([0-9A-Fa-f\s]*)>|(\[)|(\])")
WIDTHS = re.compile(r"(\d+)\s*\[([^\[\]]*)\]|(\d+)\s+(\d+)\s+(-?[\d.]+)")  # one for each code from one on, or for all
ZERO = re.compile(r"0+\.?0*")
LARGEST_RANGE = 0x10000
CODES = 256  # of a simple font
PER_SECTION = 100  # entries of one section, the most that the format allows
CMAP = """/CIDInit /ProcSet findresource begin 12 dict begin begincmap
/CMapName /Adobe-Identity-UCS def /CMapType 2 def
1 begincodespacerange <{low}> <{high}> endcodespacerange
{sections}
endcmap CMapName currentdict /CMap defineresource pop end end
"""


class SignFonts:
    """Mends the sign fonts of a document, each once."""

    def __init__(self, doc: pymupdf.Document) -> None:
        self._doc = doc
        self._seen: set[int] = set()
        self._bitmaps: set[int] = set()  # fonts whose glyphs are named by their codes
        self._unmapped: set[int] = set()  # fonts of glyph numbers that nothing explains
        self._ordered = False  # whether a font of the document holds its glyphs in the order of Windows

    def mend(self, page: pymupdf.Page) -> None:
        """The fonts that a page, the forms on it and its annotations use."""
        fonts = page.get_fonts(full=True)
        for xref in {font[0] for font in fonts} | set(self._annotation_fonts(page)):
            if xref > 0 and xref not in self._seen:
                self._seen.add(xref)
                self._mend_font(xref)
        bitmaps = {self._traced_name(font[0]): font[0] for font in fonts if font[0] in self._bitmaps}
        if bitmaps:
            self._mend_bitmaps(page, bitmaps)
        unmapped = {font[0]: without_subset(_plain_name(font[3])) for font in fonts if font[0] in self._unmapped}
        if unmapped:
            self._mend_unmapped(page, unmapped)

    def _mend_unmapped(self, page: pymupdf.Page, fonts: Mapping[int, str]) -> None:
        """Those of ``fonts``, with their names, whose glyphs form words in the order that fonts of Windows have."""
        drawn: dict[str, list[int]] = {name: [] for name in fonts.values()}
        for span in page.get_texttrace():
            if span["font"] in drawn:
                drawn[span["font"]] += [int(char[1]) for char in span["chars"] if char[0] == ord(UNKNOWN)]
        for xref, name in sorted(fonts.items(), key=lambda font: -len(drawn[font[1]])):
            table = table_of_glyphs(name, drawn[name], self._ordered)
            if table is not None:
                self._ordered = True
                self._unmapped.discard(xref)
                self._set_map(xref, {glyph.to_bytes(2): sign for glyph, sign in table.items()})

    def _traced_name(self, xref: int) -> str:
        """What the library calls a Type 3 font where it tells what is drawn (PyMuPDF 2.0, 2026-11)."""
        kind, name = self._doc.xref_get_key(xref, "Name")
        return _plain_name(name) if kind == "name" else f"Type3 ({xref} 0 R)"

    def _mend_bitmaps(self, page: pymupdf.Page, fonts: Mapping[str, int]) -> None:
        """Those of ``fonts`` (by :meth:`_traced_name`) in which text is set, as far as the page tells how."""
        stretches: dict[str, list[list[int]]] = {}
        for span in page.get_texttrace():
            if span["font"] in fonts:
                stretches.setdefault(span["font"], []).append([int(char[1]) for char in span["chars"]])
        everywhere = table_of_codes(codes for found in stretches.values() for codes in found)
        for name, found in stretches.items():
            codes = [code for stretch in found for code in stretch]
            table = TS1 if is_symbols(codes) else table_of_codes(found) or everywhere
            told = is_numbers(codes) or any(is_text(stretch) for stretch in found)
            if table is TS1 or (table is not None and told):
                self._bitmaps.discard(fonts[name])
                self._set_map(fonts[name], {bytes([code]): text for code, text in table.items()})

    def _annotation_fonts(self, page: pymupdf.Page) -> Iterator[int]:
        for xref, *_ in page.annot_xrefs():
            for look in self._references(xref, "AP/N"):
                resources = self._doc.xref_get_key(look, "Resources/Font")
                if resources[0] == "xref":
                    resources = "dict", self._doc.xref_object(int(resources[1].split()[0]))
                if resources[0] == "dict":
                    yield from (int(number) for number in XREF.findall(resources[1]))

    def _references(self, xref: int, key: str) -> list[int]:
        """The stream at ``key``, or all of a dictionary of streams."""
        kind, value = self._doc.xref_get_key(xref, key)
        if kind == "xref":
            number = int(value.split()[0])
            if self._doc.xref_is_stream(number):
                return [number]
            kind, value = "dict", self._doc.xref_object(number)
        return [int(number) for number in XREF.findall(value)] if kind == "dict" else []

    def _mend_font(self, xref: int) -> None:
        if self._is_bitmap(xref):
            self._bitmaps.add(xref)
            return
        if self._mend_numbered(xref):
            return
        name = _plain_name(self._doc.xref_get_key(xref, "BaseFont")[1])
        simple = self._doc.xref_get_key(xref, "Subtype")[1] in ("/Type1", "/TrueType", "/MMType1")
        said = self._said(xref, 1 if simple else 2)
        if not (said or simple) and table_of(name) is None and self._is_numbered(xref):
            self._explain_numbers(xref)
            return
        if not simple and takes_vowels(said):
            self._set_map(xref, thai_mended(said, self._without_width(xref)))
            return
        table = table_of(name)
        private = any(len(text) == 1 and ord(text) in PRIVATE for text in said.values())
        if table is None and (private or NUMBERED.fullmatch(name)):
            table = table_of(self._name_within(xref))
        if table is None and simple:
            self._mend_ligatures(xref, said)
        if table is None or not (said or simple):
            return  # a font of letters; or glyph numbers without a map: nothing tells what they stand for
        signs = mended(table, said)
        if simple:
            known = by_code(table, self._names(xref))
            signs = {bytes([code]): sign for code, sign in known.items()} | signs
        if signs != said:
            self._set_map(xref, signs)

    def _is_numbered(self, xref: int) -> bool:
        """Whether text in a font names the glyphs of an embedded TrueType program by their numbers."""
        if self._doc.xref_get_key(xref, "Encoding")[1] not in ("/Identity-H", "/Identity-V"):
            return False
        held = [int(number) for number in XREF.findall(self._value(xref, "DescendantFonts"))]
        return bool(held) and all(
            self._doc.xref_get_key(font, "Subtype")[1] == "/CIDFontType2"
            and self._doc.xref_get_key(font, "CIDToGIDMap")[1] in ("/Identity", "null")
            and self._doc.xref_get_key(font, "FontDescriptor/FontFile2")[0] == "xref"
            for font in held
        )

    def _explain_numbers(self, xref: int) -> None:
        """By the characters that the program of a font knows, if any; else the text has to tell."""
        try:
            program = pymupdf.Font(fontbuffer=self._doc.extract_font(xref)[3])
            known = {program.has_glyph(code): chr(code) for code in sorted(program.valid_codepoints(), reverse=True)}
        except (RuntimeError, pymupdf.mupdf.FzErrorBase):  # a program that cannot be loaded tells nothing
            return
        signs = {glyph.to_bytes(2): sign for glyph, sign in known.items() if 0 < glyph < LARGEST_RANGE}
        if signs:
            self._set_map(xref, signs)
        else:
            self._unmapped.add(xref)

    def _mend_numbered(self, xref: int) -> bool:
        """Where the names of a font's glyphs are numbers that its own map does not explain; whether there were any."""
        signs = signs_named(self._glyph_names(xref))
        said = self._said(xref, 1) if signs else {}
        lacking = {bytes([code]): sign for code, sign in signs.items() if not said.get(bytes([code]), "")}
        if lacking:
            self._set_map(xref, {**lacking, **said})
        return bool(lacking)

    def _mend_ligatures(self, xref: int, said: Mapping[bytes, str]) -> None:
        """Those of a font of letters. A map that takes one for a sign was made for other codes, as where a font was
        cut down once more ("turn it o!"): then the names of all glyphs are right, not the map. Without a map the
        library reads ``T_h`` as ``T`` (PyMuPDF 2.0, 2026-11)."""
        named = self._glyph_names(xref)
        joined = {bytes([code]): text for code, name in named.items() if (text := ligature(name))}
        if any(_is_sign(said.get(code, "")) for code in joined):
            letters = {bytes([code]): text for code, text in self._names(xref).items() if text != UNKNOWN}
            self._set_map(xref, {**said, **letters, **joined})
        elif not said:
            lost = {bytes([code]): ligature(name) for code, name in named.items() if _is_cut(name)}
            if lost:
                self._set_map(xref, lost)

    def _is_bitmap(self, xref: int) -> bool:
        """Whether nothing but codes tells what the pictures of a font are."""
        if (
            self._doc.xref_get_key(xref, "Subtype")[1] != "/Type3"
            or self._doc.xref_get_key(xref, "ToUnicode")[0] == "xref"
        ):
            return False
        kind, value = self._doc.xref_get_key(xref, "Encoding")
        names = self._doc.xref_object(int(value.split()[0])) if kind == "xref" else value
        return BY_CODE.search(names) is not None

    def _set_map(self, xref: int, signs: Mapping[bytes, str]) -> None:
        stream = self._doc.get_new_xref()
        self._doc.update_object(stream, "<<>>")
        self._doc.update_stream(stream, _cmap(signs))
        self._doc.xref_set_key(xref, "ToUnicode", f"{stream} 0 R")

    def _name_within(self, xref: int) -> str:
        """What the font's program calls itself: some producers only number their fonts."""
        program = self._doc.extract_font(xref)[3]
        try:
            return str(pymupdf.Font(fontbuffer=program).name) if program else ""
        except (RuntimeError, pymupdf.mupdf.FzErrorBase):  # a program that cannot be loaded has no name
            return ""

    def _said(self, xref: int, width: int) -> dict[bytes, str]:
        """The font's own map from codes to Unicode; ``width``: bytes of a code."""
        kind, value = self._doc.xref_get_key(xref, "ToUnicode")
        number = int(value.split()[0]) if kind == "xref" else 0
        if not number or not self._doc.xref_is_stream(number):
            return {}
        entries = _entries(self._doc.xref_stream(number) or b"")
        return {code[-width:].rjust(width, b"\0"): text for code, text in entries.items()}

    def _value(self, xref: int, key: str) -> str:
        """What stands at ``key``, in the object itself or where it refers to."""
        kind, value = self._doc.xref_get_key(xref, key)
        return str(self._doc.xref_object(int(value.split()[0])) if kind == "xref" else value)

    def _without_width(self, xref: int) -> set[bytes]:
        """Codes of two bytes, of a font of many glyphs, whose glyphs have no width."""
        found: set[bytes] = set()
        for descendant in XREF.findall(self._value(xref, "DescendantFonts")):
            widths = self._value(int(descendant), "W")
            for first, each, start, end, same in WIDTHS.findall(widths):
                pairs = enumerate(each.split(), int(first)) if first else ()
                found |= {code.to_bytes(2) for code, wide in pairs if ZERO.fullmatch(wide) and code < LARGEST_RANGE}
                if start and ZERO.fullmatch(same):
                    found |= {code.to_bytes(2) for code in range(int(start), min(int(end), LARGEST_RANGE - 1) + 1)}
        return found

    def _names(self, xref: int) -> dict[int, str]:
        """What the names in the font's encoding say, by code."""
        return {code: dingbat_names().get(name) or _letter(name) for code, name in self._glyph_names(xref).items()}

    def _glyph_names(self, xref: int) -> dict[int, str]:
        """The names in the font's encoding that differ from a known one, by code."""
        kind, value = self._doc.xref_get_key(xref, "Encoding")
        if kind == "xref":
            kind, value = "dict", self._doc.xref_object(int(value.split()[0]))
        start = value.find("/Differences") if kind == "dict" else -1
        if start < 0:
            return {}
        body = value[value.find("[", start) : value.find("]", start)]
        found: dict[int, str] = {}
        code = 0
        for name, number in DIFFERENCE.findall(body):
            if number:
                code = int(number)
                continue
            found[code] = name
            code += 1
        return {code: name for code, name in found.items() if code < CODES}


def ligature(name: str) -> str:
    """The letters that a glyph's name joins, ``f_f_i``, ``ffi`` or ``T_h.alt``; empty for other names."""
    match = LIGATURE.fullmatch(name)
    return match[1].replace("_", "") if match else ""


def _letter(name: str) -> str:
    return chr(pymupdf.mupdf.fz_unicode_from_glyph_name(name) or ord(UNKNOWN))


def _is_cut(name: str) -> bool:
    """Whether the library reads less of a ligature than its name says."""
    return bool(ligature(name)) and unicodedata.normalize("NFKC", _letter(name)) != ligature(name)


def _is_sign(said: str) -> bool:
    """Whether a map says a single character that is no letter, as which no ligature can be read."""
    return len(said) == 1 and not said.isalpha() and ord(said) not in PRIVATE


def _plain_name(name: str) -> str:
    """A name object without its slash and escapes ("/Wingdings#202")."""
    return re.sub(r"#([0-9A-Fa-f]{2})", lambda match: chr(int(match[1], 16)), name.removeprefix("/"))


def _entries(stream: bytes) -> dict[bytes, str]:
    """Codes and what they stand for, out of a ToUnicode map."""
    found: dict[bytes, str] = {}
    for kind, body in SECTION.findall(stream):
        tokens = [(_code(digits), opens, closes) for digits, opens, closes in TOKEN.findall(body)]
        i, step = 0, 2 if kind == b"bfchar" else 3
        while i + step <= len(tokens):
            first, last, target = tokens[i][0], tokens[i + step - 2][0], tokens[i + step - 1]
            i += step
            if not target[1]:
                found |= _run(first, last, target[0])
                continue
            codes = _span(first, last)
            while i < len(tokens) and not tokens[i][2]:
                code = next(codes, None)
                if code is not None:
                    found[code] = _text(tokens[i][0])
                i += 1
            i += 1
    return found


def _code(digits: bytes) -> bytes:
    plain = b"".join(digits.split())
    return bytes.fromhex((plain + b"0" * (len(plain) % 2)).decode())


def _span(first: bytes, last: bytes) -> Iterator[bytes]:
    start, end = int.from_bytes(first), min(int.from_bytes(last), 256 ** len(first) - 1)
    return (value.to_bytes(len(first)) for value in range(start, min(end, start + LARGEST_RANGE) + 1))


def _run(first: bytes, last: bytes, target: bytes) -> dict[bytes, str]:
    """Consecutive codes with consecutive values."""
    text = _text(target)
    if first == last or not text:
        return {first: text}
    start = ord(text[-1])
    return {code: text[:-1] + chr(start + i) for i, code in enumerate(_span(first, last)) if start + i < sys.maxunicode}


def _text(target: bytes) -> str:
    return target.decode("utf-16-be", errors="replace") if len(target) > 1 else target.decode("latin-1")


def _cmap(signs: Mapping[bytes, str]) -> bytes:
    wide = max(len(code) for code in signs)
    lines = [f"<{code.hex()}> <{text.encode('utf-16-be').hex()}>" for code, text in sorted(signs.items())]
    return CMAP.format(low="00" * wide, high="ff" * wide, sections="\n".join(_sections(lines))).encode()


def _sections(lines: list[str]) -> Iterable[str]:
    for start in range(0, len(lines), PER_SECTION):
        part = lines[start : start + PER_SECTION]
        yield f"{len(part)} beginbfchar\n" + "\n".join(part) + "\nendbfchar"
