"""What a Word file holds beside plain runs: read where it stands, or named; nothing of it vanishes."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import pytest
from make_files import LINKS, PACKAGE, SPACES, docx, run_of

from ingestion.errors import CorruptPdf
from ingestion.formats.office import as_book
from ingestion.parse import ParseOptions, parse_pdf

NO_OCR = ParseOptions(ocr="off")
MATH = 'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'


def p(inside: str, style: str = "") -> str:
    about = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{about}{inside}</w:p>"


def body_of(path: Path) -> str:
    return as_book(path, "docx").content.decode().partition("<body>")[2]


def lost_of(path: Path) -> str:
    return as_book(path, "docx").lost


def complex_field(instruction: str, said: str) -> str:
    return (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f"<w:r><w:instrText>{instruction}</w:instrText></w:r>"
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        f"{run_of(said) if said else ''}"
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def with_margins(path: Path, sections: str, parts: dict[str, str], settings: str = "") -> Path:
    """A document whose headers and footers are ``parts``: rh1, rf1 … in the order of the names."""
    links = "".join(
        f'<Relationship Id="r{name}" Type="{LINKS}/{"header" if name[0] == "h" else "footer"}" Target="{name}.xml"/>'
        for name in parts
    )
    held: dict[str, str | bytes] = {
        f"word/{name}.xml": f"<w:{root} {SPACES}>{inside}</w:{root}>"
        for name, inside in parts.items()
        for root in ["hdr" if name[0] == "h" else "ftr"]
    }
    held["word/_rels/document.xml.rels"] = f'<Relationships xmlns="{PACKAGE}/relationships">{links}</Relationships>'
    if settings:
        held["word/settings.xml"] = f"<w:settings {SPACES}>{settings}</w:settings>"
    return docx(path, f"{p(run_of('Body.'))}{sections}", parts=held)


def reference(kind: str, name: str, when: str = "default") -> str:
    return f'<w:{kind}Reference w:type="{when}" r:id="r{name}"/>'


def test_headers_and_footers_are_read_once_and_without_page_numbers(tmp_path: Path) -> None:
    number = '<w:fldSimple w:instr=" PAGE "><w:r><w:t>3</w:t></w:r></w:fldSimple>'
    parts = {
        "h1": p(run_of("Document no. KV-7 rev. C")),
        "h2": p(run_of("Document no. KV-7 rev. C")),
        "h3": p(run_of("Only on even sides")),
        "f1": p(f"{run_of('Page ')}{number}{run_of(' of ')}{complex_field(' NUMPAGES ', '12')}")
        + p(f"{run_of('Valid until June 2031, page ')}{complex_field(' PAGE ', '3')}"),
        "f2": p(run_of("Never shown")),
    }
    first = f"<w:p><w:pPr><w:sectPr>{reference('header', 'h1')}{reference('footer', 'f1')}</w:sectPr></w:pPr></w:p>"
    never = reference("footer", "f2", "first")
    last = f"<w:sectPr>{reference('header', 'h2')}{reference('header', 'h3', 'even')}{never}</w:sectPr>"
    html = body_of(with_margins(tmp_path / "a.docx", first + last, parts))
    assert html.startswith("<p>Document no. KV-7 rev. C</p><p>Valid until June 2031, page </p><p>Body.</p>")
    assert html.count("KV-7") == 1 and "Never" not in html and "even" not in html and "Page" not in html
    both = body_of(with_margins(tmp_path / "b.docx", first + last, parts, "<w:evenAndOddHeaders/>"))
    assert "Only on even sides" in both


def test_a_picture_in_a_header_is_its_own(tmp_path: Path) -> None:
    picture = (
        '<w:p><w:r><w:drawing><wp:inline><a:graphic><a:graphicData uri="u"><pic:pic><pic:blipFill><a:blip '
        'r:embed="r1"/></pic:blipFill></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>'
    )
    path = with_margins(tmp_path / "a.docx", f"<w:sectPr>{reference('header', 'h1')}</w:sectPr>", {"h1": picture})
    links = f'<Relationship Id="r1" Type="{LINKS}/image" Target="media/1.png"/>'
    with zipfile.ZipFile(path, "a") as file:
        file.writestr(
            "word/_rels/h1.xml.rels", f'<Relationships xmlns="{PACKAGE}/relationships">{links}</Relationships>'
        )
    assert body_of(path).count("data:image/png") == 1 and not lost_of(path)


def test_fields_say_what_they_said_when_the_file_was_saved(tmp_path: Path) -> None:
    simple = '<w:fldSimple w:instr=" {} "><w:r><w:t>{}</w:t></w:r></w:fldSimple>'
    inside = (
        p(f"{run_of('Figure ')}{simple.format('SEQ Figure', 4)}{run_of(': Suction side')}")
        + p(f"{run_of('The valve in ')}{simple.format('REF _R1', 'Figure 4')}{run_of(' opens.')}")
        + p(f"{run_of('revision ')}{complex_field(' DOCPROPERTY Revision ', 'C')}{run_of('.')}")
        + p(f"{run_of('Signed by ')}{complex_field(' DOCPROPERTY Signer ', '')}")
        + p(complex_field(' XE "valve" ', ""))
        + p(f"<w:dir w:val='ltr'>{run_of('Wrapped')}</w:dir><w:odd>{run_of(' oddly')}</w:odd>")
    )
    path = docx(tmp_path / "a.docx", inside)
    html = body_of(path)
    for said in ("Figure 4: Suction side", "The valve in Figure 4 opens.", "revision C.", "Wrapped oddly"):
        assert f"<p>{said}</p>" in html
    assert lost_of(path).count("field without a stored value") == 1
    assert "1 × field without a stored value (DOCPROPERTY Signer)" in lost_of(path)


def test_equations_stand_in_the_sentence(tmp_path: Path) -> None:
    def r(text: str) -> str:
        return f"<m:r><m:t>{text}</m:t></m:r>"

    square = f"<m:sSup><m:e>{r('U')}</m:e><m:sup>{r('2')}</m:sup></m:sSup>"
    power = f"<m:oMath {MATH}>{r('P=')}<m:f><m:num>{square}</m:num><m:den>{r('R')}</m:den></m:f></m:oMath>"
    root = f"<m:rad><m:radPr><m:degHide m:val='1'/></m:radPr><m:deg/><m:e>{r('a+b')}</m:e></m:rad>"
    quotient = f"<m:f><m:num>{r('a+b')}</m:num><m:den>{r('2c')}</m:den></m:f>"
    alone = f"<m:oMathPara {MATH}><m:oMath>{r('x=')}{root}{r('+')}{quotient}</m:oMath></m:oMathPara>"
    path = docx(tmp_path / "a.docx", p(f"{run_of('It follows from ')}{power}{run_of(' and is checked.')}") + p(alone))
    html = body_of(path)
    assert "<p>It follows from P = U²/R and is checked.</p>" in html
    assert "<p>x = √(a+b)+(a+b)/(2c)</p>" in html


def test_a_word_keeps_its_reading_and_figures_stay_raised(tmp_path: Path) -> None:
    ruby = f"<w:r><w:ruby><w:rt>{run_of('でんあつ')}</w:rt><w:rubyBase>{run_of('電圧')}</w:rubyBase></w:ruby></w:r>"
    raised = '<w:r><w:rPr><w:vertAlign w:val="{}"/></w:rPr><w:t>{}</w:t></w:r>'
    small = f"{run_of('5 × 10')}{raised.format('superscript', '-6')}"
    small += f"{run_of(' H')}{raised.format('subscript', '2')}{run_of('O')}"
    path = docx(tmp_path / "a.docx", p(f"{run_of('型番: ')}{ruby}{run_of('は230V')}") + p(small))
    assert "<p>型番: 電圧(でんあつ)は230V</p><p>5 × 10⁻⁶ H₂O</p>" in body_of(path)


def test_what_is_hidden_is_named_and_not_shown(tmp_path: Path) -> None:
    styles = (
        f'<w:styles {SPACES}><w:style w:type="character" w:styleId="X"><w:rPr><w:vanish/></w:rPr></w:style>'
        '<w:style w:type="character" w:styleId="Y"><w:basedOn w:val="X"/></w:style></w:styles>'
    )
    own = "<w:r><w:rPr><w:vanish/></w:rPr><w:t>internal</w:t></w:r>"
    by_style = '<w:r><w:rPr><w:rStyle w:val="Y"/></w:rPr><w:t>by style</w:t></w:r>'
    shown = '<w:r><w:rPr><w:rStyle w:val="Y"/><w:vanish w:val="0"/></w:rPr><w:t>shown after all</w:t></w:r>'
    path = docx(
        tmp_path / "a.docx",
        p(f"{run_of('Part 4711')}<w:r><w:cr/></w:r>{run_of('Colour red')}{own}{own}") + p(by_style) + p(shown),
        parts={"word/styles.xml": styles},
    )
    html = body_of(path)
    assert "Part 4711<br />Colour red</p>" in html and "shown after all" in html
    assert "internal" not in html and "by style" not in html
    assert (
        parse_pdf(path, tmp_path / "out", NO_OCR)
        .problems[0]
        .message.startswith("not taken over from the Office file: 2 × hidden text")
    )


def test_comments_are_read_with_their_place(tmp_path: Path) -> None:
    comment = (
        f'<w:comments {SPACES}><w:comment w:id="3" w:initials="AB">{p(run_of("Now 62 °C"))}</w:comment></w:comments>'
    )
    path = docx(
        tmp_path / "a.docx",
        p(f'{run_of("Heated to 55 °C")}<w:r><w:commentReference w:id="3"/></w:r>'),
        parts={"word/comments.xml": comment},
    )
    html = body_of(path)
    assert "Heated to 55 °C<sup>" in html and "[AB1]" in html and "Now 62 °C" in html and "↑" not in html


def test_rows_that_start_later_keep_their_columns(tmp_path: Path) -> None:
    def cell(text: str) -> str:
        return f"<w:tc>{p(run_of(text))}</w:tc>"

    held = f"<w:sdt><w:sdtPr/><w:sdtContent><w:tr>{cell('A')}{cell('1')}</w:tr></w:sdtContent></w:sdt>"
    later = f'<w:tr><w:trPr><w:gridBefore w:val="1"/></w:trPr>{cell("2")}</w:tr>'
    path = docx(tmp_path / "a.docx", f"<w:tbl><w:tr>{cell('Name')}{cell('Size')}</w:tr>{held}{later}</w:tbl>")
    html = body_of(path)
    assert "<tr><td><p>A</p></td><td><p>1</p></td></tr><tr><td></td><td><p>2</p></td></tr>" in html


def test_a_text_box_without_an_older_twin_is_read(tmp_path: Path) -> None:
    held = f"<wps:txbx><w:txbxContent>{p(run_of('In the box'))}</w:txbxContent></wps:txbx>"
    shape = f"<a:graphicData><wps:wsp xmlns:wps='urn:w'>{held}</wps:wsp></a:graphicData>"
    box = f"<w:drawing><wp:anchor><a:graphic>{shape}</a:graphic></wp:anchor></w:drawing>"
    twin = f"<mc:AlternateContent><mc:Choice>{box}</mc:Choice></mc:AlternateContent>"
    path = docx(tmp_path / "a.docx", p(f"{run_of('Before.')}<w:r>{twin}</w:r>") + p(f"<w:r>{box}</w:r>"))
    assert body_of(path).count("<p>In the box</p>") == 2


def test_headings_keep_the_numbers_that_word_gives_them(tmp_path: Path) -> None:
    numbering = (
        f'<w:numbering {SPACES}><w:abstractNum w:abstractNumId="0">'
        '<w:lvl w:ilvl="0"><w:start w:val="3"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1"/></w:lvl>'
        '<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%1.%2)"/></w:lvl>'
        '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
    )
    styles = (
        f"<w:styles {SPACES}>"
        + "".join(
            f'<w:style w:type="paragraph" w:styleId="H{n}"><w:name w:val="heading {n}"/><w:pPr><w:numPr>'
            f'<w:ilvl w:val="{n - 1}"/>'
            '<w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
            for n in (1, 2)
        )
        + "</w:styles>"
    )
    words = [("Pump", "H1"), ("Oil", "H2"), ("Filter", "H2"), ("Motor", "H1"), ("Fan", "H2")]
    path = docx(
        tmp_path / "a.docx",
        "".join(p(run_of(text), style) for text, style in words),
        parts={"word/numbering.xml": numbering, "word/styles.xml": styles},
    )
    html = body_of(path)
    assert "<h1>3 Pump</h1><h2>3.a) Oil</h2><h2>3.b) Filter</h2><h1>4 Motor</h1><h2>4.a) Fan</h2>" in html


def test_points_of_lists_keep_the_numbers_that_word_gives_them(tmp_path: Path) -> None:
    levels = (
        '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>'
        '<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%2)"/></w:lvl>'
    )
    anew = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'
    numbering = (
        f'<w:numbering {SPACES}><w:abstractNum w:abstractNumId="0">{levels}</w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
        f'<w:num w:numId="2"><w:abstractNumId w:val="0"/>{anew}</w:num></w:numbering>'
    )

    def point(text: str, level: int = 0, key: int = 1) -> str:
        about = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{key}"/></w:numPr>'
        return f"<w:p><w:pPr>{about}</w:pPr>{run_of(text)}</w:p>"

    inside = point("Close A.") + point("by hand", 1) + point("by motor", 1) + p(run_of("See the picture."))
    path = docx(
        tmp_path / "a.docx",
        inside + point("Open B.") + p(run_of("Another day.")) + point("Start.", key=2),
        parts={"word/numbering.xml": numbering},
    )
    words = " ".join(re.sub("<[^>]+>", " ", body_of(path)).split())
    assert words == "1. Close A. a) by hand b) by motor See the picture. 2. Open B. Another day. 1. Start."
    assert body_of(path).count('style="list-style-type: none"') == 5


def test_names_of_entities_are_refused(tmp_path: Path) -> None:
    entity = '<!DOCTYPE w [<!ENTITY e SYSTEM "file:///etc/hostname">]>'
    path = docx(
        tmp_path / "a.docx",
        "",
        parts={"word/document.xml": f"{entity}<w:document {SPACES}><w:body>{p(run_of('&e;'))}</w:body></w:document>"},
    )
    with pytest.raises(CorruptPdf, match=r"document\.xml in a\.docx has a document type"):
        as_book(path, "docx")


def test_the_file_itself_is_not_changed(tmp_path: Path) -> None:
    path = docx(tmp_path / "a.docx", p(run_of("Words.")))
    before = path.read_bytes()
    as_book(path, "docx")
    assert path.read_bytes() == before and zipfile.is_zipfile(io.BytesIO(before))


def test_what_is_chosen_in_an_old_form_is_said(tmp_path: Path) -> None:
    choices = '<w:listEntry w:val="gas"/><w:listEntry w:val="oil"/>'

    def field(chosen: str) -> str:
        held = f"<w:ffData><w:ddList>{chosen}{choices}</w:ddList></w:ffData>"
        begin = f'<w:fldChar w:fldCharType="begin">{held}</w:fldChar>'
        end = '<w:fldChar w:fldCharType="end"/>'
        return f"<w:r>{begin}</w:r><w:r><w:instrText> FORMDROPDOWN </w:instrText></w:r><w:r>{end}</w:r>"

    result = '<w:result w:val="1"/>'
    inside = p(f"{run_of('Burns ')}{field(result)}") + p(field(""))
    html = body_of(docx(tmp_path / "a.docx", inside))
    assert "<p>Burns oil</p>" in html and "<p>gas</p>" in html


def test_a_large_initial_is_part_of_its_text(tmp_path: Path) -> None:
    frame = '<w:pPr><w:framePr w:dropCap="drop" w:lines="3"/></w:pPr>'
    body = f"<w:p>{frame}{run_of('T')}</w:p>{p(run_of('he burner lights.'))}"
    assert "<p>The burner lights.</p>" in body_of(docx(tmp_path / "a.docx", body))


def test_outline_levels_make_headings(tmp_path: Path) -> None:
    own = '<w:p><w:pPr><w:outlineLvl w:val="1"/></w:pPr>' + run_of("Direct") + "</w:p>"
    about = {
        "Kap": '<w:pPr><w:outlineLvl w:val="0"/></w:pPr>',
        "Sub": '<w:basedOn w:val="Kap"/>',
        "Body": '<w:pPr><w:outlineLvl w:val="9"/></w:pPr>',
    }
    made = (
        f'<w:style w:type="paragraph" w:styleId="{key}"><w:name w:val="{key}"/>{said}</w:style>'
        for key, said in about.items()
    )
    styles = f"<w:styles {SPACES}>{''.join(made)}</w:styles>"
    body = p(run_of("Chapter"), "Kap") + p(run_of("Based"), "Sub") + p(run_of("Text"), "Body") + own
    html = body_of(docx(tmp_path / "a.docx", body, parts={"word/styles.xml": styles}))
    assert "<h1>Chapter</h1><h1>Based</h1><p>Text</p><h2>Direct</h2>" in html


def test_signs_of_symbol_fonts_and_double_strokes_are_read(tmp_path: Path) -> None:
    codes = (("Wingdings", "F0FC"), ("Wingdings", "F0E0"), ("Symbol", "F057"))
    signs = "".join(f'<w:r><w:sym w:font="{font}" w:char="{code}"/></w:r>' for font, code in codes)
    struck = "<w:r><w:rPr><w:dstrike/></w:rPr><w:t>old</w:t></w:r>"
    html = body_of(docx(tmp_path / "a.docx", p(signs + struck)))
    assert "✔→Ω<s>old</s>" in html
