// Drafts: what is typed into the question box is there again after a reload, until it is sent, and stays while an answer
// comes, also when it is sent too early.
(() => {
  const DRAFT = "pagesight-draft", SENT = "pagesight-sent";
  const question = () => document.querySelector("#ps-box textarea");
  const TAKEN = 5000; // milliseconds in which a question that was sent has left the box
  const { get: read, set: write } = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value");
  let written = null;
  let last = ""; // the question that was sent last
  let guarded = null;
  let taken = 0;
  let sent = null; // a question on its way: not a draft, unless it is still in the box after a while

  function draft() {
    const field = question();
    if (!field || field.value === written || (sent !== null && field.value === sent)) return;
    written = field.value;
    put(DRAFT, written);
  }

  const put = (name, text) => { try { if (text) sessionStorage.setItem(name, text); else sessionStorage.removeItem(name); } catch { /* private mode */ } };
  const got = (name) => { try { return sessionStorage.getItem(name) || ""; } catch { return ""; } };

  // The box is emptied by the server's reply: a reload before that would bring back what was asked already, or lose what
  // never reached the server. So what was sent is remembered apart, until it is known to be in the conversation.
  function asked() {
    const field = question();
    if (!field?.value) return;
    sent = last = field.value;
    written = null;
    put(DRAFT, "");
    put(SENT, sent);
    clearTimeout(taken); // of the question before
    taken = setTimeout(() => { sent = null; put(SENT, ""); draft(); }, TAKEN);
  }

  const plain = (text) => text.replace(/\s+/g, " ").trim();

  function recall(text, until) {
    const shown = [...document.querySelectorAll("#ps-chat .ps-asked")].some((node) => plain(node.textContent) === plain(text));
    const heard = document.querySelector("#ps-conversations .ps-heading"); // the server has said what is kept
    if (!shown && !(heard && Date.now() > until)) { setTimeout(recall, 200, text, heard ? until : Date.now() + TAKEN); return; }
    put(SENT, "");
    if (!shown && !question().value) fill(text);
  }

  function fill(text) {
    const field = question();
    write.call(field, text);
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  // What comes from the server was decided before the letters that are typed meanwhile: it takes out of the box what was
  // sent, and puts a question back into an empty one, but never replaces what somebody has typed since.
  function keepsTyped(typed, text) {
    if (!typed || typed === text) return text;
    if (!text) return typed.startsWith(last) ? typed.slice(last.length).trimStart() : typed;
    return text.trim() === last.trim() ? typed : text;
  }

  function guard() {
    const field = question();
    if (!field || field === guarded) return;
    guarded = field;
    Object.defineProperty(field, "value", {
      configurable: true,
      get: () => read.call(field),
      set: (text) => {
        const kept = keepsTyped(read.call(field), String(text ?? ""));
        write.call(field, kept);
        if (kept !== text) queueMicrotask(() => field.dispatchEvent(new Event("input", { bubbles: true }))); // tells the component
      },
    });
  }

  // While an answer is being written Gradio (6.31) is deaf to Enter and says nothing: what is typed stays, with a line
  // above it that says why, for as long as that is so.
  const answering = () => document.querySelector("#ps-box .stop-button");
  const waiting = window.pagesightMake("p", "ps-note");
  waiting.id = "ps-waiting";

  function notNow() {
    waiting.textContent = tr("An answer is being written; wait until it is there, or stop it first.");
    document.querySelector("#ps-box").before(waiting);
    window.pagesightTell(waiting.textContent);
  }

  function now() {
    if (waiting.isConnected && !(answering() && question()?.value)) waiting.remove();
  }
  document.addEventListener("ps-drawn", now);
  document.addEventListener("input", now, true);

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.target !== question()) return;
    if (!answering()) { asked(); return; }
    event.preventDefault();
    event.stopImmediatePropagation();
    if (question().value.trim()) notNow();
  }, true);
  document.addEventListener("click", (event) => { if (event.target.closest?.("#ps-box .submit-button")) asked(); }, true);

  function restore() {
    const field = question();
    if (!field) { setTimeout(restore, 100); return; }
    guard();
    document.addEventListener("ps-drawn", guard); // the box may be drawn anew
    const text = got(DRAFT);
    if (text && !field.value) fill(text);
    if (got(SENT)) recall(got(SENT), Date.now() + TAKEN);
    written = field.value;
    document.addEventListener("input", draft, true);
    window.addEventListener("pagehide", draft);
    setInterval(draft, 1000); // a question that was sent empties the box without a key
  }

  restore();
})();
