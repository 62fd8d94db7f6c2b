// The list of conversations: the latest first, to be found, opened, renamed, deleted and taken back.
// Titles are only ever put in place as text.
const root = element.querySelector(".ps-root");
const WAIT = 250; // milliseconds after the last key until words are looked for
let renaming = null; // id of the conversation whose title is being typed
let heard = null; // the news that was last heard
let timer = 0;
let typed = ""; // what stands in the field to find
let trash = false;
let shown = {}; // the list that is drawn
let discarding = ""; // id of the conversation whose bin was pressed here
let found = ""; // the words that were looked for, and how many have them, as it was said
let offered = ""; // id of the conversation that can be taken back

const make = window.pagesightMake;

function button(className, text, name, act) {
  const node = make("button", className, text);
  node.type = "button";
  if (name) { node.title = name; node.setAttribute("aria-label", name); }
  node.onclick = act;
  return node;
}

function icon(path, name, act) {
  const node = button("ps-icon", "", name, act);
  node.innerHTML = `<svg viewBox="0 0 24 24" aria-hidden="true"><path d="${path}"/></svg>`;
  return node;
}

const PEN = "M4 20l1-4L16.5 4.5l3 3L8 19zM14 7l3 3";
const BIN = "M5 7h14M10 7V5h4v2M7 7l1 12h8l1-12M10.5 10.5v5.5M13.5 10.5v5.5";

function read() {
  try { return JSON.parse(props.value) || {}; } catch { return {}; }
}

function when(changed) {
  const date = new Date(changed);
  const today = new Date().toDateString() === date.toDateString();
  return today ? window.pagesightSays.time(date) : window.pagesightSays.day(date);
}

function find() {
  clearTimeout(timer);
  timer = setTimeout(() => trigger("find_conversations", { find: typed, trash }), WAIT);
}

function title(row) {
  const field = make("input", "ps-title");
  field.type = "text";
  field.value = row.title;
  field.maxLength = 120;
  field.setAttribute("aria-label", tr("Title of the conversation"));
  let done = false;
  const end = (keep, byKey) => {
    if (done) return;
    done = true;
    renaming = null;
    if (keep && field.value !== row.title) trigger("rename_conversation", { id: row.id, title: field.value });
    draw();
    if (byKey) root.querySelector(`[data-id="${CSS.escape(row.id)}"] .ps-icon`)?.focus();
  };
  field.onkeydown = (event) => {
    if (event.key === "Enter") { event.preventDefault(); end(true, true); } // else the key would press what is focused next
    if (event.key === "Escape") end(false, true);
  };
  field.onblur = () => end(true);
  return field;
}

function entry(row, state) {
  const node = make("div", "ps-talk");
  node.dataset.id = row.id;
  if (row.id === state.open) node.classList.add("ps-talk-open");
  if (renaming === row.id) { node.append(title(row)); return node; }
  const detail = `${tr("{count} questions", { count: row.turns })} · ${when(row.changed)}`;
  if (state.trash) {
    const words = make("span", "ps-words");
    words.append(make("span", "ps-name", row.title), make("span", "ps-detail", detail));
    node.append(words, button("ps-small", tr("Restore"), tr("Restore {name}", { name: row.title }), () => trigger("restore_conversation", { id: row.id })));
    return node;
  }
  const open = button("ps-talk-words", undefined, "", () => { window.pagesightToPage(); trigger("open_conversation", { id: row.id }); });
  open.title = row.title;
  if (row.id === state.open) open.setAttribute("aria-current", "true");
  open.append(make("span", "ps-name", row.title), make("span", "ps-detail", detail));
  const bin = icon(BIN, tr("Delete {name}", { name: row.title }), () => { discarding = row.id; trigger("discard_conversation", { id: row.id }); });
  bin.classList.add("ps-bin");
  node.append(open, icon(PEN, tr("Rename {name}", { name: row.title }), () => { renaming = row.id; draw(); root.querySelector(".ps-title")?.select(); }), bin);
  return node;
}

function undo(gone) {
  const row = make("div", "ps-confirm ps-undo");
  row.append(make("span", "ps-name", gone.replaced ? tr("Earlier version kept") : tr("Deleted “{name}”", { name: gone.title })), button("ps-small", gone.replaced ? tr("Show it") : tr("Undo"), "", () => trigger("restore_conversation", { id: gone.id })));
  return row;
}

