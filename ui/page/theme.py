"""Colours, type and the page's own styles and scripts, read from ``ui/assets/``."""

from __future__ import annotations

from pathlib import Path

import gradio as gr

ASSETS = Path(__file__).resolve().parents[1] / "assets"
FONTS = [
    "Inter",
    "system-ui",
    "Segoe UI",
    "Noto Sans",
    "PingFang SC",
    "Microsoft YaHei",
    "Noto Sans CJK SC",
    "sans-serif",
]  # names only: nothing is fetched
STYLES = ("style.css", "reader.css", "settings.css")
SCRIPTS = (
    *("words.js", "nodes.js", "start.js", "focus.js", "readiness.js", "chat.js", "drafts.js"),
    *("reader.js", "reader_page.js", "reader_side.js", "gallery.js", "collections.js", "settings.js"),
)
MONO = ["ui-monospace", "SFMono-Regular", "DejaVu Sans Mono", "monospace"]


def asset(name: str) -> str:
    """The text of a file in ``ui/assets/``."""
    return (ASSETS / name).read_text(encoding="utf-8")


def scripts() -> str:
    """All scripts of ours, to see which messages they use."""
    return "".join(path.read_text(encoding="utf-8") for path in sorted(ASSETS.glob("*.js")))


def head() -> str:
    """Styles and scripts of the whole page, here since Gradio rewrites ``css=`` and loses its media rules (6.31)."""
    scripts = "\n".join(f"<script>{asset(name)}</script>" for name in SCRIPTS)
    styles = "\n".join(f"<style>{asset(name)}</style>" for name in STYLES)
    return f"{styles}\n{scripts}"


def theme() -> gr.themes.Base:
    """Gradio's base theme in our colours, light and dark."""
    return gr.themes.Base(
        primary_hue=gr.themes.colors.indigo,
        neutral_hue=gr.themes.colors.slate,
        font=FONTS,
        font_mono=MONO,
        radius_size=gr.themes.sizes.radius_lg,
    ).set(
        body_background_fill="#f8fafc",
        body_background_fill_dark="#0b1120",
        background_fill_primary="#ffffff",
        background_fill_primary_dark="#1e293b",
        background_fill_secondary="#f8fafc",
        background_fill_secondary_dark="#0f172a",
        block_background_fill="#ffffff",
        block_background_fill_dark="#1e293b",
        block_border_color="#e2e8f0",
        block_border_color_dark="#334155",
        border_color_primary="#e2e8f0",
        border_color_primary_dark="#334155",
        block_shadow="none",
        block_shadow_dark="none",
        button_primary_background_fill="#4f46e5",
        button_primary_background_fill_hover="#4338ca",
        button_primary_background_fill_dark="#4f46e5",
        button_primary_background_fill_hover_dark="#6366f1",
        button_primary_text_color="#ffffff",
        button_primary_text_color_dark="#ffffff",
    )
