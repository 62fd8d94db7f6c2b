// Above the question box: the picture that the next question is about, until it is removed, and the collection that is
// asked within, until one asks everywhere again.
const root = element.querySelector(".ps-root");
let shown = { looked: 0 };
let choice = null; // the document list's value, and how many documents are ticked

function whereTo() {
  const chosen = choice?.state.collections?.find((one) => one.id === choice.state.within);
  if (!chosen) return [];
  const row = document.createElement("div");
  row.className = "ps-chip ps-where-chat";
  const words = document.createElement("span");
  words.className = "ps-name";
  words.textContent = tr("Only in: {name}", { name: chosen.name });
  row.append(words, cross(tr("Ask about the whole library again"), () => document.dispatchEvent(new CustomEvent("ps-within", { detail: "" }))));
  return [row];
}

function cross(name, act) {
  const close = document.createElement("button");
  close.type = "button";
  close.textContent = "✕";
  close.title = name;
  close.setAttribute("aria-label", name);
  close.onclick = () => { close.disabled = true; act(); };
  return close;
}

// One that was looked for before the one that is shown, and overtaken by it, is none.
function receive() {
  let came = {};
  try { came = JSON.parse(props.value); } catch { /* none yet */ }
  if (came.looked < shown.looked) return;
  const same = JSON.stringify({ ...came, looked: 0 }) === JSON.stringify({ ...shown, looked: 0 });
  shown = came;
  if (!same || root.querySelector("button:disabled")) draw(); // a button that was pressed waits for it
}

function draw() {
  const chip = shown.where ? shown : null;
  const where = whereTo();
  element.closest(".block, .html-container")?.classList.toggle("ps-empty-panel", !chip && !where.length);
  if (!chip) { root.replaceChildren(...where); return; }
  const box = document.createElement("div");
  box.className = "ps-chip";
  if (chip.picture) {
    const picture = document.createElement("img");
    picture.alt = "";
    picture.src = chip.picture;
    box.append(picture);
  }
  const words = document.createElement(chip.number ? "a" : "span");
  words.className = "ps-name";
  words.textContent = chip.part ? tr("About this part of {where}", { where: chip.where }) : tr("About your picture: {where}", { where: chip.where });
  if (chip.number) words.href = `#cite-${chip.turn}-${chip.number}`;
  box.append(words, cross(tr("Remove the picture from what the next question is about"), () => trigger("remove_scope")));
  root.replaceChildren(...where, box);
}

// A rectangle was drawn on a page, in the reader or the gallery.
document.addEventListener("ps-point", (event) => trigger("point_at", event.detail));
document.addEventListener("ps-choice", (event) => { choice = event.detail; draw(); });
watch("value", receive);
receive();
draw();
document.dispatchEvent(new CustomEvent("ps-choice-wanted"));
