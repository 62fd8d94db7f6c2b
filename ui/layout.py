"""The page: what stands where, and which handler hears which event."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gradio as gr
from gradio.events import Dependency

from ui.addresses import public, routes
from ui.addresses.programs import Programs
from ui.compat import gradio_queue, gradio_sessions
from ui.events import rights
from ui.events.collection_handlers import CollectionHandlers
from ui.events.conversation_handlers import ConversationHandlers
from ui.events.handlers import Handlers
from ui.events.point_handlers import PointHandlers
from ui.events.trash_handlers import TrashHandlers
from ui.events.turn_handlers import TurnHandlers
from ui.page import component_words, theme
from ui.page.component_words import word
from ui.state.backend import Library
from ui.state.session import Session

TITLE = "PageSight"
MOST_UPLOAD = "1gb"  # of one file
CACHE_CHECK = 3600  # seconds between two looks for uploaded files that are too old
CACHE_AGE = 86_400  # seconds: older ones are deleted
ANSWERS_AT_ONCE = 4
WATCHING_AT_ONCE = 16  # pages that show an answer which another page has asked for
EVENTS_AT_ONCE = 8  # of the sidebar: each takes milliseconds, but a removal may wait for an upload
PASTE_LIMIT = 1_000_000  # characters; above the default of 1,000 a pasted text would become a file
LOGO = (
    '<svg viewBox="0 0 24 24" aria-hidden="true"><rect x="2.5" y="2.5" width="19" height="19" rx="3" fill="none" '
    'stroke="currentColor" stroke-width="2.4"/><rect x="3" y="3" width="9.5" height="18" fill="currentColor"/></svg>'
)
SHOWN_BEFORE = "(sent, session) => [window.pagesightShown ? window.pagesightShown() : '', session]"


@dataclass(frozen=True, slots=True)
class Sidebar:
    """The components on the left: uploads, the password box, the list of documents."""

    drop: gr.File
    card: gr.HTML
    documents: gr.HTML
    trash: gr.HTML
    conversations: gr.HTML
    lock: gr.Column
    lock_label: gr.HTML
    password: gr.Textbox
    unlock: gr.Button
    skip: gr.Button

    @property
    def outputs(self) -> list[Any]:
        """The components that every upload handler updates, in the order of its result."""
        return [self.drop, self.card, self.lock, self.lock_label, self.password]


def build(library: Library, handlers: Handlers) -> gr.Blocks:
    """The whole page with its events."""
    gradio_sessions.mend()
    with gr.Blocks(
        title=TITLE, analytics_enabled=False, delete_cache=(CACHE_CHECK, CACHE_AGE), fill_width=True
    ) as page:
        public.offer(
            library,
            {"concurrency_limit": ANSWERS_AT_ONCE, "concurrency_id": "answers"},
            {"concurrency_limit": EVENTS_AT_ONCE, "concurrency_id": "library"},
        )
        session = gr.State(Session())
        with gr.Sidebar(width=300, elem_id="ps-sidebar"):
            sidebar = _sidebar(library, handlers)
        with gr.Row(elem_id="ps-main", equal_height=False):
            with gr.Column(scale=11, min_width=320, elem_id="ps-centre"):
                chat, chip, editor, box = _centre(handlers)
            with gr.Column(scale=9, min_width=320, elem_id="ps-right"):
                viewer = _panel("viewer.js", "ps-viewer")
        _library_events(page, sidebar, chat, handlers, session)
        asked = _chat_events(chat, box, viewer, sidebar.documents, editor, handlers, session)
        listed = [chat, box, viewer, sidebar.conversations, chip]
        shown = _conversation_events(page, sidebar, listed, library, session, asked)
        _watch_events(shown, [chat, box, viewer, sidebar.documents], handlers, session)
        rights.protect(page, handlers.access, library)
    gradio_queue.rest(page)
    return page


def launch_options(library: Library, handlers: Handlers, programs: Programs | None = None) -> dict[str, Any]:
    """``Blocks.launch`` and never ``mount_gradio_app``: only a launched app refuses forged file paths (Gradio 6.31)."""
    return {
        "prevent_thread_lock": True,
        "_frontend": False,  # Gradio 6.31 would give up where its own first page takes more than 3 seconds
        "app_kwargs": routes.app_options(library, handlers.uploads.queues, programs, handlers.access),
        "i18n": component_words.translations(),
        "theme": theme.theme(),
        "allowed_paths": [str(sample.picture) for sample in handlers.samples if sample.picture is not None],
        "head": theme.head(),
        "footer_links": [],
        "favicon_path": str(theme.ASSETS / "icon.svg"),
        "run_history": False,
        "enable_monitoring": False,
        "ssr_mode": False,
        "mcp_server": False,
        "max_file_size": MOST_UPLOAD,
        "show_error": False,
        "quiet": True,
    }


def _fixed(content: str, **more: Any) -> gr.HTML:
    """HTML of ours; ``data-say`` names what its script puts in (``ui/assets/fixed.js``)."""
    return gr.HTML(content, js_on_load=theme.asset("fixed.js"), apply_default_css=False, **more)


def _panel(script: str, elem_id: str, **more: Any) -> gr.HTML:
    """A panel drawn by its own script from JSON; its template is fixed, so no document's words are ever a template."""
    return gr.HTML(
        value="",
        html_template='<div class="ps-root"></div>',
        js_on_load=theme.asset(script),
        apply_default_css=False,
        elem_id=elem_id,
        **more,
    )


