// The queue of the workers, for admins: how many files wait, which are read and how far, which failed and why, with
// buttons to try again or to leave out. Hidden while nothing is to be done. Names are only ever put in place as text.
const root = element.querySelector(".ps-root");
const QUEUE = "pagesight/queue";
const BUSY = 2000, IDLE = 15000; // milliseconds between two questions
let timer = 0;
let asked = 0; // a reply that a later question has overtaken is not shown
let shown = "";

const make = window.pagesightMake;

function later(wait) {
  clearTimeout(timer);
  timer = setTimeout(listen, wait);
}

async function listen() {
  if (document.hidden) return;
  const mine = ++asked;
  let wait = IDLE;
  try {
    const reply = await fetch(QUEUE, { cache: "no-store", credentials: "same-origin" });
    const state = reply.ok ? await reply.json() : { there: true };
    if (mine !== asked) return;
    if (!state.there) return;
    if (reply.ok) draw(state);
    if (state.jobs?.some((job) => job.state !== "failed")) wait = BUSY;
  } catch { /* the server is away: asked again */ }
  later(wait);
}

async function change(job, what, button) {
  button.disabled = true;
  asked += 1;
  try {
    const reply = await fetch(`${QUEUE}/${job.id}/${what}`, { method: "POST", headers: { "content-type": "application/json" }, body: "{}", credentials: "same-origin" });
    if (reply.ok) draw(await reply.json());
  } catch { /* asked again below */ }
  later(BUSY);
}

function act(job, what, label, name) {
  const button = make("button", "ps-small", label);
  button.type = "button";
  button.title = name;
  button.setAttribute("aria-label", name);
  button.dataset.act = `${what} ${job.id}`;
  button.onclick = () => change(job, what, button);
  return button;
}

function entry(job) {
  const row = make("li", `ps-job ps-is-${job.state}`);
  const top = make("div", "ps-file");
  const name = make("span", "ps-name");
  name.append(window.pagesightReader.name(job.name));
  const counts = job.total ? ` ${window.pagesightSays.number(job.done)}/${window.pagesightSays.number(job.total)}` : "";
  const says = { waiting: tr("waiting"), failed: tr("not added"), running: `${job.stage || tr("Starting…")}${counts}` }[job.state];
  top.append(name, make("span", "ps-ending", says));
  row.append(top);
  if (job.state === "running") {
    const bar = make("div", "ps-bar");
    const fill = make("div");
    const share = job.total ? Math.min(1, job.done / job.total) : 0;
    fill.style.width = `${Math.round(100 * share)}%`;
    bar.append(fill);
    for (const [key, value] of Object.entries({ role: "progressbar", "aria-label": job.name, "aria-valuenow": Math.round(100 * share), "aria-valuemin": 0, "aria-valuemax": 100 })) bar.setAttribute(key, String(value));
    row.append(bar);
  }
  if (job.reason) row.append(make("p", "ps-detail", job.reason));
  if (job.state === "failed") {
    const foot = make("div", "ps-card-foot");
    foot.append(act(job, "cancel", tr("Leave out"), tr("Leave out {name}", { name: job.name })), act(job, "retry", tr("Try again"), tr("Try {name} again", { name: job.name })));
    row.append(foot);
  }
  return row;
}

function draw(state) {
  const now = JSON.stringify(state);
  if (now === shown) return;
  shown = now;
  const jobs = state.jobs || [];
  element.closest(".block, .html-container")?.classList.toggle("ps-empty-panel", !jobs.length && !state.problem);
  const focused = root.contains(document.activeElement) ? document.activeElement.dataset.act : null;
  if (!jobs.length && !state.problem) { root.replaceChildren(); return; }
  const card = make("div", "ps-card");
  const head = make("div", "ps-card-head");
  head.append(make("span", "ps-name", tr("Queue of the workers")));
  card.append(head);
  if (state.problem) card.append(make("p", "ps-detail", state.problem));
  else {
    const { waiting, running, failed } = state.counts;
    const counts = [running && tr("{count} being read", { count: running }), waiting && tr("{count} waiting", { count: waiting }), failed && tr("{count} not added", { count: failed })];
    const said = make("p", "ps-detail", counts.filter(Boolean).join(" · "));
    said.setAttribute("role", "status");
    card.append(said);
    if (!state.workers && waiting + running) card.append(make("p", "ps-detail", tr("No worker is running: python -m rag worker starts one.")));
    const list = make("ul", "ps-files");
    list.append(...jobs.map(entry));
    card.append(list);
    const more = waiting + running + failed - jobs.length;
    if (more > 0) card.append(make("p", "ps-detail", tr("… {count} more", { count: more })));
  }
  root.replaceChildren(card);
  if (focused) root.querySelector(`[data-act="${focused}"]`)?.focus();
}

document.addEventListener("visibilitychange", () => { if (!document.hidden && timer) later(0); });
element.closest(".block, .html-container")?.classList.add("ps-empty-panel");
later(0);
