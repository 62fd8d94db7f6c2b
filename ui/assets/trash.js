// Removed documents: undo of what was removed a moment ago, and the list of those that can still be taken back.
// Names are only ever put in place as text.
const root = element.querySelector(".ps-root");
let offered = ""; // id of the document that can be taken back with one click
let removing = ""; // id of the document that was removed here last
let asking = null; // what is about to be deleted for good: a document's id, or "all"

const make = window.pagesightMake;

function button(className, text, name, act) {
  const node = make("button", className, text);
  node.type = "button";
  if (name) { node.title = name; node.setAttribute("aria-label", name); }
  node.onclick = () => { node.disabled = true; act(); };
  return node;
}

// A button that asks whether it is meant; it has the focus again where it is not.
function asker(label, name, what) {
  const node = button("ps-link", label, name, () => ask(what));
  node.dataset.ask = what;
  return node;
}

const { size } = window.pagesightSays;
const day = (moment) => window.pagesightSays.day(new Date(moment), false);

function confirmation(words, doc) {
  const row = make("div", "ps-confirm");
  const leave = () => { asking = null; draw(); root.querySelector(`[data-ask="${doc ? CSS.escape(doc) : "all"}"]`)?.focus(); };
  row.append(
    make("span", "", words),
    button("ps-small", tr("Keep"), "", leave),
    button("ps-small ps-danger", tr("Delete"), "", () => { asking = null; trigger("empty_trash", { doc }); }),
  );
  row.onkeydown = (event) => { if (event.key === "Escape") leave(); };
  return row;
}

function ask(what) {
  asking = what;
  draw();
  root.querySelector(".ps-confirm button")?.focus();
}

function entry(row) {
  const node = make("div", "ps-document");
  const top = make("div", "ps-top");
  const words = make("span", "ps-words");
  const name = make("span", "ps-name", row.name);
  name.title = row.name;
  words.append(name, make("span", "ps-detail", `${tr("removed {day}", { day: day(row.removed) })} · ${size(row.bytes)}`));
  top.append(words, button("ps-small", tr("Restore"), tr("Restore {name}", { name: row.name }), () => trigger("restore_document", { doc: row.id })));
  node.append(top);
  if (asking === row.id) node.append(confirmation(tr("Delete for good?"), row.id));
  else top.append(asker(tr("Delete"), tr("Delete {name} for good", { name: row.name }), row.id));
  return node;
}

function draw() {
  let state = {};
  try { state = JSON.parse(props.value) || {}; } catch { /* not yet */ }
  const rows = state.rows || [];
  element.closest(".block, .html-container")?.classList.toggle("ps-empty-panel", !rows.length);
  const parts = [];
  if (state.gone) {
    const undo = make("div", "ps-confirm ps-undo");
    element.closest(".block, .html-container")?.style.setProperty("--ps-foot", `${document.getElementById("ps-status")?.offsetHeight || 0}px`);
    undo.append(make("span", "ps-name", tr("Removed “{name}”", { name: state.gone.name })), button("ps-small", tr("Undo"), tr("Undo: take back {name}", { name: state.gone.name }), () => {
      document.dispatchEvent(new CustomEvent("ps-taken-back", { detail: state.gone.id }));
      trigger("restore_document", { doc: state.gone.id });
    }));
    parts.push(undo);
  }
  if (rows.length) {
    const all = rows.reduce((sum, row) => sum + row.bytes, 0);
    const foot = make("div", "ps-trash-head");
    const label = `${tr("{count} removed", { count: rows.length })} · ${size(all)}`;
    const toggle = button("ps-link", state.open ? tr("Hide removed documents") : label, "", () => trigger("open_trash", { open: !state.open }));
    toggle.setAttribute("aria-expanded", String(Boolean(state.open)));
    foot.append(toggle);
    parts.push(foot);
    if (state.open) {
      const list = make("div", "ps-list");
      list.append(...rows.map(entry));
      parts.push(make("p", "ps-detail", `${tr("Each is kept for {count} days, then deleted.", { count: state.days })} ${tr("{size} in all.", { size: size(all) })}`), list);
      if (asking === "all") parts.push(confirmation(tr("Delete all {count} for good?", { count: rows.length }), ""));
      else parts.push(asker(tr("Delete all for good"), "", "all"));
    }
  }
  root.replaceChildren(...parts);
  if (state.gone && state.gone.id !== offered && (removing === state.gone.id || !document.activeElement || document.activeElement === document.body)) root.querySelector(".ps-undo button").focus({ preventScroll: true }); // the bin that was pressed has gone
  if (state.gone && state.gone.id !== offered) window.pagesightTell(tr("Removed “{name}”", { name: state.gone.name }));
  offered = state.gone?.id || "";
}

document.addEventListener("ps-removing", (event) => { removing = event.detail; });
watch("value", () => { asking = null; draw(); });
draw();