function searchField(state) {
  const field = make("input", "ps-find");
  field.type = "search";
  field.placeholder = state.trash ? tr("Find in deleted ones") : tr("Find a conversation");
  field.setAttribute("aria-label", field.placeholder);
  field.value = typed;
  field.oninput = () => { typed = field.value; find(); };
  return field;
}

function draw() {
  const state = shown;
  if (!state.rows) return;
  const had = document.activeElement?.classList.contains("ps-find") && root.contains(document.activeElement) ? document.activeElement.selectionStart : null;
  if (renaming && root.contains(document.activeElement) && document.activeElement.classList.contains("ps-title")) return; // not while a title is typed
  const heading = make("h2", "ps-heading", state.trash ? tr("Deleted conversations") : tr("Conversations"));
  heading.append(button("ps-link", tr("New"), tr("New conversation"), () => { window.pagesightToQuestion(); trigger("new_conversation"); }));
  const parts = [heading];
  if (!state.kept) {
    parts.push(make("p", "ps-empty", tr("This browser keeps no cookies, so conversations end with their tab.")));
    root.replaceChildren(...parts);
    return;
  }
  if (state.rows.length > 4 || state.find || typed || state.trash) parts.push(searchField(state));
  if (state.gone) parts.push(undo(state.gone));
  const list = make("div", "ps-talks");
  list.append(...state.rows.map((row) => entry(row, state)));
  if (!state.rows.length && (state.find || state.trash)) list.append(make("p", "ps-empty", state.find ? tr("None holds these words.") : tr("Nothing was deleted in the last 30 days.")));
  if (!state.rows.length && !state.find && !state.trash) list.append(make("p", "ps-empty", tr("What you ask is kept here.")));
  if (state.more) list.append(make("p", "ps-empty", tr("Older ones are found by their words.")));
  parts.push(list);
  if (!state.trash && state.rows.some((row) => row.id === state.open)) {
    const links = make("div", "ps-export", tr("Save as"));
    [["HTML", "html"], ["PDF", "pdf"], ["Markdown", "zip"]].forEach(([label, ending]) => {
      const link = make("a", "", label);
      link.href = `pagesight/export/${encodeURIComponent(state.open)}/${ending}`;
      link.download = "";
      links.append(link);
    });
    parts.push(links);
  }
  const foot = make("div", "ps-talk-foot");
  if (state.deleted) foot.append(button("ps-link", state.trash ? tr("Back to conversations") : tr("Deleted conversations"), "", () => { trash = !state.trash; typed = ""; trigger("find_conversations", { find: "", trash }); }));
  parts.push(foot);
  const now = root.contains(document.activeElement) ? document.activeElement : null;
  const label = (node) => node.getAttribute("aria-label") || node.textContent;
  const focused = now && now.matches("button, a") ? label(now) : "";
  root.replaceChildren(...parts);
  if (focused) [...root.querySelectorAll("button, a")].find((node) => label(node) === focused)?.focus();
  if (state.gone && state.gone.id !== offered) {
    const row = root.querySelector(".ps-undo");
    window.pagesightTell(row.firstChild.textContent);
    if (discarding === state.gone.id && !root.contains(document.activeElement)) row.lastChild.focus(); // its bin has gone
  }
  if (state.gone?.id !== offered) discarding = "";
  offered = state.gone?.id || "";
  if (had !== null) { const field = root.querySelector(".ps-find"); field?.focus(); field?.setSelectionRange(had, had); }
}

function receive() {
  const state = read();
  if (state.number < shown.number) return; // asked for before the one that is drawn, and overtaken by it
  shown = state;
  if (state.rows) window.pagesightShow?.(state.open, state.begun);
  trash = Boolean(state.trash);
  if (!document.activeElement?.classList.contains("ps-find")) typed = state.find || "";
  const looked = `${state.find} ${state.rows?.length}`;
  if (state.find && looked !== found) window.pagesightTell(state.rows.length ? tr("{count} found", { count: state.rows.length }) : tr("None holds these words."));
  found = state.find ? looked : "";
  draw();
}

// Something changed, here, in another tab or elsewhere.
document.addEventListener("ps-conversations", (event) => {
  if (event.detail === heard) return;
  heard = event.detail;
  trigger("refresh_conversations");
});
document.addEventListener("ps-open-conversation", (event) => trigger("open_conversation", { id: event.detail }));
watch("value", receive);
receive();
