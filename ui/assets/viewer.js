// The evidence panel. Every turn's evidence is kept here, so a citation of any turn opens without asking the server.
// Words from documents are only ever put in place as text.
const root = element.querySelector(".ps-root");
const PREFIX = "pagesight";
const ZOOMS = [1, 1.35, 1.8, 2.4, 3.2, 4.5];
const MOST_BY_ITSELF = 2.4;
const READABLE = 14; // pixels that a line of a cited row is to be high, with its leading
const turns = new Map();
const kept = new Map(); // number of an earlier exchange of an opened conversation: by which id its evidence is asked for
const view = { turn: 0, number: 0, page: 0, zoom: 0, crop: false };
let touched = false; // whether a person has chosen, turned, zoomed or scrolled since the panel last chose by itself

const make = window.pagesightMake;

function button(label, name, act, className = "ps-tool") {
  const node = make("button", className, label);
  node.type = "button";
  node.title = name;
  node.setAttribute("aria-label", name);
  node.onclick = act;
  return node;
}

// What the answer cites comes first, in the order of its numbers.
const cards = () => [...(turns.get(view.turn) || [])].sort((a, b) => Number(a.supported === null) - Number(b.supported === null));
const card = () => cards().find((item) => item.number === view.number);
const pageUrl = (item, page) => `${PREFIX}/page/${encodeURIComponent(item.doc)}/${page}`;
const panel = () => element.closest("#ps-right");

// Frame: built once; draw() fills it.
const head = make("div", "ps-view-head");
const heading = make("h2", "", tr("Evidence"));
const count = make("span", "ps-detail");
const close = button("✕", tr("Close the evidence panel (Esc)"), () => sheet(false), "ps-tool ps-close");
head.append(heading, count, close);
const strip = make("div", "ps-cards");
strip.setAttribute("role", "tablist");
strip.setAttribute("aria-label", tr("Evidence of this answer"));
const bar = make("div", "ps-toolbar");
const title = make("div", "ps-view-title");
const tools = make("div", "ps-tools");
const previous = button("‹", tr("Previous page (←)"), () => turnPage(-1));
const next = button("›", tr("Next page (→)"), () => turnPage(1));
const crop = button(tr("Crop"), tr("Crop: show only the cut-out (C)"), () => { touched = true; view.crop = !view.crop; draw(); });
const zoomOut = button("−", tr("Zoom out (-)"), () => zoom(-1));
const zoomIn = button("+", tr("Zoom in (+)"), () => zoom(1));
const whole = button(tr("Open"), tr("Open the document at this page (O)"), openReader);
crop.setAttribute("aria-pressed", "false");
tools.append(previous, next, crop, zoomOut, zoomIn, whole);
bar.append(title, tools);
const stage = make("div", "ps-page");
stage.tabIndex = 0;
stage.setAttribute("aria-label", tr("Page"));
const words = make("div", "ps-quote");
words.tabIndex = 0; // it scrolls
words.setAttribute("role", "group");
words.setAttribute("aria-label", tr("What the source says, and why it was found"));
const blank = make("p", "ps-blank", tr("Sources appear here with the exact figure, table or passage highlighted on its page."));
const body = make("div", "ps-view-body");
body.append(strip, bar, stage, words);
const frame = make("section", "ps-view");
frame.setAttribute("aria-label", tr("Evidence"));
frame.append(head, body, blank);
root.replaceChildren(frame);

function sheet(open) {
  panel()?.classList.toggle("ps-open", open);
}

function open(turn, number, bySelf) {
  const found = (turns.get(turn) || []).find((item) => item.number === number);
  if (!found) return false;
  touched = !bySelf;
  Object.assign(view, { turn, number, page: found.page, zoom: closest(found), crop: false });
  draw();
  return true;
}

// On a phone, where a whole page is too small to be read, the column that is cited first fills the width. The row of a
// table can be read and goes on to the right: a table is seldom narrower than its page.
function closest(item) {
  const cited = item.boxes.find((box) => box.page === item.page);
  if (!cited || !matchMedia("(max-width: 900px)").matches) return 0;
  const lines = item.rows ? (item.lines || []).filter((line) => line.page === item.page).map((line) => line.at[3]) : [];
  const high = Math.min(...lines) / 100 * item.shape * (stage.clientWidth || innerWidth); // infinite without lines
  const wanted = Math.max(94 / cited.at[2], READABLE / high);
  return ZOOMS.findLastIndex((zoom) => zoom <= Math.max(1, Math.min(MOST_BY_ITSELF, wanted)));
}

