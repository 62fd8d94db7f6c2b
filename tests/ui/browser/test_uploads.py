"""Files that are chosen or dropped: locked ones, refused ones, seen after a reload and in a second tab."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pymupdf
import pytest
from held_library import Held
from PIL import Image
from playwright.sync_api import expect

from rag.config import Settings
from rag.index import Index
from ui.state.backend import Library

pytestmark = pytest.mark.browser


def test_upload_with_a_password_then_remove(visit: Any, tmp_path: Path, make_pdf: Callable[..., Path]) -> None:
    make_pdf(
        tmp_path / "vault.pdf",
        "The vault opens with the number 4711.",
        encryption=pymupdf.PDF_ENCRYPT_AES_256,
        user_pw="sesame",
        owner_pw="owner",
    )
    (tmp_path / "fake.pdf").write_bytes(b"<html>")
    tab = visit()
    tab.set_input_files("#ps-drop input[type=file]", [str(tmp_path / "vault.pdf"), str(tmp_path / "fake.pdf")])
    expect(tab.locator("#ps-lock")).to_contain_text("vault.pdf")
    expect(tab.get_by_test_id("toast-body")).to_contain_text("fake.pdf")
    expect(tab.locator("#ps-uploads .ps-file-both")).to_contain_text("fake.pdf")  # and stays, with the reason
    tab.locator("#ps-lock input").fill("open")
    tab.get_by_role("button", name="Unlock").click()
    expect(tab.locator("#ps-lock")).to_contain_text("password is wrong")
    tab.locator("#ps-lock input").fill("sesame")
    tab.get_by_role("button", name="Unlock").click()
    expect(tab.locator("#ps-documents .ps-document")).to_have_count(3)
    expect(tab.locator("#ps-lock")).to_be_hidden()
    tab.get_by_label("Remove vault.pdf").click()
    expect(tab.locator("#ps-documents .ps-document")).to_have_count(2)


def test_an_upload_is_seen_after_a_reload_and_in_a_second_tab(
    visit: Any, held_app: Any, held: Held, tmp_path: Path, make_pdf: Callable[..., Path]
) -> None:
    held.go.clear()
    pages = {name: f"The {name} pump stands in the cellar." for name in ("one", "two")}
    paths = [str(make_pdf(tmp_path / f"{name}.pdf", text)) for name, text in pages.items()]
    tab = visit(app=held_app)
    tab.route("**/upload?*", lambda route: None)  # never answered
    with tab.expect_request("**/upload?*"):
        tab.set_input_files("#ps-drop input[type=file]", {"name": "cut: off?.pdf", "mimeType": "", "buffer": b"%PDF"})
    other = visit(app=held_app, context=tab.context)
    expect(other.locator("#ps-uploads .ps-is-sending")).to_contain_text("cut: off?.pdf")
    expect(other.locator("#ps-uploads button")).to_have_count(0)
    tab.reload()
    expect(other.locator("#ps-uploads .ps-is-sending")).to_have_count(0)
    tab.bring_to_front()
    expect(tab.locator("#ps-uploads .ps-file-both")).to_contain_text("The upload broke off")
    tab.unroute("**/upload?*")
    tab.get_by_role("button", name="Close").click()
    expect(tab.locator("#ps-uploads .ps-card")).to_have_count(0)
    tab.evaluate("window.gradio_config.max_file_size = 1e6")
    (tmp_path / "film.pdf").write_bytes(bytes(1_000_001))
    tab.set_input_files("#ps-drop input[type=file]", [*paths, str(tmp_path / "film.pdf")])
    expect(tab.locator("#ps-uploads .ps-file-both")).to_contain_text("film.pdf")
    expect(tab.locator("#ps-uploads .ps-file-both")).to_contain_text("It is larger than 1 MB")
    expect(tab.locator("#ps-uploads")).to_contain_text("3/9")
    tab.reload()
    expect(tab.locator("#ps-uploads")).to_contain_text("3/9")
    other.bring_to_front()
    expect(other.locator("#ps-uploads")).to_contain_text("two.pdf")
    other.get_by_role("button", name="Cancel").click()
    expect(other.get_by_role("button", name="Cancelling…")).to_be_disabled()
    expect(other.locator("#ps-uploads .ps-is-cancelled")).to_contain_text("two.pdf")
    other.set_input_files("#ps-drop input[type=file]", paths[1])
    expect(other.locator("#ps-uploads .ps-is-waiting")).to_contain_text("two.pdf")
    held.go.set()
    for each in (other, tab):
        each.bring_to_front()
        expect(each.locator("#ps-documents")).to_contain_text("two.pdf")
    tab.get_by_label("Remove two.pdf").click()
    for each in (tab, other):
        each.bring_to_front()
        expect(each.locator("#ps-documents .ps-document")).to_have_count(2)


def drop(tab: Any, target: str, name: str, kind: str, content: bytes) -> None:
    tab.evaluate(
        """([target, name, kind, bytes]) => {
          const dataTransfer = new DataTransfer();
          dataTransfer.items.add(new File([new Uint8Array(bytes)], name, { type: kind }));
          document.querySelector(target).dispatchEvent(
            new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
        }""",
        [target, name, kind, list(content)],
    )


def test_while_files_are_over_the_page_it_says_what_becomes_of_them(visit: Any) -> None:
    tab = visit()
    hold = """() => {
        const files = new DataTransfer();
        files.items.add(new File(["x"], "x.txt", { type: "text/plain" }));
        const over = () => document.querySelector("#ps-chat").dispatchEvent(
            new DragEvent("dragover", { dataTransfer: files, bubbles: true, cancelable: true }));
        over();
        window.held = setInterval(over, 100);
    }"""
    tab.evaluate(hold)
    expect(tab.locator("#ps-dropping")).to_contain_text("documents are added to the library")
    tab.evaluate("() => clearInterval(window.held)")
    expect(tab.locator("#ps-dropping")).to_have_count(0)
    tab.get_by_label("Open lagoon-manual.pdf").click()
    expect(tab.locator("#ps-reader .ps-rp").first).to_be_visible()
    tab.evaluate(hold)
    expect(tab.locator("#ps-reader #ps-dropping")).to_be_visible()
    tab.evaluate("() => clearInterval(window.held)")


def test_dropped_files_go_where_they_belong(visit: Any, make_pdf: Callable[..., Path], tmp_path: Path) -> None:
    tab = visit()
    first = tab.locator("#ps-chat .ps-first")
    expect(first).to_be_hidden()
    for documents in ([], [1]):  # an empty library says how to begin where one looks first
        told = {"detail": {"state": {"documents": documents}, "count": 0}}
        tab.evaluate("told => document.dispatchEvent(new CustomEvent('ps-choice', told))", told)
        expect(first).to_be_visible(visible=not documents)
        if not documents:
            with tab.expect_file_chooser():
                first.click()
    for name, target in (("slip", "#ps-box textarea"), ("bill", "#ps-chat")):
        path = make_pdf(tmp_path / f"{name}.pdf", f"The {name} names a price of 4 euro.")
        drop(tab, target, path.name, "application/pdf", path.read_bytes())
        expect(tab.locator("#ps-documents")).to_contain_text(path.name)
        tab.get_by_label(f"Remove {path.name}").click()
        expect(tab.locator("#ps-documents")).not_to_contain_text(path.name)
    Image.new("RGB", (300, 200), "navy").save(tmp_path / "shot.png")
    drop(tab, "#ps-chat", "shot.png", "image/png", (tmp_path / "shot.png").read_bytes())
    expect(tab.locator("#ps-box .thumbnail-item")).to_be_visible()


def test_documents_of_one_name_say_when_they_were_added(
    visit: Any,
    launch: Callable[..., Any],
    copy_of: Callable[[], Settings],
    tmp_path: Path,
    make_pdf: Callable[..., Path],
) -> None:
    settings = copy_of()
    with Index.open(settings) as index:
        for folder, bar in (("old", 3), ("new", 9)):
            (tmp_path / folder).mkdir()
            index.add([make_pdf(tmp_path / folder / "pump.pdf", f"The pump pressure is {bar} bar.")])
        tab = visit(app=launch(Library(index, None, settings)))
        twins = tab.locator("#ps-documents .ps-document", has_text="pump.pdf")
        expect(twins).to_have_count(2)
        expect(twins.filter(has_text="added")).to_have_count(2)
        expect(tab.locator("#ps-documents .ps-document", has_text="lagoon")).not_to_contain_text("added")
