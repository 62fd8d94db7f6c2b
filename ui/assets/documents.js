// The document list: find, sort, tick, open, remove; collections to ask within. Reads {documents, off, collections, within,
// library} from its value, writes back which boxes are unticked and which collection is chosen. Words from documents are
// only ever put in place as text.
const root = element.querySelector(".ps-root");
const SAID = 600; // milliseconds after the last letter until is said how many were found
const SHOWN = 60; // documents drawn at once; more as one scrolls
const SORTS = { added: tr("As added"), name: tr("Name"), newest: tr("Newest first"), pages: tr("Most pages") };
const says = window.pagesightSays;
const order = new Intl.Collator(says.locale, { numeric: true, sensitivity: "base" });
let asking = null; // id of the document whose removal is being confirmed, where it would be for good
let takenBack = null; // id of the document that is being taken back
let leaving = null; // id of the document that is being removed
let heard = ""; // the revision of the library that was last asked for
let told = null; // id of the document of which more is shown
let sought = "";
let sorted = "added";
let shown = SHOWN;
let naming = ""; // "create" or "rename" while a name is typed
let typedName = ""; // as far as it is typed
let sentName = null; // {naming, name} of a collection as it was last sent
let refused = ""; // the mark of the last refusal that was heard of
let mine = null; // {off, within} as last chosen here, or as the server has decided
const abouts = new Map(); // id → what a document is about, once it was asked for
const LONG = 20000; // milliseconds after which a removal has been answered, or never will be
const WRITTEN = 1500; // milliseconds after which is asked whether a model has written what a document is about

const make = window.pagesightMake;

function button(className, text, act, name) {
  const node = make("button", className, text);
  node.type = "button";
  node.onclick = act;
  if (name) { node.title = name; node.setAttribute("aria-label", name); }
  return node;
}

function icon(path, title, name, act) {
  const node = button("ps-icon", undefined, act);
  node.title = title;
  node.setAttribute("aria-label", name);
  node.innerHTML = `<svg viewBox="0 0 24 24" aria-hidden="true"><path d="${path}"/></svg>`;
  return node;
}

function read() {
  try { return JSON.parse(props.value) || {}; } catch { return {}; }
}

function write(change) {
  const state = { ...read(), ...change };
  mine = { off: state.off || [], within: state.within || "" };
  props.value = JSON.stringify(state);
  draw();
}

// A list that was asked for before something was chosen here does not undo that choice; only a choice of the server's
// does, as of the collection that it has just made.
function arrive() {
  leaving = null;
  setTimeout(toTakenBack); // once the button that took it back has gone
  if (read().library === heard) heard = ""; // it may come back to that again, after a removal and its undo
  const state = read();
  const there = new Set((state.documents || []).map((item) => item.id));
  const own = {
    off: (mine || state).off?.filter((id) => there.has(id)) || [],
    within: state.decided || !mine || !state.collections?.some((one) => one.id === mine.within) ? state.within || "" : mine.within,
  };
  mine = own;
  const again = state.refused && state.refused !== refused && sentName;
  if (again) [naming, typedName] = [sentName.naming, sentName.name]; // to be changed
  refused = state.refused || refused;
  if (own.within !== (state.within || "") || String(own.off) !== String(state.off || [])) props.value = JSON.stringify({ ...state, ...own });
  draw();
  if (again) nameField()?.focus();
}

// A document that was taken back by the keyboard has the focus, as its bin had it.
function toTakenBack() {
  const back = read().documents?.find((item) => item.id === takenBack);
  if (!back) return;
  takenBack = null;
  if (document.activeElement === document.body || !document.activeElement) named(tr("Open {name}", { name: back.name }))?.focus();
}

// What is asked: the documents of the chosen collection, or all.
function scope({ documents = [], collections = [], within = "" }) {
  const chosen = collections.find((one) => one.id === within);
  return chosen ? chosen.docs.map((place) => documents[place]).filter(Boolean) : documents;
}

function tick(id, on) {
  const off = new Set(read().off || []);
  if (on) off.delete(id); else off.add(id);
  write({ off: [...off].sort() });
}

const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

function matching(documents) {
  const words = plain(sought).split(/\s+/).filter(Boolean);
  const found = documents.filter((item) => words.every((word) => plain(`${item.name} ${item.title}`).includes(word)));
  if (sorted === "name") found.sort((a, b) => order.compare(a.name, b.name));
  if (sorted === "newest") found.reverse().sort((a, b) => b.added.localeCompare(a.added));
  if (sorted === "pages") found.sort((a, b) => b.pages - a.pages);
  return found;
}

// A document --------------------------------------------------------------------------------------------------------------

