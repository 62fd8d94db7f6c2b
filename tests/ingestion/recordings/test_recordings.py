"""Films and recordings made by the test become pages: times, key frames, what is said, in the sandboxed child."""

from __future__ import annotations

import json
import os
import struct
from fractions import Fraction
from importlib.util import find_spec
from pathlib import Path

import pytest
from make_films import make_film, make_sound, scene, srt

from ingestion.elements import Document, lines_file
from ingestion.errors import CorruptPdf, IngestionError, LimitExceeded, NotAPdf, UnreadableFile
from ingestion.formats.detect import format_of
from ingestion.page_content import ParseOptions
from ingestion.parse import parse_pdf
from ingestion.pdf.document import Pdf
from ingestion.recordings import transcriber
from ingestion.recordings.container import Recording, read_subtitles, subtitle_file
from ingestion.recordings.cues import Cue, Span
from ingestion.recordings.scenes import key_frames
from ingestion.settings import ReadingSettings
from ingestion.workers.parse import parse_in_worker
from ingestion.workers.redraw import draw_pages, picture_file

SAID = [
    (0.5, 3.0, "First we remove the cover."),
    (3.2, 6.0, "Then <i>pull</i> the filter out and rinse it."),
    (9.0, 11.0, "At last the pump."),
]
SCENES = [("COVER", "red", "ellipse", 4), ("FILTER", "blue", "rectangle", 4), ("PUMP", "green", "ellipse", 4)]
PLAIN = ParseOptions(ocr="off")


def film(path: Path, **more: object) -> Path:
    shown = [(seconds, scene(words, colour, shape)) for words, colour, shape, seconds in SCENES]
    return make_film(path, shown, **more)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("films")


@pytest.fixture(scope="module")
def mp4(folder: Path) -> Path:
    """Three scenes of four seconds, a beep, its own track of subtitles."""
    return film(folder / "film.mp4", said=SAID)


def words(document: Document) -> list[str]:
    return [element.text for element in document.elements if element.kind == "text"]


def test_a_film_is_read_in_a_child_that_is_shut_in(mp4: Path, tmp_path: Path) -> None:
    document = parse_in_worker(mp4, tmp_path)
    assert not document.problems and document.title == "film"
    (page,) = document.pages
    assert page.label == "00:00–00:12" and page.image and (tmp_path / page.image).is_file()
    frames = [element for element in document.elements if element.kind == "figure"]
    assert [frame.caption for frame in frames] == ["Frame at 00:00", "Frame at 00:04", "Frame at 00:08"]
    assert ["COVER" in frames[0].text, "FILTER" in frames[1].text, "PUMP" in frames[2].text] == [True] * 3  # by OCR
    assert words(document) == ["First we remove the cover. Then pull the filter out and rinse it.", "At last the pump."]
    shown = [chunk for chunk in document.chunks if chunk.kind == "figure"]
    assert "pull the filter out" in shown[1].mentions and "pump" in shown[2].mentions
    assert all(chunk.image and (tmp_path / chunk.image).is_file() for chunk in shown)
    lines = json.loads((tmp_path / lines_file(1)).read_text())
    text = next(line for line in lines if line[0].startswith("First we remove"))
    box = next(element.region.bbox for element in document.elements if element.kind == "text")
    assert box.x0 <= text[1] and box.y0 - 1 <= text[2] and text[4] <= box.y1 + 1  # the words stand where they are said
    assert any("00:09" in line[0] for line in lines)


@pytest.mark.parametrize(
    ("name", "codec", "subtitles"),
    [("film.mkv", "libx264", "subrip"), ("film.mov", "libx264", "mov_text"), ("film.webm", "libvpx", "webvtt")],
)
def test_kinds_of_films(folder: Path, tmp_path: Path, name: str, codec: str, subtitles: str) -> None:
    made = film(folder / name, said=SAID if subtitles != "webvtt" else (), codec=codec, subtitles=subtitles)
    if subtitles == "webvtt":
        made.with_suffix(".vtt").write_text("WEBVTT\n\n" + srt(SAID).replace(",", "."))
    document = parse_pdf(made, tmp_path, PLAIN)
    assert "Then pull the filter out and rinse it." in " ".join(words(document)) and len(document.pages) == 1
    assert sum(element.kind == "figure" for element in document.elements) == 3


