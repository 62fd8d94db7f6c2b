// The upload card: one file at a time in stages, with counts; the others by name. Hidden while there is nothing to say.
// It asks the server for news: fast while something is added, slowly otherwise, not at all while the tab is hidden. So
// progress is there again after a reload, and every tab hears of documents that came or went elsewhere.
const root = element.querySelector(".ps-root");
const STAGES = [["reading", tr("Reading and cropping")], ["embedding", tr("Embedding")], ["saving", tr("Saving")]];
const ENDINGS = {
  added: tr("added"), present: tr("already there"), cancelled: tr("cancelled"), stopping: tr("cancelling…"), locked: tr("needs a password"),
  failed: tr("not added"), halted: tr("not added yet"), sending: tr("being sent from another tab"),
};
const NEWS = "pagesight/news";
const FAST = 400, SLOW = 3000, LOST = 6000; // milliseconds between two questions; the last while the server is away
let settled = "";
let timer = 0;
let opening = false; // the server is still getting ready

// Files on their way to the server. What was on its way when the page was loaded, or came back after the server was
// away, and is not among the server's, did not arrive: nobody else would say so.
const SENDING = "pagesight-sending";
const sent = () => { try { return JSON.parse(sessionStorage.getItem(SENDING)) || []; } catch { return []; } };
const keep = (names) => { try { sessionStorage.setItem(SENDING, JSON.stringify(names)); } catch { /* private mode: not told */ } };
const compared = (name) => name.replace(/[^\p{L}\p{N}]/gu, "").slice(0, 60); // the server leaves signs out of names
let lost = sent();
let answered = false;
const sending = (files) => keep([...sent(), ...[...files].map((file) => file.name).filter((name) => name.includes("."))]); // no folders

// Gradio (6.31) sends none of the files where one is too large: the others are sent without it, and the card names it.
const most = () => window.gradio_config?.max_file_size ?? Infinity;
const tooLarge = (file) => file.size > most();
let large = []; // names of those that were not sent

function choose(input, files) {
  const given = new DataTransfer();
  files.forEach((file) => given.items.add(file));
  input.files = given.files;
}

document.addEventListener("change", (event) => {
  const input = event.target;
  if (!input.matches?.("#ps-drop input[type=file]")) return;
  const files = [...input.files];
  large = files.filter(tooLarge).map((file) => file.name);
  if (large.length) {
    choose(input, files.filter((file) => !tooLarge(file)));
    draw();
    if (!input.files.length) event.stopImmediatePropagation();
  }
  sending(input.files);
}, true);
document.addEventListener("drop", (event) => {
  if (!event.target.closest?.("#ps-drop")) return;
  const files = [...event.dataTransfer.files];
  const input = document.querySelector("#ps-drop input[type=file]");
  if (!input || !files.some(tooLarge)) { sending(files); return; }
  event.preventDefault();
  event.stopImmediatePropagation();
  choose(input, files);
  input.dispatchEvent(new Event("change", { bubbles: true }));
}, true);

// Until they are there the server does not know of them: each tab of this browser asks the others what they send.
const others = new BroadcastChannel(`pagesight-sending ${location.pathname}`);
const self = `${Date.now()} ${Math.random()}`;
const elsewhere = new Map(); // tab → names, and when they were told
others.onmessage = ({ data }) => {
  if (data.asks) {
    const names = document.querySelector("#ps-drop .uploading") ? sent().filter((name) => !lost.includes(name)) : [];
    if (names.length) others.postMessage({ tab: self, names });
  } else if (!document.hidden) { elsewhere.set(data.tab, { names: data.names, at: Date.now() }); draw(); }
};
function askOthers() {
  const before = elsewhere.size;
  elsewhere.forEach(({ at }, tab) => { if (Date.now() - at > 1.5 * SLOW) elsewhere.delete(tab); });
  if (elsewhere.size < before) draw();
  others.postMessage({ asks: true });
}

function arrived(files) {
  const there = new Set(files.map((file) => compared(file.name)));
  const away = (name) => !there.has(compared(name));
  lost = lost.filter(away);
  if (sent().length) keep(sent().filter(away));
}

const make = window.pagesightMake;

// What has become of a file is said once, and what is being done with it where that changes; not every page of it.
const saidOf = new Map(); // name → what was said last
function say(files) {
  const before = saidOf.size > 0 || answered;
  const news = files.map((file) => [file.name, ENDINGS[file.state] || (file.state === "active" && STAGES.find(([key]) => key === file.stage)?.[1]) || ""]);
  const fresh = news.filter(([name, words]) => words && saidOf.get(name) !== words);
  saidOf.clear();
  news.forEach(([name, words]) => saidOf.set(name, words));
  if (before && fresh.length) window.pagesightTell(fresh.map(([name, words]) => `${name}: ${words}`).join(" · "));
}

function stages(file) {
  const list = make("div", "ps-stages");
  const at = STAGES.findIndex(([key]) => key === file.stage);
  STAGES.forEach(([key, label], number) => {
    const state = number < at ? "done" : number === at ? "now" : "later";
    const row = make("div", `ps-stage ps-${state}`);
    const share = state === "done" ? 1 : state === "now" && file.total ? file.done / file.total : 0;
    const count = state === "done" ? "✓" : state === "now" && file.total ? `${file.done}/${file.total}` : "";
    const top = make("div", "ps-stage-top");
    top.append(make("span", "", label), make("span", "ps-count", count));
    const bar = make("div", "ps-bar");
    const fill = make("div");
    fill.style.width = `${Math.round(100 * Math.min(1, share))}%`;
    bar.append(fill);
    if (state === "now") {
      bar.setAttribute("role", "progressbar");
      bar.setAttribute("aria-label", `${label} ${file.name}`);
      bar.setAttribute("aria-valuenow", String(Math.round(100 * share)));
      bar.setAttribute("aria-valuemin", "0");
      bar.setAttribute("aria-valuemax", "100");
    }
    row.append(top, bar);
    list.append(row);
  });
  return list;
}

