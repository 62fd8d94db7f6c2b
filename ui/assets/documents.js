// The document list. Reads {documents, off, library} from its value, writes back which boxes are unticked.
const root = element.querySelector(".ps-root");
let asking = null; // id of the document whose removal is being confirmed
let heard = ""; // the revision of the library that was last asked for

function make(tag, className, text) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  return node;
}

function read() {
  try { return JSON.parse(props.value) || {}; } catch { return {}; }
}

function tick(id, on) {
  const state = read();
  const off = new Set(state.off || []);
  if (on) off.delete(id); else off.add(id);
  props.value = JSON.stringify({ ...state, off: [...off].sort() });
  draw();
}

function opener(item) {
  const button = make("button", "ps-icon");
  button.type = "button";
  button.title = "Open";
  button.setAttribute("aria-label", `Open ${item.name}`);
  button.innerHTML = '<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M4 5.5c3-1 5.5-.8 8 1 2.500-1.800 5-2 8-1V18.500c-3-1-5.500-.800-8 1-2.500-1.800-5-2-8-1zM12 6.500v13"/></svg>';
  button.onclick = () => document.dispatchEvent(new CustomEvent("ps-open", { detail: { doc: item.id, page: 1, marks: [] } }));
  return button;
}

function bin(item) {
  const button = make("button", "ps-icon");
  button.type = "button";
  button.title = "Remove";
  button.setAttribute("aria-label", `Remove ${item.name}`);
  button.innerHTML = '<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M5 7h14M10 7V5h4v2M7 7l1 12h8l1-12M10.5 10.5v5.5M13.5 10.5v5.5"/></svg>';
  button.onclick = () => { asking = item.id; draw(); root.querySelector(".ps-confirm button")?.focus(); };
  return button;
}

function confirmation(item) {
  const row = make("div", "ps-confirm");
  row.append(make("span", "", "Remove from the library?"));
  const keep = make("button", "ps-small", "Keep");
  const remove = make("button", "ps-small ps-danger", "Remove");
  keep.type = remove.type = "button";
  keep.onclick = () => { asking = null; draw(); };
  remove.onclick = () => { asking = null; row.replaceChildren(make("span", "", "Removing…")); trigger("remove_document", { doc: item.id }); };
  row.append(keep, remove);
  row.onkeydown = (event) => { if (event.key === "Escape") { asking = null; draw(); } };
  return row;
}

function entry(item, off) {
  const card = make("div", "ps-document");
  const label = make("label");
  const box = make("input");
  box.type = "checkbox";
  box.checked = !off.has(item.id);
  box.setAttribute("aria-label", `Search in ${item.name}`);
  box.onchange = () => tick(item.id, box.checked);
  const words = make("span", "ps-words");
  const name = make("span", "ps-name", item.name);
  name.title = item.title ? `${item.name}\n${item.title}` : item.name;
  words.append(name, make("span", "ps-detail", item.detail));
  if (item.problems.length) {
    const note = make("span", "ps-detail ps-warn", `${item.problems.length} problem${item.problems.length === 1 ? "" : "s"} while reading`);
    note.title = item.problems.slice(0, 8).join("\n");
    words.append(note);
  }
  label.append(box, words);
  const top = make("div", "ps-top");
  top.append(label, opener(item), bin(item));
  card.append(top);
  if (asking === item.id) card.append(confirmation(item));
  return card;
}

function draw() {
  const { documents = [], off = [] } = read();
  const unticked = new Set(off);
  const heading = make("h2", "ps-heading");
  if (documents.length) {
    const count = documents.length - documents.filter((item) => unticked.has(item.id)).length;
    heading.textContent = `Search in (${count} of ${documents.length})`;
    if (documents.length > 1) {
      const all = make("button", "ps-link", count < documents.length ? "All" : "None");
      all.type = "button";
      all.onclick = () => {
        props.value = JSON.stringify({ ...read(), off: count < documents.length ? [] : documents.map((item) => item.id) });
        draw();
      };
      heading.append(all);
    }
  }
  const list = make("div", "ps-list");
  list.append(...documents.map((item) => entry(item, unticked)));
  if (!documents.length) list.append(make("p", "ps-empty", "No documents yet. Drop some above."));
  const gallery = make("button", "ps-small ps-all-figures", "Figures and tables");
  gallery.type = "button";
  gallery.onclick = () => window.pagesightGallery?.open();
  root.replaceChildren(...(documents.length ? [heading] : []), list, ...(documents.length ? [gallery] : []));
}

// The library has changed, here, in another tab or on the command line.
document.addEventListener("ps-library", (event) => {
  if (event.detail === read().library || event.detail === heard) return;
  heard = event.detail;
  trigger("refresh_documents");
});
watch("value", draw);
draw();