@pytest.mark.parametrize(
    ("name", "codec"),
    [
        ("call.mp3", "mp3"),
        ("call.wav", "pcm_s16le"),
        ("call.ogg", "libopus"),
        ("call.flac", "flac"),
        ("call.m4a", "aac"),
    ],
)
def test_kinds_of_sound_with_subtitles_beside_them(folder: Path, tmp_path: Path, name: str, codec: str) -> None:
    (folder / codec).mkdir(exist_ok=True)
    made = make_sound(folder / codec / name, 12, codec)
    with pytest.raises(UnreadableFile, match=r"call\.srt.*PAGESIGHT_TRANSCRIBER"):
        parse_pdf(made, tmp_path, PLAIN)
    made.with_suffix(".srt").write_text(srt(SAID), encoding="utf-8")
    document = parse_pdf(made, tmp_path, PLAIN)
    assert words(document)[-1] == "At last the pump." and not document.problems
    assert document.pages[0].label in ("00:00–00:12", "00:00–00:11")
    with Recording(made, format_of(made).name, 10_000_000) as recording:
        heard = recording.sound(Span(2, 5))
        assert len(heard) == 3 * 16_000 and 0.1 < abs(heard).max() < 0.5 and not recording.has_frames


def test_long_recordings_have_a_page_a_minute_and_repeat_what_is_said(folder: Path, tmp_path: Path) -> None:
    made = make_sound(folder / "long.wav", 250, "pcm_s16le")
    said = [(30.0 * n + 5, 30.0 * n + 9, "Thank you for waiting. Please hold the line.") for n in range(8)]
    made.with_suffix(".srt").write_text(srt(said), encoding="utf-8")
    document = parse_pdf(made, tmp_path, PLAIN)
    assert len(document.pages) >= 5 and document.pages[-1].label.endswith("04:10")
    assert len(words(document)) == 8  # what recurs in the same place is no running header
    first = parse_pdf(made, tmp_path / "part", ParseOptions(ocr="off", pages=(2, 2)))
    assert [page.number for page in first.pages] == [2]
    with pytest.raises(LimitExceeded, match=r"lasts 04:10: .* PAGESIGHT_MAX_PAGES"):
        parse_pdf(made, tmp_path / "none", ParseOptions(max_pages=2))


def test_a_film_without_words_says_so_and_keeps_its_frames(folder: Path, tmp_path: Path) -> None:
    document = parse_pdf(film(folder / "dumb.mp4"), tmp_path, PLAIN)
    assert [problem.page for problem in document.problems] == [0]
    assert "dumb.srt" in document.problems[0].message and "PAGESIGHT_TRANSCRIBER" in document.problems[0].message
    silent = parse_pdf(film(folder / "silent.mp4", sound=False), tmp_path / "silent", PLAIN)
    assert not silent.problems and len([e for e in silent.elements if e.kind == "figure"]) == 3


def test_frames_are_found_where_key_frames_are_rare_and_fades_are_left_out(folder: Path) -> None:
    dark = scene("", "white").point(lambda _: 0)
    shown = [(2.0, dark), *((3.0, scene(w, c, s)) for w, c, s, _ in SCENES)]
    made = make_film(folder / "rare.mkv", shown, codec="mpeg4", gop=600, sound=False)
    with Recording(made, "matroska", 10_000_000) as recording:
        found = key_frames(recording.frames(Span(0, recording.duration)))
        assert [round(frame.moment) for frame in found] == [2, 5, 8]
        assert len(key_frames(recording.frames(Span(0, recording.duration)), most=2)) == 2
        assert [round(frame.moment) for frame in key_frames(recording.frames(Span(0, 1.5)))] == [0]  # nothing but dark
        assert found[0].picture.size == (320, 180)


def test_a_film_with_wide_pixels_is_shown_as_wide(folder: Path) -> None:
    import av

    made = folder / "wide.mp4"
    with av.open(str(made), "w") as container:
        stream = container.add_stream("mpeg4", rate=5)
        stream.width, stream.height, stream.pix_fmt = 320, 180, "yuv420p"
        stream.sample_aspect_ratio = Fraction(2)
        for _ in range(10):
            container.mux(stream.encode(av.VideoFrame.from_image(scene("A", "red"))))
        container.mux(stream.encode(None))
    with Recording(made, "mov", 10_000_000) as recording:
        assert key_frames(recording.frames(Span(0, 2)))[0].picture.size == (640, 180)