function openReader() {
  const item = card();
  if (!item || item.gone) return;
  const marks = [...around(item), ...(item.lines || []).map((line) => ({ ...line, line: true }))];
  document.dispatchEvent(new CustomEvent("ps-open", { detail: { doc: item.doc, page: view.page, marks } }));
}

function turnPage(step) {
  const item = card();
  if (!item) return;
  const page = Math.min(item.pages, Math.max(1, view.page + step));
  touched = true;
  if (page !== view.page || view.crop) { view.page = page; view.crop = false; draw(); }
}

function zoom(step) {
  touched = true;
  view.zoom = Math.min(ZOOMS.length - 1, Math.max(0, view.zoom + step));
  draw();
}

function step(by) {
  const list = cards();
  const at = list.findIndex((item) => item.number === view.number);
  const to = list[at + by];
  if (to) { open(view.turn, to.number, false); strip.querySelector('[aria-selected="true"]')?.focus(); }
}

function thumbnail(item) {
  const node = make("button", "ps-thumb");
  node.type = "button";
  node.setAttribute("role", "tab");
  node.setAttribute("aria-selected", String(item.number === view.number));
  node.tabIndex = item.number === view.number ? 0 : -1;
  const badge = make("span", "ps-badge");
  badge.append(make("span", "ps-heard", `${tr("Evidence‖one")} `), String(item.number), make("span", "ps-heard", `, ${item.kind}: `));
  if (item.supported === false) { badge.classList.add("ps-unsupported"); badge.title = tr("not found in the evidence"); }
  if (item.supported === null) badge.classList.add("ps-uncited");
  const picture = make("img");
  picture.alt = "";
  picture.loading = "lazy";
  const kept = item.gone && item.kept, part = kept ? "" : item.excerpt; // a whole table would be a grey speck
  picture.src = kept || part || item.cutout;
  node.classList.toggle("ps-excerpt", Boolean(part));
  if (item.gone && !item.kept) picture.hidden = true;
  const where = make("span", "ps-where");
  where.append(make("span", "ps-name", item.name), make("span", "", item.time || tr("p. {page}", { page: item.page })));
  node.title = `${item.kind} · ${item.name} · ${item.time || tr("page {page}", { page: item.page })}`;
  node.append(badge, picture, where);
  node.onclick = () => open(view.turn, item.number, false);
  return node;
}

function drawCards() {
  const list = cards();
  const cited = list.filter((item) => item.supported !== null).length;
  count.textContent = cited ? tr("{cited} cited of {count} sources", { cited, count: list.length }) : tr("{count} sources", { count: list.length });
  const at = strip.scrollLeft;
  strip.replaceChildren(...list.map(thumbnail));
  strip.scrollLeft = at;
  const chosen = strip.querySelector('[aria-selected="true"]');
  if (chosen) showCard(chosen);
}

// Moved no further than that it can be seen whole, with an edge of its neighbours.
function showCard(chosen) {
  const left = chosen.offsetLeft - strip.offsetLeft, edge = chosen.offsetWidth / 4;
  const most = Math.max(0, left - edge), least = left + chosen.offsetWidth + edge - strip.clientWidth;
  strip.scrollLeft = Math.max(Math.min(strip.scrollLeft, most), least);
}

// Where what is cited is known to the line, the parts of its table or passage on other pages are not marked.
function around(item) {
  const pages = new Set((item.lines || []).map((line) => line.page));
  return pages.size ? item.boxes.filter((box) => pages.has(box.page)) : item.boxes;
}

function highlight(item) {
  // a fill would change the colours of a figure, and hide which row of a table is meant
  const looks = item.drawn || item.lines?.length ? "ps-mark ps-outline" : "ps-mark";
  const marks = [...around(item).map((box) => [box, looks]), ...(item.lines || []).map((box) => [box, "ps-line"])];
  return marks.filter(([box]) => box.page === view.page).map(([box, name]) => {
    const mark = make("div", name);
    const [left, top, width, height] = box.at;
    Object.assign(mark.style, { left: `${left}%`, top: `${top}%`, width: `${width}%`, height: `${height}%` });
    return mark;
  });
}

