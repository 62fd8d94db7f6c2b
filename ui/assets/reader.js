// The reader: a document over the whole window, page by page. This file has its frame, the pages that are in sight and
// how one gets to others; reader_page.js draws a page, reader_side.js the contents, what was found and the problems.
// Words from documents are only ever put in place as text.
(() => {
  const R = (window.pagesightReader = {});
  const PREFIX = "pagesight";
  const GAP = 14; // pixels between two pages
  const EDGE = 16; // pixels beside a page
  const PIXELS = 96 / 72; // of a point at 100 %
  const SETTLE = 90; // milliseconds a page is in sight before it is loaded: not while one scrolls past
  const ZOOMS = [0.25, 0.5, 0.75, 1, 1.25, 1.5, 2, 3, 4];
  const KEPT = 60; // pages whose words are held

  R.make = (tag, className, text) => {
    const node = document.createElement(tag);
    if (className) node.className = className;
    if (text !== undefined) node.textContent = text;
    return node;
  };
  R.button = (label, name, act, className = "ps-tool") => {
    const node = R.make("button", className, label);
    node.type = "button";
    node.title = name;
    node.setAttribute("aria-label", name);
    node.onclick = act;
    return node;
  };
  // A name that is cut in its middle where there is no room: its end says as much as its beginning.
  R.name = (name, className = "") => {
    const node = R.make("span", `ps-middle ${className}`);
    const cut = name.length > 24 ? name.length - 12 : name.length;
    node.append(R.make("span", "ps-name", name.slice(0, cut)), R.make("span", "ps-tail", name.slice(cut)));
    node.title = name;
    return node;
  };
  R.get = async (path) => {
    let reply;
    try { reply = await fetch(`${PREFIX}/${path}`, { credentials: "same-origin" }); } catch { throw new Error(tr("The server cannot be reached; see whether it runs, and try again.")); }
    if (!reply.ok) throw Object.assign(new Error((await reply.text()).slice(0, 300) || tr("The server answered {status}; try again.", { status: reply.status })), { status: reply.status });
    return reply.json();
  };
  R.pageUrl = (page) => `${PREFIX}/page/${encodeURIComponent(R.doc)}/${page}`;
  const KINDS = { title: tr("title"), heading: tr("heading"), text: tr("text"), list: tr("list"), table: tr("table"), figure: tr("figure"), caption: tr("caption"), formula: tr("formula") };
  R.kindName = (kind) => KINDS[kind] || kind;
  R.readUrl = (rest = "") => `read/${encodeURIComponent(R.doc)}${rest}`;

  const { make, button } = R;
  Object.assign(R, { doc: "", book: null, page: 1, scale: 1, fit: "width", nodes: new Map(), understood: false, pointing: false, shown: [], down: 0 });
  let tops = []; // pixels from the top of the first page to that of each
  let opened = 0; // counts openings: what was asked for an earlier one is not shown in a later one
  let words = new Map(); // page → promise of its lines and elements
  let planned = false;
  let from = null; // what had the focus before

  // Frame ------------------------------------------------------------------------------------------------------------

  const dialog = make("dialog", "ps-root ps-reader");
  dialog.id = "ps-reader";
  const title = make("h2", "ps-reader-title");
  const number = make("input", "ps-number");
  Object.assign(number, { type: "text", inputMode: "numeric", autocomplete: "off" });
  number.setAttribute("aria-label", tr("Page"));
  const of = make("span", "ps-detail");
  const zoomed = make("select", "ps-zoom");
  zoomed.setAttribute("aria-label", tr("Zoom"));
  const sought = make("input", "ps-sought");
  Object.assign(sought, { type: "search", placeholder: tr("Find (/)"), maxLength: 200, autocomplete: "off" });
  sought.setAttribute("aria-label", tr("Find in this document"));
  const hits = make("span", "ps-detail ps-hits");
  hits.setAttribute("role", "status");
  const scroller = make("div", "ps-reader-pages");
  scroller.tabIndex = 0;
  scroller.setAttribute("role", "document");
  scroller.setAttribute("aria-label", tr("Pages"));
  const pages = make("div", "ps-reader-sheet");
  scroller.append(pages);
  const side = make("aside", "ps-reader-side");
  side.setAttribute("aria-label", tr("Contents, places found, problems"));
  const toggle = (label, name, act) => {
    const node = button(label, name, act);
    node.setAttribute("aria-pressed", "false");
    return node;
  };
  const press = (node, on) => node.setAttribute("aria-pressed", String(on));
  const contents = toggle(tr("Contents"), tr("Contents: headings, places found, problems"), () => R.showSide(side.hidden));
  const understood = toggle(tr("Understood"), tr("What was understood: outline figures, tables and texts (U)"), () => R.setUnderstood(!R.understood));
  const point = toggle(tr("Point"), tr("Point at it: draw a rectangle and ask about it (R)"), () => R.setPointing(!R.pointing));
  const pictures = button(tr("Figures"), tr("Figures and tables of this document"), () => window.pagesightGallery?.open(R.doc, R.book?.name));
  const link = button(tr("Link"), tr("Copy a link to this page"), copyLink);
  const shut = button("✕", tr("Close the reader (Esc)"), () => dialog.close());
  const more = toggle("⋯", tr("More: zoom, find, figures"), () => R.showMore(!dialog.classList.contains("ps-reader-all")));
  more.classList.add("ps-reader-more");
  R.showMore = (on) => { dialog.classList.toggle("ps-reader-all", on); press(more, on); };
  const group = (...nodes) => { const node = make("div", "ps-tools"); node.append(...nodes); return node; };
  const bar = make("div", "ps-reader-bar");
  bar.append(
    group(contents), title,
    group(button("‹", tr("Previous page (←)"), () => go(R.page - 1)), number, of, button("›", tr("Next page (→)"), () => go(R.page + 1))),
    group(button("−", tr("Zoom out (-)"), () => step(-1)), zoomed, button("+", tr("Zoom in (+)"), () => step(1))),
    group(sought, hits, button("↑", tr("Previous place (Shift+Enter)"), () => R.nextPlace(-1)), button("↓", tr("Next place (Enter)"), () => R.nextPlace(1))),
    group(understood, point, pictures, link), group(more, shut),
  );
  [2, 3, 4, 5].forEach((place) => bar.children[place].classList.add(place === 2 ? "ps-reader-turn" : "ps-reader-rare"));
  bar.lastChild.classList.add("ps-reader-shut");
  const body = make("div", "ps-reader-body");
  body.append(side, scroller);
  const told = make("p", "ps-reader-told");
  told.setAttribute("role", "status");
  dialog.append(bar, body, told);
  Object.assign(R, { dialog, scroller, side, sought, hits, told, press, contentsButton: contents });
  for (const [value, label] of [["width", tr("Fit width")], ["page", tr("Fit page")], ...ZOOMS.map((zoom) => [String(zoom), `${zoom * 100} %`])]) {
    const option = make("option", "", label);
    option.value = value;
    zoomed.append(option);
  }

  // Opening ----------------------------------------------------------------------------------------------------------

  // marks: boxes of this page in percent that are shown, such as what an answer cites.
  R.open = async (doc, page = 1, marks = []) => {
    const mine = ++opened;
    const again = R.doc === doc && R.book && dialog.open;
    R.shown = marks;
    if (!dialog.isConnected) document.body.append(dialog);
    if (!dialog.open) { from = document.activeElement; dialog.showModal(); scroller.focus(); }
    if (again) { show(page); R.redraw(); return; }
    Object.assign(R, { doc, book: null, page });
    words = new Map();
    R.unpoint();
    clear();
    R.forget();
    title.replaceChildren();
    say(tr("Opening …"));
    try {
      const book = await R.get(R.readUrl());
      if (mine !== opened) return;
      R.book = book;
    } catch (error) { if (mine === opened) say(error.message); return; }
    say("");
    dialog.setAttribute("aria-label", tr("Reader: {name}", { name: R.book.name }));
    title.replaceChildren(R.name(R.book.name));
    R.showSide(R.book.headings.length > 0 && matchMedia("(min-width: 901px)").matches);
    lay();
    show(page);
    R.drawSide();
  };

  // A page, or the place on it that is marked.
  function show(page) {
    const mark = R.shown.find((box) => box.page === page && !box.line) || R.shown.find((box) => box.page === page);
    const [, top, , height] = mark && page <= R.book.pages.length ? R.shares(mark) : [0, 0, 0, 0];
    const fits = (top + height) * R.book.pages[Math.max(0, Math.min(page, R.book.pages.length) - 1)][1] * R.scale < scroller.clientHeight;
    go(page, fits ? 0 : top);
  }

  const say = (text) => { told.textContent = text; told.hidden = !text; };
  R.say = (text) => { say(text); if (text) setTimeout(() => { if (told.textContent === text) say(""); }, 4000); };

  function clear() {
    dropAll();
    pages.style.height = "0";
  }

  // Without going back to where it was opened from.
  R.leave = () => { from = null; dialog.close(); };

  dialog.addEventListener("close", () => {
    if (dialog.open) return; // opened again before the browser said that it was closed
    opened += 1;
    R.setPointing(false);
    clear();
    R.forget();
    Object.assign(R, { doc: "", book: null });
    if (/^#doc=/.test(location.hash)) history.replaceState(null, "", location.pathname + location.search);
    window.pagesightAddress?.();
    from?.focus?.();
  });

  // Where pages are ----------------------------------------------------------------------------------------------------

  const sizes = () => R.book.pages;
  // Pages that are wider than most hang over; one fold-out does not make all others small.
  function usual(which) {
    const all = sizes().map((page) => page[which]).sort((a, b) => a - b);
    return all[all.length >> 1] || 1;
  }

  function lay() {
    const room = scroller.clientWidth - 2 * EDGE;
    if (R.fit === "width") R.scale = Math.max(0.1, room / usual(0));
    else if (R.fit === "page") R.scale = Math.max(0.1, Math.min(room / usual(0), (scroller.clientHeight - 2 * GAP) / usual(1)));
    tops = [];
    let top = GAP;
    let widest = 0;
    for (const [width, height] of sizes()) { tops.push(top); top += height * R.scale + GAP; widest = Math.max(widest, width * R.scale); }
    pages.style.height = `${top}px`;
    pages.style.width = widest + 2 * EDGE > scroller.clientWidth ? `${widest + 2 * EDGE}px` : "100%";
    zoomed.value = R.fit || nearest();
    dropAll();
    plan();
  }

  function nearest() {
    const zoom = R.scale / PIXELS;
    return String(ZOOMS.reduce((best, value) => (Math.abs(value - zoom) < Math.abs(best - zoom) ? value : best)));
  }

  // Another size; what stands at the top of the window stays there.
  function resize(change) {
    if (!R.book || !tops.length) return;
    const at = pageAt(scroller.scrollTop);
    const share = (scroller.scrollTop - tops[at - 1]) / (sizes()[at - 1][1] * R.scale);
    change();
    lay();
    scroller.scrollTop = tops[at - 1] + share * sizes()[at - 1][1] * R.scale;
    plan();
  }

  function step(by) {
    const zoom = R.scale / PIXELS;
    const next = by > 0 ? ZOOMS.find((value) => value > zoom * 1.02) : [...ZOOMS].reverse().find((value) => value < zoom * 0.98);
    if (next) resize(() => { R.fit = ""; R.scale = next * PIXELS; });
  }

  function pageAt(top) {
    let low = 0;
    let high = tops.length - 1;
    while (low < high) { const middle = (low + high + 1) >> 1; if (tops[middle] <= top) low = middle; else high = middle - 1; }
    return low + 1;
  }

  // share: how far down the page, 0 to 1; a place is shown a third of the window from the top.
  function go(page, share = 0) {
    if (!R.book) return;
    const wanted = Math.min(sizes().length, Math.max(1, Math.round(page) || 1));
    const place = share ? share * sizes()[wanted - 1][1] * R.scale - scroller.clientHeight / 3 : -GAP / 2;
    scroller.scrollTop = Math.max(0, tops[wanted - 1] + place);
    update();
  }
  R.go = go;

  function update() {
    planned = false;
    if (!R.book || !dialog.open) return;
    const above = scroller.scrollTop;
    const below = above + scroller.clientHeight;
    const first = Math.max(1, pageAt(above - scroller.clientHeight / 2));
    const last = pageAt(below + scroller.clientHeight / 2);
    for (const [page, node] of R.nodes) if (page < first || page > last) { drop(node); R.nodes.delete(page); }
    for (let page = first; page <= last; page += 1) if (!R.nodes.has(page)) add(page);
    const end = above + scroller.clientHeight >= scroller.scrollHeight - 2;
    const middle = above + scroller.clientHeight / 3;
    const page = end ? sizes().length : pageAt(middle);
    R.down = end ? 1 : (middle - tops[page - 1]) / (sizes()[page - 1][1] * R.scale);
    current(page);
  }

  function plan() {
    if (!planned) { planned = true; requestAnimationFrame(update); }
  }

  function current(page) {
    R.page = page;
    const label = sizes()[page - 1][2];
    if (document.activeElement !== number) number.value = String(page);
    of.textContent = label && label !== String(page) ? tr("of {pages} · “{label}”", { pages: sizes().length, label }) : tr("of {pages}", { pages: sizes().length });
    R.drawCurrent?.();
    clearTimeout(current.later); // browsers allow few changes of the address in a second
    current.later = setTimeout(() => { if (dialog.open && R.book) history.replaceState(null, "", `#doc=${encodeURIComponent(R.doc)}&page=${R.page}`); }, 250);
  }

  function add(page) {
    const [width, height] = sizes()[page - 1];
    const node = make("div", "ps-rp");
    node.dataset.page = page;
    Object.assign(node.style, { top: `${tops[page - 1]}px`, width: `${width * R.scale}px`, height: `${height * R.scale}px` });
    node.setAttribute("role", "group");
    node.setAttribute("aria-label", tr("Page {page}", { page }));
    R.nodes.set(page, node);
    pages.append(node);
    node.later = setTimeout(() => R.drawPage(node, page), SETTLE);
  }

  function drop(node) {
    clearTimeout(node.later);
    node.querySelector("img")?.removeAttribute("src"); // what has not come yet is not waited for
    node.remove();
  }

  function dropAll() {
    R.nodes.forEach(drop);
    R.nodes.clear();
  }

  // Lines and elements of a page.
  R.words = (page) => {
    if (!words.has(page)) {
      if (words.size >= KEPT) words.delete(words.keys().next().value);
      const coming = R.get(R.readUrl(`/${page}`));
      coming.catch(() => { if (words.get(page) === coming) words.delete(page); });
      words.set(page, coming);
    }
    return words.get(page);
  };

  R.redraw = () => { R.nodes.forEach((node, page) => R.drawOver(node, page)); R.keepKeys(); };
  // What had the focus may have been drawn anew: the reader's keys go on.
  R.keepKeys = () => { if (dialog.open && document.activeElement === document.body) scroller.focus(); };

  // What a person does -------------------------------------------------------------------------------------------------

  async function copyLink() {
    const url = `${location.origin}${location.pathname}${location.search}#doc=${encodeURIComponent(R.doc)}&page=${R.page}`;
    try { await navigator.clipboard.writeText(url); R.say(tr("The link to this page was copied.")); } catch { R.say(url); }
  }

  scroller.addEventListener("scroll", plan, { passive: true });
  new ResizeObserver(() => { if (R.book && dialog.open) resize(() => {}); }).observe(scroller);
  zoomed.onchange = () => resize(() => { const value = Number(zoomed.value); R.fit = value ? "" : zoomed.value; if (value) R.scale = value * PIXELS; });
  number.onchange = () => { go(Number(number.value)); number.value = String(R.page); };
  number.onfocus = () => number.select();
  scroller.addEventListener("wheel", (event) => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    step(event.deltaY < 0 ? 1 : -1);
  }, { passive: false });

  const inner = (event) => { if (R.escape()) event.preventDefault(); };
  dialog.addEventListener("cancel", inner); // ways to close that are no key; browsers do not let all of these be refused
  dialog.addEventListener("keydown", (event) => {
    if (event.defaultPrevented) return;
    if (event.key === "Escape") { inner(event); return; } // the innermost thing first
    const typing = event.target.closest("input, select");
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "f") { event.preventDefault(); R.showMore(true); sought.focus(); sought.select(); return; }
    if (event.ctrlKey || event.metaKey || event.altKey || typing) return;
    const acts = {
      ArrowLeft: () => go(R.page - 1), ArrowRight: () => go(R.page + 1), PageUp: () => go(R.page - 1), PageDown: () => go(R.page + 1),
      Home: () => go(1), End: () => go(sizes().length), "/": () => { R.showMore(true); sought.focus(); sought.select(); },
      "+": () => step(1), "=": () => step(1), "-": () => step(-1), 0: () => resize(() => { R.fit = "width"; }),
      u: () => R.setUnderstood(!R.understood), r: () => R.setPointing(!R.pointing), g: () => number.focus(),
      n: () => R.nextPlace(1), p: () => R.nextPlace(-1),
    };
    const act = acts[event.key];
    if (act && R.book) { event.preventDefault(); act(); }
  });
  R.setUnderstood = (on) => { R.understood = on; press(understood, on); R.redraw(); R.drawSide(); };
  R.setPointing = (on) => { R.pointing = on; press(point, on); dialog.classList.toggle("ps-pointing", on); R.unpoint(); };

  // Addresses: #doc=…&page=… opens the document there, also after a reload; others ask by an event.
  function follow(address) {
    const wanted = new URLSearchParams(new URL(address).hash.slice(1));
    if (wanted.get("doc")) R.open(wanted.get("doc"), Number.parseInt(wanted.get("page"), 10) || 1);
  }
  addEventListener("hashchange", (event) => follow(event.newURL)); // the address may be another by now: it tells the page
  document.addEventListener("ps-open", (event) => R.open(event.detail.doc, event.detail.page, event.detail.marks));
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", () => follow(location.href)); else setTimeout(() => follow(location.href), 0);
})();