function line(file) {
  const row = make("div", `ps-file ps-is-${file.state}`);
  row.append(window.pagesightReader.name(file.name), make("span", "ps-ending", ENDINGS[file.state] || tr("waiting")));
  row.title = file.name;
  if (!["failed", "halted"].includes(file.state) || !file.message) return row;
  const both = make("div", "ps-file-both");
  both.append(row, make("p", "ps-detail", file.message));
  return both;
}

function running() {
  try { return JSON.parse(props.value).running; } catch { return false; }
}

function later(wait) {
  clearTimeout(timer);
  timer = setTimeout(listen, wait);
}

async function listen() {
  if (document.hidden) return;
  askOthers();
  let wait = LOST;
  try {
    const reply = await fetch(NEWS, { cache: "no-store", credentials: "same-origin" });
    if (reply.status === 401) document.dispatchEvent(new CustomEvent("ps-signed-out"));
    if (reply.ok) {
      hear(await reply.json());
      wait = running() || opening ? FAST : SLOW;
    }
  } catch { /* the server is away: asked again */ }
  later(wait);
}

function hear(news) {
  const first = !answered;
  answered = true;
  if (news.uploads !== null && news.uploads !== props.value) { props.value = news.uploads; draw(); } else if (first) draw();
  if (news.settled !== settled) { settled = news.settled; if (settled) trigger("settled_uploads"); }
  opening = Boolean(news.ready.words);
  document.dispatchEvent(new CustomEvent("ps-ready", { detail: news.ready }));
  document.dispatchEvent(new CustomEvent("ps-library", { detail: news.library }));
  document.dispatchEvent(new CustomEvent("ps-conversations", { detail: `${news.conversations} ${news.library}` }));
}

function draw() {
  let state = {};
  try { state = JSON.parse(props.value) || {}; } catch { state = {}; }
  arrived(state.files || []);
  const cut = answered ? lost.map((name) => ({ name, state: "failed", message: tr("The upload broke off; add the file again.") })) : [];
  const beyond = large.map((name) => ({ name, state: "failed", message: tr("It is larger than {size}, the most that one file may have.", { size: window.pagesightSays.size(most()) }) }));
  say([...(state.files || []), ...cut, ...beyond]);
  const known = (state.files || []).every((file) => file.state === "added") ? [] : state.files || [];
  const here = new Set(known.map((file) => compared(file.name)));
  const away = [...elsewhere.values()].flatMap(({ names }) => names).filter((name) => !here.has(compared(name))).map((name) => ({ name, state: "sending" }));
  const files = [...known, ...cut, ...beyond, ...away];
  element.closest(".block, .html-container")?.classList.toggle("ps-empty-panel", !files.length);
  if (!files.length) { root.replaceChildren(); return; }
  const card = make("div", "ps-card");
  const active = files.findIndex((file) => file.state === "active" || file.state === "stopping");
  const stopping = active >= 0 && files[active].state === "stopping";
  const ending = stopping && !files.some((file) => file.state === "waiting");
  const head = make("div", "ps-card-head");
  const button = make("button", "ps-small", !state.running ? tr("Close") : ending ? tr("Cancelling…") : tr("Cancel"));
  button.type = "button";
  button.disabled = ending;
  if (active >= 0) {
    head.append(window.pagesightReader.name(files[active].name));
    if (files.length > 1) head.append(make("span", "ps-detail", tr("{at} of {all}", { at: active + 1, all: files.length })));
    card.append(head);
    if (stopping) card.append(make("p", "ps-detail", tr("Stops as soon as the page in work is done.")));
    else if (files[active].stage === "waiting") card.append(make("p", "ps-detail", tr("Waiting for another upload to finish…")));
    else card.append(stages(files[active]));
  } else {
    head.append(make("span", "ps-name", state.running ? tr("Starting…") : tr("Uploads")));
    card.append(head);
  }
  const rest = files.filter((file, number) => number !== active);
  if (rest.length) { const list = make("div", "ps-files"); list.append(...rest.map(line)); card.append(list); }
  button.onclick = () => {
    if (state.running) { button.disabled = true; button.textContent = tr("Cancelling…"); trigger("cancel_uploads"); }
    else { keep(sent().filter((name) => !lost.includes(name))); lost = []; large = []; trigger("close_uploads"); draw(); }
  };
  const foot = make("div", "ps-card-foot");
  if (files.some((file) => file.state === "halted")) {
    const again = make("button", "ps-small", tr("Try again"));
    again.type = "button";
    again.onclick = () => { again.disabled = true; trigger("retry_uploads"); };
    foot.append(again);
  }
  if (files.length > away.length) foot.append(button);
  if (foot.childElementCount) card.append(foot);
  root.replaceChildren(card);
}

watch("value", () => { draw(); if (running()) later(FAST); });
document.addEventListener("visibilitychange", () => { if (!document.hidden) later(0); });
draw();
later(running() ? FAST : SLOW);
