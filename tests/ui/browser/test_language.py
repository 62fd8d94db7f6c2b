"""The page in other languages, in a real browser: what a person reads, and that no word of it was left in English."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from app_tabs import ask
from PIL import Image
from playwright.sync_api import expect

from ui.page import opening
from ui.words import language
from ui.words.language import Catalogue, catalogue

pytestmark = pytest.mark.browser
OWN = (  # what documents and people have said
    ".ps-name .ps-of .ps-middle .ps-caption .ps-said .ps-asked .ps-rp-text .ps-side-words .ps-answer "
    ".ps-gallery-caption .ps-set-lines .ps-set-now #ps-language #ps-set-language .ps-about .ps-brand "
    ".examples #ps-drop .ps-welcome #ps-box"
).replace(" ", ", ") + ", .ps-quote > p:not(.ps-why), .ps-piece-tip p"
LEFT = """(own) => {
  const known = /⟦[^⟦⟧]*⟧|PageSight|This answers it directly|HTML|PDF|Markdown|[kMGT]?B\\b/gu;
  const said = (text) => {
    while (known.test(text)) text = text.replace(known, "");
    return /\\p{L}{2,}/u.test(text);
  };
  const left = [];
  const seen = { opacityProperty: true, visibilityProperty: true }; // Gradio says "processing", in English, unseen
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const parent = node.parentElement;
    if (!parent.closest("[id^=ps-], [class*=ps-]") || parent.closest(own) || parent.closest("script, style")) continue;
    if (parent.checkVisibility(seen) && said(node.textContent)) left.push(node.textContent.trim());
  }
  for (const node of document.querySelectorAll("[class*=ps-], [id^=ps-], [class*=ps-] *")) {
    if (!node.checkVisibility(seen) || node.closest(own) || node.closest("#ps-chat, #ps-box")) continue;
    for (const name of ["aria-label", "title", "placeholder"]) {
      const text = node.getAttribute(name);
      if (text && said(text) && !/[.]pdf|E18|^http/.test(text)) left.push(`${name}: ${text}`);
    }
  }
  return [...new Set(left)];
}"""


def test_a_german_browser_reads_german(visit: Callable[..., Any], tmp_path: Path) -> None:
    tab = visit(locale="de-AT")
    assert tab.evaluate("document.documentElement.lang") == "de"
    expect(tab.locator("#ps-box textarea")).to_have_attribute("placeholder", "Fragen oder Bildschirmfoto einfügen …")
    expect(tab.locator(".ps-welcome h2")).to_have_text("Fragen Sie Ihre Dokumente")
    expect(tab.locator("#ps-documents .ps-heading")).to_contain_text("Suchen in (2 von 2)")
    expect(tab.get_by_role("log", name="Unterhaltung")).to_be_attached()  # Gradio names it in English
    for example in tab.locator("#ps-chat .examples button").all():
        expect(example).not_to_have_attribute("aria-label", re.compile("Select example"))
    ask(tab, "Was bedeutet E18?")
    expect(tab.locator("#ps-viewer h2")).to_have_text("Belege")
    expect(tab.locator("#ps-viewer .ps-view-head .ps-detail")).to_contain_text("Quellen zitiert")
    expect(tab.locator("#ps-viewer .ps-why")).to_contain_text("Warum es gefunden wurde: Es enthält das Wort E18.")
    expect(tab.locator("#ps-chat")).to_contain_text(re.compile(r"gefunden \(\d+,\d s\)"))
    expect(tab.locator("#ps-conversations")).to_contain_text("1 Frage · ")
    expect(tab.get_by_role("button", name="Nachricht kopieren")).to_have_count(2)
    Image.new("RGB", (300, 200), "navy").save(tmp_path / "shot.png")
    tab.set_input_files("#ps-box input[type=file]", str(tmp_path / "shot.png"))
    expect(tab.locator("#ps-box .thumbnail-item")).to_be_visible()
    tab.locator("#ps-box textarea").press("Enter")
    expect(tab.get_by_role("button", name="Bild groß zeigen").first).to_be_visible()
    expect(tab.get_by_role("button", name="Teilen")).to_have_count(0)  # with Gradio's servers
    tab.locator("#ps-language").select_option("zh")  # chosen on the page, and kept
    expect(tab.locator("#ps-documents .ps-heading")).to_contain_text("搜索范围（2/2）")
    expect(tab.locator("#ps-chat")).to_contain_text("修改问题")
    tab.reload()
    expect(tab.locator("#ps-documents .ps-heading")).to_contain_text("搜索范围（2/2）")


@pytest.mark.slow  # the test above chooses Chinese on the page
def test_a_chinese_browser_reads_chinese(visit: Callable[..., Any]) -> None:
    tab = visit(locale="zh-TW")
    assert tab.evaluate("document.documentElement.lang") == "zh-CN"
    expect(tab.locator(".ps-welcome h2")).to_have_text("向您的文档提问")
    tab.locator("#ps-box textarea").press("Enter")
    expect(tab.locator(".toast-body").first).to_contain_text("请先输入问题或粘贴图片。")
    tab.locator("#ps-settings").click()
    expect(tab.locator(".ps-panel h2")).to_have_text("设置")
    expect(tab.locator(".ps-panel")).to_contain_text("2 个文档、")


def test_nothing_is_left_in_english(visit: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """Every message is put into brackets: what a person sees without them is in no file."""

    def bracketed(said: Any) -> Any:
        return f"⟦{said}⟧" if isinstance(said, str) else {form: f"⟦{text}⟧" for form, text in said.items()}

    whole = catalogue("de")
    marked = Catalogue(*({key: bracketed(said) for key, said in part.items()} for part in whole))
    monkeypatch.setattr(language, "catalogue", lambda code: marked if code == "de" else catalogue(code))
    for cached in (opening._words, language._patterns):
        cached.cache_clear()
    try:
        tab = visit(locale="de-DE")
        assert tab.evaluate(LEFT, OWN) == []
        ask(tab, "What does E18 mean?")
        tab.locator("#ps-chat .thought-group > .title").first.click()
        tab.locator("#ps-documents button[aria-expanded]").first.click()
        assert tab.evaluate(LEFT, OWN) == []
        tab.locator("#ps-chat .ps-acts a").first.click()
        expect(tab.locator(".ps-editor textarea")).to_be_visible()
        assert tab.evaluate(LEFT, OWN) == []
        tab.locator(".ps-document-name").first.click()
        expect(tab.locator(".ps-reader .ps-rp img").first).to_be_visible()
        tab.keyboard.press("u")
        tab.locator(".ps-reader .ps-sought").fill("pump")
        expect(tab.locator(".ps-reader mark").first).to_be_visible()
        assert tab.evaluate(LEFT, OWN) == []
        tab.keyboard.press("Escape")
        tab.locator(".ps-reader-shut button").last.click()
        tab.locator(".ps-all-figures").click()
        expect(tab.locator(".ps-gallery-card").first).to_be_visible()
        assert tab.evaluate(LEFT, OWN) == []
        tab.keyboard.press("Escape")
        tab.locator("#ps-settings").click()
        expect(tab.locator(".ps-panel section").last).to_be_visible()
        tab.locator(".ps-panel details").evaluate_all("all => all.forEach(one => { one.open = true; })")
        assert tab.evaluate(LEFT, OWN) == []
    finally:
        for cached in (opening._words, language._patterns):
            cached.cache_clear()