def test_a_film_of_a_turned_camera_stands_upright(mp4: Path, tmp_path: Path) -> None:
    whole = bytearray(mp4.read_bytes())
    matrix = whole.index(b"tkhd") + 44  # of its first track (ISO/IEC 14496-12, 8.3.2)
    one, turned = 1 << 16, tmp_path / "turned.mp4"
    whole[matrix : matrix + 36] = struct.pack(">9i", 0, one, 0, -one, 0, 0, 180 * one, 0, 1 << 30)
    turned.write_bytes(whole)
    with Recording(turned, "mov", 10_000_000) as recording:
        picture = key_frames(recording.frames(Span(0, 3)))[0].picture
    assert picture.size == (180, 320)
    red, green, blue = picture.getpixel((100, 90))[:3]  # type: ignore[index]
    assert red > 200 > 60 > green and blue < 60  # the disc that was on the left stands at the top


@pytest.mark.parametrize(
    ("name", "written", "said"),
    [
        ("a.srt", "Keep p < 5 bar and t > 60 °C.", "Keep p < 5 bar and t > 60 °C."),
        ("a.srt", "<i>Rinse</i> it <font color=red>twice</font>.", "Rinse it twice."),
        ("a.vtt", "Keep p &lt; 5 bar &amp; t &gt; 60 &deg;C", "Keep p < 5 bar & t > 60 °C"),
        ("a.vtt", "<v Ann>the key &lt;Esc&gt; and a set {a, b}</v>", "the key <Esc> and a set {a, b}"),
    ],
)
def test_limits_and_brackets_in_subtitles_are_no_marks(tmp_path: Path, name: str, written: str, said: str) -> None:
    words = srt([(1, 2, written)])
    (tmp_path / name).write_text(words if name.endswith("srt") else "WEBVTT\n\n" + words.replace(",000", ".000"))
    assert read_subtitles(tmp_path / name) == [Cue(1, 2, said)]