function showMark() {
  const around = stage.querySelector(".ps-mark");
  if (!around) { stage.scrollTop = 0; return; }
  const fits = around.offsetHeight <= stage.clientHeight && around.offsetWidth <= stage.clientWidth;
  const mark = fits ? around : stage.querySelector(".ps-line") || around;
  const sheetNode = stage.firstElementChild;
  stage.scrollTop = sheetNode.offsetTop + mark.offsetTop - Math.max(16, (stage.clientHeight - mark.offsetHeight) / 2);
  const beside = mark === around ? (stage.clientWidth - mark.offsetWidth) / 2 : 0; // a line is read from its beginning
  stage.scrollLeft = sheetNode.offsetLeft + mark.offsetLeft - Math.max(16, beside);
}

// The document is no longer there: the cut-out that was kept with the answer, where there is one.
function drawGone(item) {
  Object.assign(stage.dataset, { shown: `gone ${item.kept}`, number: `${view.turn}-${view.number}` });
  const sheetNode = make("div", "ps-sheet ps-cropped");
  const told = item.kept ? tr("The document has been removed from the library. This is what was cited.") : tr("The document has been removed from the library; of this source only its words are kept.");
  sheetNode.append(make("p", "ps-gone", told));
  if (item.kept) {
    const picture = make("img");
    picture.alt = tr("{kind} from page {page} of {name}", { kind: item.kind, page: item.page, name: item.name });
    picture.src = item.kept;
    sheetNode.style.width = `${100 * ZOOMS[view.zoom]}%`;
    sheetNode.append(picture);
  }
  stage.replaceChildren(sheetNode);
}

// Why there is no picture: the document is gone, the page could not be drawn, or the server is away.
async function explain(item, sheetNode) {
  let reason = tr("There is no picture of this page.");
  try { await window.pagesightReader.get(`read/${encodeURIComponent(item.doc)}`); } catch (error) {
    if (error.status === 404 && item.kept) { item.gone = true; draw(); return; }
    reason = error.message;
  }
  if (sheetNode.isConnected) sheetNode.replaceChildren(make("p", "ps-blank", reason));
}

// The page is drawn anew only where it is another one: a person may be reading it.
function drawPage(item) {
  if (item.gone) { drawGone(item); return; }
  const source = view.crop ? item.cutout : pageUrl(item, view.page);
  const now = `${source} ${view.zoom} ${view.crop}`;
  const shown = stage.firstElementChild;
  if (shown && stage.dataset.shown === now && shown.querySelector("img")) {
    shown.querySelectorAll(".ps-mark, .ps-line").forEach((mark) => mark.remove());
    if (!view.crop) shown.append(...highlight(item));
    if (!touched || stage.dataset.number !== `${view.turn}-${view.number}`) showMark();
    stage.dataset.number = `${view.turn}-${view.number}`;
    return;
  }
  Object.assign(stage.dataset, { shown: now, number: `${view.turn}-${view.number}` });
  const sheetNode = make("div", view.crop ? "ps-sheet ps-cropped" : "ps-sheet");
  const picture = make("img");
  picture.alt = view.crop ? tr("{kind} from page {page} of {name}", { kind: item.kind, page: item.page, name: item.name }) : tr("Page {page} of {name}", { page: view.page, name: item.name });
  picture.onload = () => { if (sheetNode.isConnected) showMark(); }; // another may stand there by now
  picture.onerror = () => explain(item, sheetNode);
  picture.src = source;
  sheetNode.style.width = `${100 * ZOOMS[view.zoom]}%`;
  sheetNode.append(picture, ...(view.crop ? [] : highlight(item)));
  stage.replaceChildren(sheetNode);
  if (picture.complete) showMark();
}

function drawWords(item) {
  const parts = [];
  if (item.supported === false) parts.push(make("p", "ps-warn", item.doubt ? tr("The sentence that cites this says something that was not found in it: {doubt}.", { doubt: item.doubt }) : tr("The sentence that cites this says something that was not found in it.")));
  else if (item.doubt) parts.push(make("p", "ps-detail", tr("Only weakly supported: {doubt}.", { doubt: item.doubt })));
  if (item.caption) parts.push(make("p", "ps-caption", item.caption));
  const said = item.quotes.length ? item.quotes : [item.text];
  said.filter((text) => text && text !== item.caption).forEach((text) => parts.push(make("p", item.quotes.length ? "ps-said" : "", text)));
  if (item.why?.length) {
    const why = make("p", "ps-why");
    why.append(make("b", "", `${tr("Why it was found:")} `), item.why.join(" "));
    parts.push(why);
  }
  if (item.also.length) parts.push(make("p", "ps-detail", tr("The same also on: {places}", { places: item.also.join("; ") })));
  words.replaceChildren(...parts);
  words.hidden = !parts.length;
  words.scrollTop = 0;
}