// It can be taken back (trash.js), so nobody is asked first; unless nothing that is removed is kept here.
function remove(item) {
  if (read().for_good && asking !== item.id) {
    asking = item.id;
    draw();
    root.querySelector(".ps-confirm button")?.focus();
    return;
  }
  [asking, leaving] = [null, item.id];
  document.dispatchEvent(new CustomEvent("ps-removing", { detail: item.id }));
  trigger("remove_document", { doc: item.id });
  draw();
  setTimeout(() => { if (leaving === item.id) { leaving = null; draw(); } }, LONG); // where no answer came
}

function confirmation(item) {
  const row = make("div", "ps-confirm");
  row.append(make("span", "", tr("Remove it for good?")));
  const leave = () => { asking = null; draw(); named(tr("Remove {name}", { name: item.name }))?.focus(); };
  const keep = button("ps-small", tr("Keep"), leave);
  row.append(keep, button("ps-small ps-danger", tr("Remove"), () => remove(item)));
  row.onkeydown = (event) => { if (event.key === "Escape") leave(); };
  return row;
}

const named = (name) => [...root.querySelectorAll("[aria-label]")].find((node) => node.getAttribute("aria-label") === name);
const open = (item, page = 1) => document.dispatchEvent(new CustomEvent("ps-open", { detail: { doc: item.id, page, marks: [] } }));

// Of several documents with one name it is said when each was added.
function twins(documents) {
  const names = documents.map((item) => item.name);
  return new Set(names.filter((name, at) => names.indexOf(name) !== at));
}

function entry(item, off, state, same) {
  const card = make("div", "ps-document");
  const top = make("div", "ps-top");
  const label = make("label");
  const box = make("input");
  box.type = "checkbox";
  box.checked = !off.has(item.id);
  box.setAttribute("aria-label", tr("Search in {name}", { name: item.name }));
  box.onchange = () => tick(item.id, box.checked);
  label.append(box);
  const words = make("div", "ps-words");
  const name = button("ps-document-name", undefined, () => open(item), tr("Open {name}", { name: item.name }));
  name.title = item.title ? `${item.name}\n${item.title}` : item.name;
  name.append(window.pagesightReader.name(item.name));
  name.firstChild.removeAttribute("title");
  const detail = same.has(item.name) ? `${item.detail} · ${tr("added {moment}", { moment: says.moment(new Date(item.added)) })}` : item.detail;
  words.append(name, make("span", "ps-detail", detail));
  const more = icon("M6 9.500l6 6 6-6", tr("About it"), tr("About {name}", { name: item.name }), () => { told = told === item.id ? null : item.id; draw(); inSight(); });
  more.setAttribute("aria-expanded", String(told === item.id));
  const bin = icon("M5 7h14M10 7V5h4v2M7 7l1 12h8l1-12M10.5 10.5v5.5M13.5 10.5v5.5", tr("Remove"), tr("Remove {name}", { name: item.name }), () => remove(item));
  bin.classList.add("ps-bin"); // not there for readers
  top.append(label, words, more, bin);
  card.append(top);
  if (item.problems.length) {
    const count = tr("{count} problems while reading", { count: item.faults });
    const all = told === item.id ? item.problems.slice(0, 50) : item.problems.slice(0, 1);
    const note = make("div", "ps-problems ps-warn");
    note.append(make("b", "", `${count} – `), ...all.flatMap((problem, at) => [...(at ? [make("br")] : []), problem]));
    if (item.problems.length > all.length) note.append(button("ps-link", tr("… {count} more", { count: item.problems.length - all.length }), () => { told = item.id; draw(); }));
    card.append(note);
  }
  if (told === item.id) card.append(about(item, state));
  if (asking === item.id) card.append(confirmation(item));
  if (leaving === item.id) {
    card.append(make("div", "ps-confirm", tr("Removing…")));
    card.inert = true;
  }
  return card;
}

// What a document is about: asked for when somebody wants to see it.
function about(item, state) {
  const panel = make("div", "ps-about");
  const said = abouts.get(item.id);
  if (!said) {
    panel.append(make("p", "ps-detail", tr("Reading …")));
    askAbout(item.id);
    return panel;
  }
  if (said.written) panel.append(make("p", "", said.written), make("p", "ps-detail", tr("Written by {model} from its headings and first pages.", { model: said.by })));
  else if (said.coming) panel.append(make("p", "ps-detail", tr("The model is writing what it is about …")));
  if (said.opening && !said.written) panel.append(make("p", "", said.opening));
  if (said.headings.length) {
    const list = make("ul");
    for (const [text, page] of said.headings) {
      const line = make("li");
      line.append(button("ps-about-heading", `${text} · ${tr("p. {page}", { page })}`, () => open(item, page)));
      list.append(line);
    }
    panel.append(list);
  }
  if (said.questions.length) panel.append(make("h3", "", tr("Questions it can answer")), ...said.questions.map((words) => button("ps-small ps-about-question", words, () => fill(words))));
  if (!panel.childElementCount) panel.append(make("p", "ps-detail", tr("It has no headings or whole sentences to show.")));
  if (state.collections?.length) panel.append(membership(item, state));
  return panel;
}