def _sidebar(library: Library, handlers: Handlers) -> Sidebar:
    _fixed(
        f'<div class="ps-brand">{LOGO}<h1>{TITLE}</h1></div><p class="ps-tagline" data-say="tagline"></p>',
        elem_id="ps-brand",
    )
    drop = gr.File(
        label=word("add"),
        show_label=False,
        file_count="multiple",
        height=112,
        elem_id="ps-drop",
    )
    with gr.Column(visible=False, elem_id="ps-lock") as lock:
        lock_label = gr.HTML("", apply_default_css=False, elem_id="ps-lock-label")
        password = gr.Textbox(
            type="password",
            show_label=False,
            label=word("password"),
            placeholder=word("password"),
            container=False,
            max_lines=1,
        )
        with gr.Row():
            skip = gr.Button(word("skip"), size="sm", min_width=60)
            unlock = gr.Button(word("unlock"), size="sm", variant="primary", min_width=60)
    card = _panel("uploads.js", "ps-uploads")
    _panel("queue.js", "ps-queue")
    conversations = _panel("conversations.js", "ps-conversations")
    documents = _panel("documents.js", "ps-documents")
    trash = _panel("trash.js", "ps-trash")
    _fixed(_status(), elem_id="ps-status")
    return Sidebar(drop, card, documents, trash, conversations, lock, lock_label, password, unlock, skip)


def _status() -> str:
    """Whether all is ready, what writes the answers, who is signed in, and the buttons."""
    return (
        '<p id="ps-ready" role="status" hidden></p>'
        '<details id="ps-watched" hidden><summary></summary><ul></ul></details>'
        '<p id="ps-answers"></p><p id="ps-who" hidden></p>'
        '<div class="ps-status-acts"><button type="button" id="ps-settings" data-say="settings" hidden></button>'
        '<button type="button" id="ps-theme">◐</button><span data-language></span></div>'
    )


def _centre(handlers: Handlers) -> tuple[gr.Chatbot, gr.HTML, gr.HTML, gr.MultimodalTextbox]:
    chat = gr.Chatbot(
        show_label=False,
        label=word("conversation"),
        layout="bubble",
        allow_tags=False,
        latex_delimiters=[],
        allow_file_downloads=False,
        buttons=["copy"],
        placeholder=word("welcome"),
        autoscroll=False,  # it pulls down a reader who has scrolled up (6.31); chat.js follows
        height="100%",
        elem_id="ps-chat",
    )
    chip = _panel("scope.js", "ps-scope")
    editor = _panel("turns.js", "ps-editor")
    box = gr.MultimodalTextbox(
        show_label=False,
        label=word("question"),
        placeholder=word("ask"),
        file_types=["image"],
        file_count="single",
        max_plain_text_length=PASTE_LIMIT,
        max_lines=6,
        autofocus=True,
        elem_id="ps-box",
    )
    return chat, chip, editor, box


def _library_events(page: gr.Blocks, sidebar: Sidebar, chat: gr.Chatbot, handlers: Handlers, session: gr.State) -> None:
    options: dict[str, Any] = {
        "show_progress": "hidden",
        "api_visibility": "private",
        "trigger_mode": "multiple",
        "concurrency_limit": EVENTS_AT_ONCE,
        "concurrency_id": "library",
    }
    documents, password, card = sidebar.documents, sidebar.password, sidebar.card
    uploads = handlers.uploads
    listed = [documents, chat]
    page.load(handlers.opened, [documents, session], [*listed, *sidebar.outputs], **options)
    trash, removed = TrashHandlers(handlers), sidebar.trash
    page.load(trash.current, session, removed, **options)
    refreshed = documents.refresh_documents(handlers.refreshed, [documents, session], listed, **options)
    gone = documents.remove_document(handlers.remove, [documents, session], listed, **options)
    for event in (refreshed, gone):
        event.then(trash.current, session, removed, **options)
    documents.change_collection(CollectionHandlers(handlers).change, [documents, session], listed, **options)
    removed.open_trash(trash.opened, session, removed, **options)
    removed.restore_document(trash.restore, [documents, session], [*listed, removed], **options)
    removed.empty_trash(trash.empty, [documents, session], [*listed, removed], **options)
    sidebar.drop.upload(uploads.add, [sidebar.drop, session], sidebar.outputs, **options)
    gr.on([sidebar.unlock.click, password.submit], uploads.unlock, [password, session], sidebar.outputs, **options)
    sidebar.skip.click(uploads.skip_locked, session, sidebar.outputs, **options)
    card.cancel_uploads(uploads.cancel, session, sidebar.outputs, **options)
    card.retry_uploads(uploads.retry, session, sidebar.outputs, **options)
    card.close_uploads(uploads.close, session, sidebar.outputs, **options)
    card.settled_uploads(uploads.settled, session, sidebar.outputs, **options)


