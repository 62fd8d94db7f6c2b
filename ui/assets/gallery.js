// The gallery: figures and tables of a document or of the whole library, by the words of their captions and texts. Opens
// the reader at the place. Words from documents are only ever put in place as text.
(() => {
  const { make, button, get, name } = window.pagesightReader;
  const WAIT = 250; // milliseconds after the last letter before it is looked for
  const dialog = make("dialog", "ps-root ps-gallery");
  dialog.id = "ps-gallery";
  dialog.setAttribute("aria-label", tr("Figures and tables"));
  let doc = ""; // the document that was opened for; the scope says whether only it is shown
  let asked = 0;
  let count = 0;
  let later = null;

  const sought = make("input", "ps-sought");
  Object.assign(sought, { type: "search", placeholder: tr("Find in captions and texts"), maxLength: 200, autocomplete: "off" });
  sought.setAttribute("aria-label", tr("Find in captions and texts of figures and tables"));
  const kind = choice(tr("Kinds"), [["", tr("Figures and tables")], ["figure", tr("Figures")], ["table", tr("Tables")]]);
  const scope = choice(tr("Where"), []);
  const shut = button("✕", tr("Close the gallery (Esc)"), () => dialog.close());
  const bar = make("div", "ps-gallery-bar");
  bar.append(make("h2", "", tr("Figures and tables")), sought, kind, scope, shut);
  const told = make("p", "ps-detail ps-gallery-told");
  told.setAttribute("role", "status");
  const grid = make("ul", "ps-gallery-grid");
  const more = button(tr("More"), tr("Show more"), () => load());
  more.className = "ps-small ps-gallery-more";
  const body = make("div", "ps-gallery-body");
  body.append(told, grid, more);
  dialog.append(bar, body);

  function choice(label, options) {
    const node = make("select");
    node.setAttribute("aria-label", label);
    fill(node, options);
    return node;
  }

  function fill(node, options) {
    node.replaceChildren(...options.map(([value, text]) => { const option = make("option", "", text); option.value = value; return option; }));
  }

  function open(ofDocument = "", called = "") {
    doc = ofDocument;
    fill(scope, [...(doc ? [["doc", tr("In {name}", { name: called.length > 40 ? `${called.slice(0, 24)}…${called.slice(-14)}` : called })]] : []), ["", tr("In the whole library")]]);
    scope.hidden = !doc;
    sought.value = "";
    if (!dialog.isConnected) document.body.append(dialog);
    if (!dialog.open) dialog.showModal();
    sought.focus();
    start();
  }

  function start() {
    grid.replaceChildren();
    count = 0;
    load();
  }

  async function load() {
    const mine = ++asked;
    const wanted = new URLSearchParams({ start: String(count) });
    if (sought.value.trim()) wanted.set("words", sought.value);
    if (kind.value) wanted.set("kind", kind.value);
    if (scope.value) wanted.set("doc", doc);
    more.hidden = true;
    told.textContent = count ? "" : tr("Looking …");
    try {
      const reply = await get(`gallery?${wanted}`);
      if (mine !== asked) return;
      count += reply.shown.length;
      grid.append(...reply.shown.map(card));
      more.hidden = !reply.more;
      told.textContent = count ? "" : sought.value.trim() ? tr("No figure or table has these words.") : tr("There are no figures or tables here.");
    } catch (error) { if (mine === asked) told.textContent = error.message; }
  }

  function card(item) {
    const node = make("li", "ps-gallery-card");
    const open = make("button", "ps-gallery-open");
    open.type = "button";
    const picture = make("img");
    picture.alt = "";
    picture.loading = "lazy";
    picture.src = item.cutout;
    const where = make("span", "ps-detail ps-gallery-where");
    where.append(name(item.name), make("span", "", tr("p. {page}", { page: item.page })));
    open.append(picture, make("span", "ps-gallery-caption", item.caption || item.kind), where);
    open.setAttribute("aria-label", tr("{kind}: {caption}, {name}, page {page}. Opens the page.", { kind: item.kind, caption: item.caption.slice(0, 120), name: item.name, page: item.page }));
    open.onclick = () => {
      const reader = window.pagesightReader;
      if (reader.dialog.open) dialog.close();
      reader.open(item.doc, item.page, [{ page: item.page, points: item.points }]);
    };
    const ask = button(tr("Ask about it"), tr("Ask about it: {kind}, page {page}", { kind: item.kind, page: item.page }), () => {
      dialog.close();
      window.pagesightReader.leave();
      document.dispatchEvent(new CustomEvent("ps-point", { detail: { doc: item.doc, page: item.page, box: item.points } }));
      window.pagesightToQuestion();
    }, "ps-small");
    node.append(open, ask);
    return node;
  }

  sought.oninput = () => { clearTimeout(later); later = setTimeout(start, WAIT); };
  kind.onchange = scope.onchange = start;
  new IntersectionObserver((seen) => { if (seen.some((one) => one.isIntersecting) && !more.hidden) load(); }).observe(more);
  window.pagesightGallery = { open };
})();