function drawChips() {
  document.querySelectorAll('#ps-chat a.ps-chosen').forEach((link) => link.classList.remove("ps-chosen"));
  document.querySelectorAll(`#ps-chat a[href$="#cite-${view.turn}-${view.number}"]`).forEach((link) => link.classList.add("ps-chosen"));
}

function draw() {
  const item = card();
  frame.classList.toggle("ps-nothing", !item);
  if (!item) { count.textContent = ""; return; }
  drawCards();
  title.replaceChildren(make("span", "ps-name", `[${item.number}] ${item.name}`), make("span", "ps-detail", item.gone ? `${item.time || tr("page {page}", { page: item.page })} · ${tr("removed from the library")}` : item.time && view.page === item.page ? item.time : tr("page {page} of {pages}", { page: view.page, pages: item.pages })));
  title.title = item.name;
  previous.disabled = item.gone || view.page <= 1;
  next.disabled = item.gone || view.page >= item.pages;
  crop.disabled = whole.disabled = item.gone;
  zoomOut.disabled = view.zoom === 0;
  zoomIn.disabled = view.zoom === ZOOMS.length - 1;
  crop.setAttribute("aria-pressed", String(view.crop));
  drawPage(item);
  drawWords(item);
  drawChips();
}

function receive() {
  let news = {};
  try { news = JSON.parse(props.value) || {}; } catch { return; }
  if (news.do === "clear" || news.do === "open") { turns.clear(); kept.clear(); }
  if (news.do === "open") Object.entries(news.kept).forEach(([number, id]) => kept.set(Number(number), id));
  if (news.do === "clear" || (news.do === "open" && !news.cards.length)) { Object.assign(view, { turn: 0, number: 0 }); sheet(false); draw(); return; }
  if (news.do !== "show" && news.do !== "open") return;
  const fresh = !turns.has(news.turn);
  turns.set(news.turn, news.cards);
  if (!news.cards.length) { if (fresh) { Object.assign(view, { turn: news.turn, number: 0 }); draw(); } return; }
  const first = news.first || news.cards[0].number;
  if (fresh || (news.first && view.turn === news.turn && !touched)) open(news.turn, first, true);
  else if (view.turn === news.turn) draw();
}

// The evidence of an earlier exchange of an opened conversation is asked for when somebody wants to see it.
async function fetched(turn) {
  const id = kept.get(turn);
  if (turns.has(turn) || !id) return;
  try {
    const reply = await fetch(`${PREFIX}/evidence/${encodeURIComponent(id)}/${turn}`, { credentials: "same-origin" });
    const came = reply.ok && (await reply.json()).cards;
    if (came && kept.get(turn) === id && !turns.has(turn)) turns.set(turn, came); // another conversation may be shown by now
  } catch { /* the server is away: a later click asks again */ }
}

// One listener for every citation on the page, of this answer or an old one.
document.addEventListener("click", async (event) => {
  const link = event.target.closest?.('a[href*="#cite-"]');
  const match = link && /#cite-(\d+)-(\d+)$/.exec(link.getAttribute("href"));
  if (!match) return;
  event.preventDefault();
  navigator.sendBeacon(`${PREFIX}/clicked`); // counted, without which one it was
  const [turn, number] = [Number(match[1]), Number(match[2])];
  const id = kept.get(turn);
  await fetched(turn);
  if (kept.get(turn) === id && open(turn, number, false)) { sheet(true); window.pagesightTell(title.textContent); }
}, true);
document.addEventListener("ps-drawn", drawChips); // the answer may be drawn after the panel
for (const kind of ["wheel", "touchmove", "pointerdown"]) {
  stage.addEventListener(kind, () => { touched = true; }, { passive: true });
}

frame.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const onCards = strip.contains(event.target);
  const acts = {
    ArrowLeft: () => (onCards ? step(-1) : turnPage(-1)),
    ArrowRight: () => (onCards ? step(1) : turnPage(1)),
    "+": () => zoom(1), "=": () => zoom(1), "-": () => zoom(-1),
    n: () => step(1), p: () => step(-1),
    c: () => crop.click(), o: openReader,
  };
  const act = acts[event.key];
  if (act) { event.preventDefault(); act(); }
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !panel()?.classList.contains("ps-open")) return;
  sheet(false);
});

watch("value", receive);
receive();
draw();