def _chat_events(
    chat: gr.Chatbot,
    box: gr.MultimodalTextbox,
    viewer: gr.HTML,
    documents: gr.HTML,
    editor: gr.HTML,
    handlers: Handlers,
    session: gr.State,
) -> list[Dependency]:
    """The events after which a conversation is another one."""
    outputs, turns = [chat, box, viewer, documents], TurnHandlers(handlers)
    asking: dict[str, Any] = {
        "show_progress": "hidden",
        "api_visibility": "private",
        "concurrency_limit": ANSWERS_AT_ONCE,
        "concurrency_id": "answers",
        "trigger_mode": "multiple",  # "once" would swallow Enter until a stopped answer has left the server (6.31)
    }
    running = [
        box.submit(handlers.ask, [box, documents, session], outputs, **asking),
        chat.example_select(handlers.ask_sample, [documents, session], outputs, **asking),
        chat.option_select(handlers.ask_as_typed, [documents, session], outputs, **asking),
        editor.ask_anew(turns.ask_anew, [documents, session], [*outputs, editor], **asking),
    ]
    # "once", the default, would swallow the second of two quick clicks
    quick: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private", "trigger_mode": "multiple"}
    for event in running:
        event.then(handlers.put_back, [box, session], box, **quick)
    editor.edit_question(turns.edit, session, editor, **quick)
    quick["cancels"] = running
    stopped = box.stop(handlers.stopped, [box, documents, session], outputs, **quick)
    cleared = chat.clear(handlers.cleared, [documents, session], outputs, **quick)
    chat.like(handlers.voted, session, chat, **quick | {"cancels": None})
    return [*running, stopped, cleared]


def _conversation_events(
    page: gr.Blocks,
    sidebar: Sidebar,
    outputs: list[Any],
    library: Library,
    session: gr.State,
    asked: list[Dependency],
) -> list[Dependency]:
    """``outputs``: chat, question box, viewer, list, chip; after ``asked`` the list and the chip are drawn again.

    Returns the events after which a conversation may be shown in which an answer is being written.
    """
    options: dict[str, Any] = {
        "show_progress": "hidden",
        "api_visibility": "private",
        "trigger_mode": "multiple",
        "concurrency_limit": EVENTS_AT_ONCE,
        "concurrency_id": "conversations",
    }
    handlers, listed, chip = ConversationHandlers(library), sidebar.conversations, outputs[-1]
    loaded = page.load(handlers.opened, [listed, session], outputs, js=SHOWN_BEFORE, **options)
    refreshed = listed.refresh_conversations(handlers.refreshed, session, outputs, **options)
    for event in asked:
        event.then(handlers.refreshed, session, outputs, **options)
    listed.find_conversations(handlers.find, session, outputs, **options)
    listed.rename_conversation(handlers.rename, session, outputs, **options)
    listed.new_conversation(handlers.new, session, outputs, **options)
    opened = listed.open_conversation(handlers.open, session, outputs, **options)
    listed.discard_conversation(handlers.discard, session, outputs, **options)
    listed.restore_conversation(handlers.restore, session, outputs, **options)
    chip.remove_scope(handlers.unscope, [outputs[1], session], outputs, **options)
    chip.point_at(PointHandlers(library).point, [outputs[1], session], [outputs[1], chip], **options)
    return [loaded, refreshed, opened]


def _watch_events(shown: list[Dependency], outputs: list[Any], handlers: Handlers, session: gr.State) -> None:
    """``outputs``: chat, question box, viewer, list of documents."""
    for event in shown:
        event.then(
            handlers.watch,
            [outputs[-1], session],
            outputs,
            show_progress="hidden",
            api_visibility="private",
            trigger_mode="multiple",
            concurrency_limit=WATCHING_AT_ONCE,
            concurrency_id="watching",
        )
