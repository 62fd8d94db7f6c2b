"""What is particular to an architecture, and what options make of it: the model's own rows are the measure."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw
from tiny_models import (
    CORPUS,
    save_tiny_blip2,
    save_tiny_clip,
    save_tiny_cross_encoder,
    save_tiny_naflex,
    save_tiny_sentence,
)
from tiny_openclip import reference, save_tiny_openclip

from rag.config import Settings
from rag.encoders.base import Recorded
from rag.encoders.open import open_cross_encoder, open_encoder
from rag.encoders.spec import Options, Spec, parse
from rag.errors import BadSettings, EncoderUnavailable


@pytest.fixture(scope="module")
def picture() -> Image.Image:
    image = Image.new("RGB", (120, 80), "white")
    ImageDraw.Draw(image).polygon([(10, 70), (60, 10), (110, 70)], fill="teal", outline="black")
    return image


def test_openclip_weights_give_what_their_own_network_gives(tmp_path: Path, picture: Image.Image) -> None:
    text, seen = reference(save_tiny_openclip(tmp_path / "plain", seed=3), 3, CORPUS[2], picture)
    for folder in (tmp_path / "plain", save_tiny_openclip(tmp_path / "custom", seed=3, custom_text=True)):
        encoder = open_encoder(Settings(encoder=f"openclip:{folder}", words="off"))
        np.testing.assert_allclose(encoder.embed_texts([CORPUS[2]])[0], text, atol=1e-5)
        np.testing.assert_allclose(encoder.embed_images([picture], [""])[0], seen, atol=2e-3)  # Pillow rounds pixels
        assert encoder.picture_spec == f"openclip:{folder}"
        assert open_encoder(Settings(encoder=encoder.picture_spec, words="off")).fingerprint == encoder.fingerprint


@pytest.mark.parametrize(
    ("vision", "text"),
    [
        ({"timm_model_name": "vit_large"}, "vision tower has timm_model_name = 'vit_large'"),
        ({"layers": [3, 4, 6, 3]}, "ResNet"),
        ({"pool_type": "avg"}, "pool_type = 'avg'"),
        ({"layers": 3}, r"16 weights are missing, the first is vision_model\.encoder\.layers\.2"),
    ],
)
def test_openclip_networks_that_are_not_clips_are_refused(tmp_path: Path, vision: dict[str, Any], text: str) -> None:
    folder = save_tiny_openclip(tmp_path, **vision)
    with pytest.raises(EncoderUnavailable, match=text):
        open_encoder(Settings(encoder=f"openclip:{folder}", words="off"))


def test_an_openclip_folder_is_named_as_such_and_needs_its_tokenizer(tmp_path: Path) -> None:
    folder = save_tiny_openclip(tmp_path)
    with pytest.raises(EncoderUnavailable, match=f"for its open_clip_config.json write openclip:{folder}"):
        open_encoder(Settings(encoder=str(folder), words="static"))
    (folder / "tokenizer.json").unlink()
    (folder / "vocab.json").unlink(missing_ok=True)
    with pytest.raises(EncoderUnavailable, match=r"no tokenizer\.json; .*clip-vit-large-patch14"):
        open_encoder(Settings(encoder=f"openclip:{folder}", words="static"))
    with pytest.raises(BadSettings, match="PAGESIGHT_WORDS is 'openclip:x'"):
        open_encoder(Settings(encoder="builtin", words="openclip:x"))


def test_a_blip2_picture_is_the_mean_of_its_query_vectors(tmp_path: Path, picture: Image.Image) -> None:
    import torch
    from transformers import BertTokenizer, Blip2ForImageTextRetrieval, BlipImageProcessorPil

    folder = save_tiny_blip2(tmp_path)
    encoder = open_encoder(Settings(encoder=str(folder), words="off"))
    model = Blip2ForImageTextRetrieval.from_pretrained(folder).eval()
    tokens = BertTokenizer.from_pretrained(folder)(CORPUS[0], return_tensors="pt", return_token_type_ids=False)
    pixels = BlipImageProcessorPil.from_pretrained(folder)(images=picture, return_tensors="pt")
    with torch.inference_mode():
        found = model(**tokens, **pixels, use_image_text_matching_head=False)
    several = found.image_embeds[0].numpy()
    assert several.shape == (4, 16) and np.linalg.norm(several - several[0], axis=1).max() > 0.01
    text, seen = encoder.embed_texts([CORPUS[0]])[0], encoder.embed_images([picture], [""])[0]
    np.testing.assert_allclose(text, found.text_embeds[0].numpy(), atol=1e-5)
    mean = several.mean(axis=0)
    np.testing.assert_allclose(seen, mean / np.linalg.norm(mean), atol=1e-5)
    assert float(seen @ text) <= float(found.logits_per_image) / np.linalg.norm(mean) + 1e-6


def test_a_blip2_that_writes_text_is_refused(tmp_path: Path) -> None:
    folder = save_tiny_blip2(tmp_path)
    _change(folder / "config.json", architectures=["Blip2ForConditionalGeneration"])
    with pytest.raises(EncoderUnavailable, match="Blip2ForConditionalGeneration without the retrieval head"):
        open_encoder(Settings(encoder=str(folder), words="static"))


def test_code_of_a_model_folder_is_never_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = save_tiny_clip(tmp_path / "model")
    trace = tmp_path / "ran"
    for name in ("configuration_jina", "modeling_jina"):
        (folder / f"{name}.py").write_text(f"open({str(trace)!r}, 'w').write('ran')\nclass JinaCLIPConfig: pass\n")
    auto_map = {"AutoConfig": "configuration_jina.JinaCLIPConfig", "AutoModel": "modeling_jina.JinaCLIPModel"}
    _change(folder / "config.json", model_type="jina_clip", auto_map=auto_map)
    monkeypatch.setattr("builtins.input", lambda *_: "y")
    with pytest.raises(EncoderUnavailable, match=r"no class for 'jina_clip'.*never run here"):
        open_encoder(Settings(encoder=str(folder), words="static"))
    with pytest.raises(EncoderUnavailable, match="never run here"):
        open_encoder(Settings(encoder="builtin", words=str(folder)))
    _change(folder / "config.json", model_type="clip")
    tokens = {"AutoTokenizer": ["modeling_jina.Tokenizer", None]}
    _change(folder / "tokenizer_config.json", auto_map=tokens)
    _change(folder / "preprocessor_config.json", auto_map={"AutoImageProcessor": "modeling_jina.Processor"})
    open_encoder(Settings(encoder=str(folder), words="static"))  # all of it known to transformers: its own classes
    assert not trace.exists()


def test_naflex_keeps_the_aspect_ratio_of_a_picture(tmp_path: Path, picture: Image.Image) -> None:
    from transformers.models.siglip2.image_processing_pil_siglip2 import Siglip2ImageProcessorPil

    folder = save_tiny_naflex(tmp_path)
    shapes = [
        Siglip2ImageProcessorPil.from_pretrained(folder)(images=image, return_tensors="np")["spatial_shapes"][
            0
        ].tolist()
        for image in (picture, picture.resize((30, 120)))
    ]
    assert shapes[0][1] > shapes[0][0] and shapes[1][0] > shapes[1][1]
    encoder = open_encoder(Settings(encoder=str(folder), words="off"))
    pictures = [picture, picture.resize((30, 120)), picture.resize((80, 80))]
    alone = np.vstack([encoder.embed_images([image], [""]) for image in pictures])
    np.testing.assert_allclose(encoder.embed_images(pictures, [""] * 3), alone, atol=2e-5)


@pytest.mark.parametrize("save", [save_tiny_clip, save_tiny_naflex, save_tiny_blip2])
@pytest.mark.parametrize("precision", ["bfloat16", "float16"])
def test_half_precision_gives_nearly_the_same_rows_under_another_fingerprint(
    tmp_path: Path, picture: Image.Image, save: object, precision: str
) -> None:
    folder = save(tmp_path)  # type: ignore[operator]
    whole = open_encoder(Settings(encoder=str(folder), words="off"))
    half = open_encoder(Settings(encoder=str(folder), words="off", precision=precision))
    assert half.picture_spec == f"{folder}?precision={precision}"
    assert half.fingerprint != whole.fingerprint
    assert half.fingerprint == open_encoder(Settings(encoder=half.picture_spec, words="off")).fingerprint
    for rows, exact in (
        (half.embed_texts(CORPUS), whole.embed_texts(CORPUS)),
        (half.embed_images([picture], [""]), whole.embed_images([picture], [""])),
    ):
        assert rows.dtype == np.float32
        assert (rows * exact).sum(axis=1).min() > 0.99
        assert not np.array_equal(rows, exact)


def test_prefixes_stand_before_questions_and_passages(tmp_path: Path) -> None:
    folder = save_tiny_sentence(tmp_path)
    bare = open_encoder(Settings(encoder="builtin", words=str(folder)))
    prefixed = open_encoder(
        Settings(encoder="builtin", words=str(folder), query_prefix="query:", passage_prefix="passage:")
    )
    assert prefixed.words_spec == f"{folder}?query=query:&passage=passage:"
    assert prefixed.fingerprint != bare.fingerprint
    text = "clean the filter"
    for query, prefix in ((False, "passage: "), (True, "query: ")):
        np.testing.assert_allclose(
            prefixed.embed_texts([text], query=query), bare.embed_texts([prefix + text]), atol=1e-6
        )
        np.testing.assert_array_equal(bare.embed_texts([text], query=query), bare.embed_texts([text]))
    long = " ".join(CORPUS * 4)
    counts = [len(piece.split()) for piece in prefixed.windows(long)]
    assert "".join("".join(prefixed.windows(long)).split()) == "".join(long.split())
    assert len(counts) >= len(bare.windows(long))


def test_prefixes_that_a_folder_names_are_taken(tmp_path: Path) -> None:
    folder = save_tiny_sentence(tmp_path)
    bare = open_encoder(Settings(encoder="builtin", words=str(folder)))
    prompts = {"prompts": {"query": "query: ", "document": "passage: "}}
    (folder / "config_sentence_transformers.json").write_text(json.dumps(prompts))
    own = open_encoder(Settings(encoder="builtin", words=str(folder)))
    np.testing.assert_allclose(own.embed_texts(["pump"], query=True), bare.embed_texts(["query: pump"]), atol=1e-6)
    assert own.words_spec == str(folder) and own.fingerprint != bare.fingerprint
    (folder / "config_sentence_transformers.json").write_text(
        json.dumps({"prompts": {}, "similarity_fn_name": "cosine"})
    )
    assert open_encoder(Settings(encoder="builtin", words=str(folder))).fingerprint == bare.fingerprint


def test_prefixes_longer_than_the_window_are_an_error(tmp_path: Path) -> None:
    folder = save_tiny_sentence(tmp_path, window=16)
    with pytest.raises(BadSettings, match="leave nothing of its window of 16 tokens"):
        open_encoder(Settings(encoder="builtin", words=str(folder), query_prefix="clean the filter " * 8))


def test_vectors_cut_short_are_the_first_numbers_at_length_one(tmp_path: Path, picture: Image.Image) -> None:
    folder = save_tiny_clip(tmp_path)
    whole = open_encoder(Settings(encoder=str(folder), words="static"))
    short = open_encoder(Settings(encoder=str(folder), words="static", words_dim=64, picture_dim=8))
    assert (short.picture_spec, short.words_spec) == (f"{folder}?dim=8", "static?dim=64")
    assert [part.stop - part.start for part in short.parts] == [64, 8]
    for ours, all_of_it in (
        (short.embed_texts(CORPUS), whole.embed_texts(CORPUS)),
        (short.embed_images([picture], ["pump"]), whole.embed_images([picture], ["pump"])),
    ):
        for part, full in zip(short.parts, whole.parts, strict=True):
            kept = all_of_it[:, full.start : full.start + part.stop - part.start]
            expected = kept / np.linalg.norm(kept, axis=1, keepdims=True)
            np.testing.assert_allclose(ours[:, part.start : part.stop], expected, atol=1e-5)
    again = open_encoder(Settings(encoder=short.picture_spec, words=short.words_spec))
    assert again.fingerprint == short.fingerprint != whole.fingerprint


def test_vectors_cannot_be_longer_than_they_are(tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match=r"'static\?dim=300' has only 256 numbers"):
        open_encoder(Settings(encoder="builtin", words="static?dim=300"))
    with pytest.raises(BadSettings, match="'builtin' has no shorter vectors"):
        open_encoder(Settings(encoder="builtin", words="static", picture_dim=8))


def test_an_index_opens_its_encoder_with_the_options_it_was_built_with(tmp_path: Path) -> None:
    folder = save_tiny_clip(tmp_path)
    built = open_encoder(Settings(encoder=f"{folder}?precision=bfloat16", words="static?dim=128"))
    recorded = Recorded(built.picture_spec, built.words_spec)
    now = Settings(precision="float16", words_dim=64, query_prefix="q:")
    again = open_encoder(now, recorded=recorded)
    assert again.fingerprint == built.fingerprint
    assert again.reason.count("with which the index was built") == 2
    assert open_encoder(Settings(words="static"), recorded=recorded).words_spec == "static"


@pytest.mark.parametrize(
    ("text", "spec"),
    [
        ("intfloat/e5-small-v2", Spec("intfloat/e5-small-v2")),
        ("a/b?query=query:&passage=passage:", Spec("a/b", Options(query="query:", passage="passage:"))),
        ("a/b?dim=64&precision=bfloat16", Spec("a/b", Options("bfloat16", 64))),
        ("a/b?query=a+b%0A100%25 & c", None),
        ("/models/what?", Spec("/models/what?")),
        ("a/b?query=Instruct: find%0AQuery:", Spec("a/b", Options(query="Instruct: find\nQuery:"))),
    ],
)
def test_a_spec_written_is_read_again(text: str, spec: Spec | None) -> None:
    if spec is None:
        with pytest.raises(BadSettings, match="no option"):
            parse(text, "PAGESIGHT_WORDS")
    else:
        assert parse(text, "PAGESIGHT_WORDS") == spec
        assert parse(str(spec), "PAGESIGHT_WORDS") == spec


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("a/b?colour=red", "'colour' is no option; there are precision, dim, query, passage"),
        ("a/b?dim=many", "dim must be a whole number"),
        ("a/b?precision=int4", "precision can be float32, bfloat16, float16"),
    ],
)
def test_options_that_mean_nothing_are_named(text: str, why: str) -> None:
    with pytest.raises(BadSettings, match=f"PAGESIGHT_ENCODER is '{text.replace('?', '.')}': {why}"):
        open_encoder(Settings(encoder=text, words="static"))


def _change(file: Path, **values: object) -> None:
    file.write_text(json.dumps({**json.loads(file.read_text()), **values}))


@pytest.mark.parametrize("part", ["words", "picture", "reranker"])
def test_a_folder_with_code_of_its_own_is_opened_without_it_and_without_questions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    """Of a kind that the library knows: transformers would ask on the terminal and run the code after a "y"."""
    save = {"words": save_tiny_sentence, "picture": save_tiny_clip, "reranker": save_tiny_cross_encoder}[part]
    folder, ran = save(tmp_path / "model"), tmp_path / "ran"
    (folder / "own.py").write_text(f"open({str(ran)!r}, 'w').close()\nclass Own: pass\n")
    names = ("AutoConfig", "AutoModel", "AutoModelForSequenceClassification", "AutoTokenizer", "AutoImageProcessor")
    own = {name: "own.Own" if name != "AutoTokenizer" else ["own.Own", "own.Own"] for name in names}
    for name in ("config.json", "tokenizer_config.json", "preprocessor_config.json"):
        if (folder / name).is_file():
            _change(folder / name, auto_map=own)
    asked: list[object] = []

    def hear(*arguments: object) -> str:
        asked.append(arguments)
        return "y"

    def refuse(*arguments: object) -> None:
        raise AssertionError(f"the network was asked: {arguments}")

    monkeypatch.setattr("builtins.input", hear)
    monkeypatch.setattr("socket.socket.connect", refuse)
    monkeypatch.setattr("socket.getaddrinfo", refuse)
    if part == "reranker":
        model = open_cross_encoder(str(folder), Settings())
        assert len(model.score("pump", ["the pump", "a filter"], lambda: False)) == 2
    else:
        words, picture = (str(folder), "builtin") if part == "words" else ("static", str(folder))
        encoder = open_encoder(Settings(encoder=picture, words=words))
        assert encoder.embed_texts(["the pump"]).any()
    assert asked == [] and not ran.exists()
