// The conversation: follows a growing answer only while the reader is at its end, copies answers as plain words, takes
// files dropped on it, and gives names and roles to the controls that Gradio (6.31) leaves without.
(() => {
  const ABOVE = 12; // pixels over the question
  const AT_ONCE = 2000; // milliseconds in which an answer comes that nobody can read as it comes
  const COPIES = /^Copy message$/; // Gradio's label
  const NEAR = 48; // pixels from the end that count as being there
  const chat = () => document.querySelector("#ps-chat .bubble-wrap");
  let following = true;
  let asked = 0;
  let heights = [[0, 0]]; // [moment, height of all messages], of the last AT_ONCE
  let watched = null;

  function follow() {
    const box = chat();
    if (!box) return;
    const questions = box.querySelectorAll(".message-row.user-row, .user-row").length;
    if (questions > asked) following = true; // a new question: its answer is what is waited for
    asked = questions;
    const now = performance.now();
    heights.push([now, box.scrollHeight]);
    while (heights.length > 1 && heights[1][0] < now - AT_ONCE) heights.shift();
    const grown = box.scrollHeight - heights[0][1];
    if (!following) return;
    box.scrollTop = box.scrollHeight;
    // An answer that comes at once, and is higher than the chat, is read from its question on.
    const row = [...box.querySelectorAll(".user-row")].pop();
    const above = row ? box.getBoundingClientRect().top - row.getBoundingClientRect().top : 0;
    if (grown < box.clientHeight / 2 || above <= 0) return;
    box.scrollTop -= above + ABOVE;
    following = false;
  }

  function watchScroll() {
    const box = chat();
    if (!box || box === watched) return;
    watched = box;
    following = true;
    heights = [[0, 0]];
    let last = box.scrollTop;
    box.addEventListener("scroll", () => {
      const end = box.scrollHeight - box.clientHeight - box.scrollTop;
      if (end <= NEAR) following = true;
      else if (box.scrollTop < last) following = false; // only upwards: growth alone is no wish to stay
      last = box.scrollTop;
    }, { passive: true });
    new MutationObserver(follow).observe(box, { childList: true, subtree: true, characterData: true });
    box.addEventListener("load", follow, true); // pictures
  }

  // Names and roles ------------------------------------------------------------------------------------------------

  function set(node, name, value) {
    if (node && node.getAttribute(name) !== value) node.setAttribute(name, value);
  }

  function drop(node, name) {
    if (node.hasAttribute(name)) node.removeAttribute(name);
  }

  // A heading that opens and closes is a button with a nameless button in it: the inner one is kept, and named.
  function nameFold(title) {
    drop(title, "role");
    drop(title, "tabindex");
    const button = title.querySelector("button");
    set(button, "aria-label", title.textContent.trim());
    set(button, "aria-expanded", String(Boolean(title.nextElementSibling)));
  }

  // Gradio (6.31) names a copy button in English only; a button of a question that copies nothing shares its picture.
  function nameCopy(button) {
    if (COPIES.test(button.getAttribute("aria-label"))) button.dataset.copies = "";
    if ("copies" in button.dataset) {
      set(button, "aria-label", tr("Copy message"));
      set(button, "title", tr("Copy message"));
    } else if (button.closest(".message-buttons-right")) {
      button.parentElement.classList.add("ps-shares");
    }
  }

  // A notice has no title that could fold it (style.css), says in our words that the server is away, and the same once.
  function notice(body) {
    const head = body.querySelector(".toast-header");
    drop(head, "role");
    drop(head, "tabindex");
    set(body.querySelector(".toast-close"), "aria-label", tr("Close"));
    const said = new Set();
    body.querySelectorAll(".toast-message-item").forEach((item) => {
      const text = item.querySelector(".toast-message-text");
      if (/^Connection to the server/.test(text.textContent)) text.textContent = tr("The server does not answer. What you have typed is kept, and the page comes back by itself once it answers again.");
      const again = said.has(text.textContent);
      said.add(text.textContent);
      item.hidden = again;
      if (item.previousElementSibling?.classList.contains("toast-separator")) item.previousElementSibling.hidden = again;
    });
  }

  // Our links under an answer act on it; a space presses them as it does a button.
  document.addEventListener("keydown", (event) => {
    const link = event.key === " " && event.target.closest?.("#ps-chat .ps-acts a, #ps-chat .ps-first");
    if (link) { event.preventDefault(); link.click(); }
  });

  // An empty library: the empty conversation says how to begin, also on a phone, where the sidebar is shut.
  document.addEventListener("ps-choice", ({ detail: { state } }) => {
    document.documentElement.classList.toggle("ps-without", state.documents?.length === 0);
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest?.("#ps-chat .ps-first")) return;
    event.preventDefault();
    document.querySelector("#ps-drop input[type=file]")?.click();
  });

  function tidy() {
    watchScroll();
    set(document.querySelector("#ps-box textarea"), "aria-label", tr("Question"));
    set(document.querySelector("#ps-box .stop-button"), "aria-label", tr("Stop the answer"));
    set(document.querySelector("#ps-drop > button"), "aria-label", tr("Drop documents here or click to choose"));
    const examples = document.querySelector("#ps-chat .examples");
    set(examples, "role", "group");
    set(examples, "aria-label", tr("Example questions"));
    examples?.querySelectorAll("button[aria-label]").forEach((button) => set(button, "aria-label", button.innerText.trim() || tr("Question"))); // Gradio's is English
    set(document.querySelector("#ps-chat [role=log]"), "aria-label", tr("Conversation"));
    document.querySelectorAll("#ps-chat .thought-group > .title").forEach(nameFold);
    document.querySelectorAll("#ps-chat .message-buttons .icon-button").forEach(nameCopy);
    document.querySelectorAll("#ps-chat .image-container button").forEach((button) => set(button, "aria-label", tr("Show the picture large")));
    document.querySelectorAll("#ps-chat .ps-acts a, #ps-chat .ps-first").forEach((link) => set(link, "role", "button"));
    document.querySelectorAll(".toast-body").forEach(notice);
    // its value is the whole message again, as it was sent, HTML and all
    document.querySelectorAll("#ps-chat [data-testid=user], #ps-chat [data-testid=bot]").forEach((node) => drop(node, "aria-label"));
    document.dispatchEvent(new CustomEvent("ps-drawn"));
  }

  let planned = false;
  function plan() {
    if (planned) return;
    planned = true;
    requestAnimationFrame(() => { planned = false; tidy(); });
  }

  function start() {
    new MutationObserver(plan).observe(document.body, {
      childList: true, subtree: true, attributes: true, attributeFilter: ["aria-label", "role"],
    });
    plan();
  }
  if (document.body) start(); else document.addEventListener("DOMContentLoaded", start);

  // A file dropped anywhere else than on the drop zone goes where it belongs: a picture to the question, the rest to the
  // library. Without this the browser would leave the page for the file.
  const carries = (event) => event.dataTransfer && [...event.dataTransfer.types].includes("Files");
  const elsewhere = (event) => carries(event) && !event.target.closest?.("#ps-drop");

  function give(selector, files) {
    const input = document.querySelector(`${selector} input[type=file]`);
    if (!input || !files.length) return;
    const given = new DataTransfer();
    files.forEach((file) => given.items.add(file));
    input.files = given.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }

  // While files are over the page it says what becomes of them; not to readers, who add nothing.
  const sign = document.createElement("div");
  sign.id = "ps-dropping";
  sign.setAttribute("aria-hidden", "true");
  let leaving = 0;
  function over() {
    clearTimeout(leaving);
    leaving = setTimeout(() => sign.remove(), 600); // dragover comes again and again while they are held there
    if (sign.isConnected || document.documentElement.dataset.role === "reader") return;
    sign.textContent = tr("Drop them: documents are added to the library, a picture is asked about");
    ([...document.querySelectorAll("dialog[open]")].pop() || document.body).append(sign);
  }

  document.addEventListener("dragover", (event) => {
    if (carries(event)) over();
    if (elsewhere(event)) event.preventDefault();
  }, true);
  document.addEventListener("drop", (event) => {
    sign.remove();
    if (!elsewhere(event)) return;
    const files = [...event.dataTransfer.files];
    const papers = files.filter((file) => !file.type.startsWith("image/"));
    if (!papers.length && event.target.closest?.("#ps-box")) return; // the question box takes pictures itself
    event.preventDefault();
    event.stopImmediatePropagation();
    give("#ps-drop", papers);
    give("#ps-box", files.filter((file) => !papers.includes(file)).slice(0, 1));
  }, true);

  // Gradio's copy button copies the message as it was sent, HTML and all: take the words meant for copying out of it, and
  // where the clipboard takes two forms, put the answer as it looks beside them, for word processors and mails.
  const clipboard = navigator.clipboard;
  if (clipboard && clipboard.writeText) {
    const write = clipboard.writeText.bind(clipboard);
    clipboard.writeText = async (text) => {
      const words = plain(String(text));
      const look = rich(String(text));
      if (look && clipboard.write && window.ClipboardItem) {
        try {
          const item = new ClipboardItem({ "text/plain": new Blob([words], { type: "text/plain" }), "text/html": new Blob([look], { type: "text/html" }) });
          return await clipboard.write([item]);
        } catch { /* not allowed, or not this form: words alone */ }
      }
      return write(words);
    };
  }

  function rich(text) {
    if (!/<div class="ps-copy"/.test(text)) return "";
    const words = new DOMParser().parseFromString(text, "text/html").body; // inert: nothing in it loads or runs
    const parts = [...words.querySelectorAll(".ps-answer")];
    words.querySelectorAll(".ps-heard, .ps-column").forEach((node) => node.remove());
    parts.forEach((part) => part.querySelectorAll("a").forEach((link) => link.replaceWith(` [${link.textContent}]`)));
    const sources = [...words.querySelectorAll(".ps-copy")].flatMap((node) => node.textContent.split("\n").filter((line) => /^\[\d+\] /.test(line)));
    const list = document.createElement("div");
    sources.forEach((line) => { const row = document.createElement("p"); row.textContent = line; list.append(row); });
    return parts.map((part) => part.innerHTML).join("") + list.innerHTML;
  }

  function plain(text) {
    if (!/<div class="ps-/.test(text)) return text;
    const words = new DOMParser().parseFromString(text, "text/html").body; // inert: nothing in it loads or runs
    const meant = words.querySelectorAll(".ps-copy");
    if (meant.length) return [...meant].map((node) => node.textContent).join("\n\n").trim();
    words.querySelectorAll("br").forEach((node) => node.replaceWith("\n"));
    words.querySelectorAll(".ps-heard, .ps-column").forEach((node) => node.remove());
    return words.textContent.trim();
  }
})();