// Again while a model writes and somebody looks.
function askAbout(id) {
  window.pagesightReader.get(`read/${encodeURIComponent(id)}/about`).then((came) => {
    const before = JSON.stringify(abouts.get(id));
    abouts.set(id, came);
    if (came.coming) setTimeout(() => { if (told === id && abouts.get(id) === came) askAbout(id); }, WRITTEN);
    if (told === id && JSON.stringify(came) !== before) { draw(); if (!before) inSight(); }
  }, (error) => {
    abouts.set(id, { opening: error.message, headings: [], questions: [], page: 0 });
    if (told === id) draw();
  });
}

// As much of what was opened as there is room for, from its document's name on.
const inSight = () => root.querySelector(".ps-about")?.closest(".ps-document").scrollIntoView({ block: "nearest" });

// A question goes into the box, to be sent or changed.
function fill(words) {
  const box = document.querySelector("#ps-box textarea");
  if (!box) return;
  Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value").set.call(box, words);
  box.dispatchEvent(new Event("input", { bubbles: true }));
  window.pagesightToQuestion();
}

function membership(item, { documents, collections }) {
  const place = documents.findIndex((one) => one.id === item.id);
  const field = make("fieldset", "ps-edit ps-membership");
  field.append(make("legend", "", tr("In collections")));
  for (const one of collections) {
    const label = make("label");
    const box = make("input");
    box.type = "checkbox";
    box.checked = one.docs.includes(place);
    box.onchange = () => trigger("change_collection", { do: box.checked ? "put" : "take", id: one.id, docs: [item.id] });
    label.append(box, make("span", "ps-name", one.name));
    field.append(label);
  }
  return field;
}

// Collections --------------------------------------------------------------------------------------------------------------

function collectionBar(state) {
  const { documents = [], collections = [], within = "", off = [] } = state;
  const bar = make("div", "ps-collections");
  const chosen = collections.find((one) => one.id === within);
  if (naming) {
    const form = make("form", "ps-naming ps-edit");
    const field = make("input", "ps-title");
    Object.assign(field, { type: "text", maxLength: 80, placeholder: tr("Name of the collection"), value: typedName });
    field.oninput = () => { typedName = field.value; }; // the list may be drawn anew while it is typed
    field.setAttribute("aria-label", tr("Name of the collection"));
    const unticked = new Set(off);
    const ticked = scope(state).filter((item) => !unticked.has(item.id));
    form.onsubmit = (event) => {
      event.preventDefault();
      if (!field.value.trim()) return;
      trigger("change_collection", naming === "rename" ? { do: "rename", id: within, name: field.value } : { do: "create", name: field.value, docs: ticked.map((item) => item.id) });
      sentName = { naming, name: field.value };
      naming = "";
      draw();
    };
    const leave = () => {
      const place = naming === "rename" ? 1 : 0; // the button that opened it
      naming = "";
      draw();
      root.querySelectorAll(".ps-collection-tools .ps-link")[place]?.focus();
    };
    form.onkeydown = (event) => { if (event.key === "Escape") leave(); };
    const save = make("button", "ps-small", naming === "rename" ? tr("Rename") : tr("Create with {count} ticked", { count: ticked.length }));
    save.type = "submit";
    form.append(field, save, button("ps-small", tr("Cancel"), leave));
    bar.append(form);
    return bar;
  }
  if (collections.length) bar.append(window.pagesightScope(state, (id) => { told = null; shown = SHOWN; write({ within: id }); }, "ps-where-list"));
  const tools = make("div", "ps-edit ps-collection-tools");
  const name = (what) => { naming = what; typedName = what === "rename" ? chosen.name : ""; draw(); nameField().focus(); };
  tools.append(button("ps-link", tr("New collection"), () => name("create")));
  if (chosen) {
    tools.append(button("ps-link", tr("Rename"), () => name("rename")), button("ps-link", tr("Delete"), () => {
      bar.append(deletion(within));
      bar.querySelector(".ps-confirm button").focus();
    }));
  }
  if (documents.length) bar.append(tools);
  return bar;
}

function deletion(id) {
  const row = make("div", "ps-confirm ps-edit");
  const leave = () => { draw(); root.querySelector(".ps-collection-tools .ps-link:last-child")?.focus(); };
  row.append(
    make("span", "", tr("Its documents stay.")),
    button("ps-small", tr("Keep"), leave),
    button("ps-small ps-danger", tr("Delete the collection"), () => trigger("change_collection", { do: "delete", id })),
  );
  row.onkeydown = (event) => { if (event.key === "Escape") leave(); };
  return row;
}