def test_subtitles_beside_a_film_go_before_its_own_and_are_kept(mp4: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.mp4"
    copy.write_bytes(mp4.read_bytes())
    beside = tmp_path / "copy.de.srt"
    beside.write_bytes(srt([(1, 2, "Zuerst {\\an8}die Abdeckung öffnen.")]).encode("latin-1"))
    assert subtitle_file(copy) == beside
    document = parse_pdf(copy, tmp_path / "out", PLAIN)
    assert words(document) == ["Zuerst die Abdeckung öffnen."]
    (stored := tmp_path / "out" / "original.mp4").write_bytes(mp4.read_bytes())
    assert words(parse_pdf(stored, tmp_path / "again", PLAIN)) == words(document)
    assert draw_pages(stored, [1], tmp_path / "out", PLAIN, ReadingSettings().limits()) == {}
    assert (tmp_path / "out" / picture_file(1)).stat().st_size > 1_000
    beside.write_text("no subtitles at all")
    with pytest.raises(CorruptPdf, match=r"copy\.de\.srt"):
        parse_pdf(copy, tmp_path / "bad", PLAIN)
    beside.unlink()
    assert read_subtitles(tmp_path / "out" / "pagesight-subtitles.vtt") == [Cue(1, 2, "Zuerst die Abdeckung öffnen.")]


@pytest.mark.parametrize("share", [0.0, 0.02, 0.5, 0.9])
def test_torn_and_forged_films_are_problems_and_end_nothing(mp4: Path, tmp_path: Path, share: float) -> None:
    whole = mp4.read_bytes()
    torn = tmp_path / "torn.mp4"
    middle = int(len(whole) * share) + 40
    torn.write_bytes(whole[:middle] + bytes(range(256)) * 4 + whole[middle + 1024 :])
    said, pages = "", 0
    try:
        pages = len(parse_in_worker(torn, tmp_path / "out", PLAIN).pages)
    except IngestionError as exc:
        said = str(exc)
    assert pages or "torn.mp4" in said
    torn.write_bytes(whole[: len(whole) // 3])
    with pytest.raises(IngestionError, match=r"torn\.mp4"):
        parse_in_worker(torn, tmp_path / "cut", PLAIN)


def test_a_length_that_cannot_be_is_not_believed(folder: Path, tmp_path: Path) -> None:
    whole = bytearray(make_sound(folder / "short.flac", 2, "flac").read_bytes())
    info = whole.index(b"fLaC") + 8  # STREAMINFO (RFC 9639, 8.2): 36 bits of samples from its 14th byte on
    whole[info + 13] |= 0x0F
    whole[info + 14 : info + 18] = b"\xff\xff\xff\xff"
    claimed = tmp_path / "claimed.flac"
    claimed.write_bytes(whole)
    with Recording(claimed, "flac", 1000) as recording:
        assert recording.duration == pytest.approx(2, abs=0.5)


def test_a_list_of_addresses_is_no_film(tmp_path: Path) -> None:
    listed = tmp_path / "film.mp4"
    listed.write_text("#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n")
    with pytest.raises(NotAPdf, match=r"film\.mp4"):
        parse_pdf(listed, tmp_path, PLAIN)
    listed.write_bytes(b"\0\0\0\x18ftypisom" + listed.read_bytes())
    with pytest.raises(CorruptPdf, match=r"film\.mp4 is damaged"):
        parse_pdf(listed, tmp_path, PLAIN)


def test_too_large_frames_are_not_decoded(mp4: Path, tmp_path: Path) -> None:
    document = parse_pdf(mp4, tmp_path, ParseOptions(ocr="off", max_pixels=1000))
    assert any("film.mp4" in problem.message for problem in document.problems)


def test_a_film_attached_to_something_is_named_and_not_read(mp4: Path) -> None:
    with pytest.raises(NotAPdf, match="take it out and add it by itself"):
        Pdf(mp4)


def test_a_transcriber_that_is_none_is_named_before_anything_is_heard(mp4: Path, folder: Path, tmp_path: Path) -> None:
    sound = make_sound(folder / "heard.wav", 2, "pcm_s16le")
    with pytest.raises(UnreadableFile, match=r"PAGESIGHT_TRANSCRIBER is .*/none, where model\.bin"):
        parse_pdf(sound, tmp_path, ParseOptions(transcriber=str(tmp_path / "none")))
    broken = tmp_path / "broken"
    broken.mkdir()
    for name in ("model.bin", "config.json"):
        (broken / name).write_bytes(b"{}")
    if find_spec("faster_whisper"):
        document = parse_pdf(sound, tmp_path, ParseOptions(transcriber=str(broken)))
        assert any("cannot be opened" in problem.message for problem in document.problems)
    assert not parse_pdf(mp4, tmp_path, ParseOptions(ocr="off", transcriber=str(broken))).problems  # it has subtitles


def test_a_model_from_a_folder_is_asked(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("faster_whisper", reason="pip install -r requirements-media.in")
    from tiny_whisper import save_tiny_whisper

    model = save_tiny_whisper(tmp_path / "tiny")
    sound = make_sound(folder / "beep.wav", 3, "pcm_s16le")
    options = ParseOptions(ocr="off", transcriber=str(model))
    assert words(parse_in_worker(sound, tmp_path / "beep", options)) == []  # a beep is no speech
    monkeypatch.setattr(transcriber, "SPEECH_ALONE", False)
    monkeypatch.setattr(transcriber, "SILENCE", 1.0)
    with Recording(sound, "wav", 1000) as recording:
        cues = transcriber.Transcriber(str(model)).cues(recording.sound(Span(0, 3)), 100.0)
    assert all(100 <= cue.start <= cue.end and cue.text for cue in cues)  # random weights say anything


@pytest.mark.skipif(
    not os.environ.get("PAGESIGHT_TEST_TRANSCRIBER") or not os.environ.get("PAGESIGHT_TEST_SPEECH"),
    reason="PAGESIGHT_TEST_TRANSCRIBER and _SPEECH name no model and no recording that says 'lint filter'",
)
def test_speech_is_heard(tmp_path: Path) -> None:
    options = ParseOptions(transcriber=os.environ["PAGESIGHT_TEST_TRANSCRIBER"])
    document = parse_in_worker(Path(os.environ["PAGESIGHT_TEST_SPEECH"]), tmp_path, options)
    assert "lint filter" in " ".join(words(document)).lower() and not document.problems
