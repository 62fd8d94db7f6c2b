// What can be done with an answer: the small links under it, the editor for its question above the question box, and the
// files it is saved as. Words are only ever put in place as text.
const root = element.querySelector(".ps-root");
const KEY = "pagesight-edit"; // what is being typed in the editor outlives a reload
const LINK = /#act-(edit|again|html|pdf|zip)-([0-9a-f]{32})$/;

function remembered() {
  try { return JSON.parse(sessionStorage.getItem(KEY)) || {}; } catch { return {}; }
}

function remember(state) {
  try { if (state) sessionStorage.setItem(KEY, JSON.stringify(state)); else sessionStorage.removeItem(KEY); } catch { /* private mode */ }
}

const make = window.pagesightMake;

function close(id) {
  remember(null);
  props.value = "";
  draw();
  document.querySelector(`#ps-chat a[href$="#act-edit-${CSS.escape(id)}"]`)?.focus();
}

function draw() {
  let state = null;
  try { state = JSON.parse(props.value); } catch { /* nothing is being changed */ }
  element.closest(".block, .html-container")?.classList.toggle("ps-empty-panel", !state);
  if (!state) { root.replaceChildren(); return; }
  if (root.querySelector("textarea")?.dataset.id === state.id) return; // somebody is typing
  const kept = remembered();
  const box = make("form", "ps-editor");
  const field = make("textarea");
  field.dataset.id = state.id;
  field.value = kept.id === state.id ? kept.text : state.text;
  field.rows = Math.min(8, Math.max(2, Math.ceil(field.value.length / 70)));
  field.setAttribute("aria-label", tr("The question, to be changed"));
  const after = state.later ? tr("The {count} questions after it will be set aside, too; the conversation as it is now stays among the deleted ones.", { count: state.later }) : tr("The answer as it is now stays among the deleted conversations.");
  const foot = make("div", "ps-editor-foot");
  foot.append(make("span", "ps-detail", `${tr("The conversation goes on from this question.")} ${after}`));
  const keep = make("button", "ps-small", tr("Cancel"));
  const send = make("button", "ps-small ps-main", tr("Ask"));
  keep.type = "button";
  send.type = "submit";
  keep.onclick = () => close(state.id);
  const buttons = make("span", "ps-editor-buttons");
  buttons.append(keep, send);
  foot.append(buttons);
  box.append(field, foot);
  field.oninput = () => remember({ id: state.id, text: field.value });
  field.onkeydown = (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); box.requestSubmit(); }
    if (event.key === "Escape") close(state.id);
  };
  box.onsubmit = (event) => {
    event.preventDefault();
    trigger("ask_anew", { id: state.id, text: field.value });
  };
  root.replaceChildren(box);
  field.focus();
  field.setSelectionRange(field.value.length, field.value.length);
}

function receive() {
  if (!props.value) { if (root.firstElementChild) remember(null); }
  draw();
}

document.addEventListener("click", (event) => {
  const link = event.target.closest?.('#ps-chat a[href*="#act-"]');
  const match = link && LINK.exec(link.getAttribute("href"));
  if (!match) return;
  event.preventDefault();
  const [, act, id] = match;
  if (act === "edit") trigger("edit_question", { id });
  else if (act === "again") trigger("ask_anew", { id });
  else {
    const file = make("a");
    file.href = `pagesight/answer/${id}/${act}`;
    file.download = "";
    document.body.append(file);
    file.click();
    file.remove();
  }
}, true);

watch("value", receive);
draw();
const unfinished = remembered();
if (unfinished.id) {
  let tries = 0; // until the conversation is there again
  const timer = setInterval(() => {
    if (document.querySelector(`#ps-chat a[href$="#act-edit-${CSS.escape(unfinished.id)}"]`)) { clearInterval(timer); trigger("edit_question", { id: unfinished.id }); }
    else if (document.querySelector("#ps-conversations .ps-heading") && ++tries > 50) clearInterval(timer);
  }, 200);
}