const nameField = () => root.querySelector(".ps-naming input");

// The list -----------------------------------------------------------------------------------------------------------------

const finder = make("div", "ps-finder");
const field = make("input", "ps-find");
Object.assign(field, { type: "search", placeholder: tr("Find…"), maxLength: 200 });
field.setAttribute("aria-label", tr("Find a document"));
let telling = 0;
field.oninput = () => {
  sought = field.value;
  shown = SHOWN;
  drawHeading(read());
  drawList();
  clearTimeout(telling);
  telling = setTimeout(() => sought && window.pagesightTell(tr("{count} found", { count: matching([...scope(read())]).length })), SAID);
};
const sorter = make("select", "ps-sort");
sorter.setAttribute("aria-label", tr("Order of the documents"));
for (const [value, label] of Object.entries(SORTS)) { const option = make("option", "", label); option.value = value; sorter.append(option); }
sorter.onchange = () => { sorted = sorter.value; shown = SHOWN; drawList(); };
finder.append(field, sorter);
const heading = make("h2", "ps-heading");
const list = make("div", "ps-list");
const rest = button("ps-small ps-more", tr("More documents"), () => { shown += SHOWN; drawList(); });
new IntersectionObserver((seen) => { if (seen.some((one) => one.isIntersecting) && rest.isConnected) { shown += SHOWN; drawList(); } }).observe(rest);
const gallery = button("ps-small ps-all-figures", tr("Figures and tables"), () => window.pagesightGallery?.open());
let bar = make("div");
let coming = ""; // what the server is still doing, said below the list: the samples are on their way
document.addEventListener("ps-ready", ({ detail: { words } }) => {
  if (words === coming) return;
  coming = words;
  if (!read().documents?.length) drawList();
});

function drawList() {
  const state = read();
  const unticked = new Set(state.off || []);
  const found = matching([...scope(state)]);
  const same = twins(state.documents || []);
  list.replaceChildren(...found.slice(0, shown).map((item) => entry(item, unticked, state, same)));
  if (!state.documents?.length) list.append(...(coming ? [] : [make("p", "ps-empty", tr("No documents yet. Drop some above."))]));
  else if (!found.length) list.append(make("p", "ps-empty", sought ? tr("No document has this in its name or title.") : tr("This collection has no documents yet.")));
  if (found.length > shown) list.append(rest);
}

// "All" and "None" are of what is listed: while a name is looked for, of the documents that have it.
function drawHeading(state) {
  const { documents = [], off = [] } = state;
  const unticked = new Set(off);
  const ticked = (items) => items.filter((item) => !unticked.has(item.id)).length;
  const asked = [...scope(state)];
  const count = ticked(asked);
  heading.replaceChildren(tr("Search in ({ticked} of {all})", { ticked: says.number(count), all: says.number(documents.length) }));
  const listed = matching(asked);
  const some = ticked(listed) < listed.length;
  if (asked.length > 1 && listed.length) {
    heading.append(button("ps-link", some ? tr("All") : tr("None"), () => {
      const own = listed.map((item) => item.id);
      const others = off.filter((id) => !own.includes(id));
      write({ off: some ? others : [...others, ...own] });
    }));
  }
  return count;
}

function draw() {
  const state = read();
  const { documents = [] } = state;
  const count = drawHeading(state);
  const now = collectionBar(state);
  const before = root.contains(document.activeElement) ? document.activeElement : null;
  const focused = before?.getAttribute("aria-label");
  const [start, end] = [before?.selectionStart, before?.selectionEnd];
  root.replaceChildren(...(documents.length ? [heading, now] : []), ...(documents.length > 1 ? [finder] : []), list, ...(documents.length ? [gallery] : []));
  bar = now;
  drawList();
  if (focused && !root.contains(document.activeElement)) {
    const after = named(focused);
    after?.focus();
    if (typeof start === "number") after?.setSelectionRange(start, end);
  }
  document.dispatchEvent(new CustomEvent("ps-choice", { detail: { state, count } }));
}

// The library has changed, here, in another tab or on the command line.
document.addEventListener("ps-library", (event) => {
  if (event.detail === read().library || event.detail === heard) return;
  heard = event.detail;
  // The one that is shown stays until it has come anew: somebody may be in it.
  [...abouts.keys()].filter((id) => id !== told).forEach((id) => abouts.delete(id));
  if (told) askAbout(told);
  trigger("refresh_documents");
});
document.addEventListener("ps-taken-back", (event) => { takenBack = event.detail; });
document.addEventListener("ps-within", (event) => write({ within: event.detail }));
document.addEventListener("ps-choice-wanted", () => draw());
watch("value", arrive);
draw();
