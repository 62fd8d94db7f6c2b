// Beside the pages in the reader: the document's headings, the places that were found, and its problems.
(() => {
  const R = window.pagesightReader;
  const { make } = R;
  const WAIT = 250; // milliseconds after the last letter before it is looked for
  const LISTED = 200; // places in the list; next and previous go through all
  let asked = 0;
  let later = null;

  R.found = null; // {words, places: [{page, spans, top, before, text, after}], more, at}

  R.showSide = (on) => {
    R.side.hidden = !on;
    R.press(R.contentsButton, on);
  };

  R.placesOn = (page) => {
    if (!R.found) return [];
    const now = R.found.places[R.found.at];
    return R.found.places.filter((place) => place.page === page).map((place) => ({ ...place, now: place === now }));
  };

  R.forget = () => {
    clearTimeout(later);
    asked += 1;
    R.found = null;
    R.sought.value = "";
    R.hits.textContent = "";
  };

  async function find(words) {
    const mine = ++asked;
    const doc = R.doc;
    if (!words.trim()) { R.found = null; R.hits.textContent = ""; R.redraw(); R.drawSide(); return; }
    R.hits.textContent = "…";
    try {
      const reply = await R.get(R.readUrl(`/find?words=${encodeURIComponent(words)}`));
      if (mine !== asked || doc !== R.doc) return;
      const places = reply.places.map(([page, spans, top, before, text, after]) => ({ page, spans, top, before, text, after }));
      const at = Math.max(0, places.findIndex((place) => place.page >= R.page));
      R.found = { words, places, more: reply.more, at };
    } catch (error) { if (mine === asked) { R.hits.textContent = ""; R.say(error.message); } return; }
    show();
  }

  function show() {
    const { places, more, at } = R.found;
    R.hits.textContent = places.length ? tr("{at} of {all}", { at: at + 1, all: `${places.length}${more ? "+" : ""}` }) : tr("nothing");
    if (places.length) R.go(places[at].page, places[at].top);
    R.redraw();
    R.drawSide();
  }

  R.nextPlace = (by) => {
    if (!R.found || R.found.words !== R.sought.value) { clearTimeout(later); find(R.sought.value); return; }
    const { places } = R.found;
    if (!places.length) return;
    R.found.at = (R.found.at + by + places.length) % places.length;
    show();
  };

  R.sought.oninput = () => { clearTimeout(later); later = setTimeout(() => find(R.sought.value), WAIT); };
  R.sought.addEventListener("keydown", (event) => {
    if (event.key === "Enter") { event.preventDefault(); R.nextPlace(event.shiftKey ? -1 : 1); }
    // Chromium would empty the field and stay in it, where the reader's keys are letters.
    if (event.key === "Escape" && R.sought.value) { event.preventDefault(); R.forget(); R.redraw(); R.drawSide(); R.scroller.focus(); }
  });

  // The lists ----------------------------------------------------------------------------------------------------------

  const section = (title, rows, empty) => {
    const node = make("section");
    node.append(make("h3", "", title), ...(rows.length ? rows : [make("p", "ps-detail", empty)]));
    return node;
  };

  function row(words, page, act, level = 0) {
    const node = make("button", "ps-side-row");
    node.type = "button";
    node.style.paddingLeft = `${8 + 12 * Math.min(level, 5)}px`;
    node.append(words, make("span", "ps-detail", page ? String(page) : ""));
    node.onclick = act;
    return node;
  }

  function placeRow(place, at) {
    const words = make("span", "ps-side-words");
    words.append(place.before, make("mark", "", place.text), place.after);
    const node = row(words, place.page, () => { R.found.at = at; show(); });
    if (at === R.found.at) node.setAttribute("aria-current", "true");
    return node;
  }

  function foundSection() {
    const { places, more, words } = R.found;
    const rows = places.slice(0, LISTED).map(placeRow);
    if (places.length > LISTED || more) rows.push(make("p", "ps-detail", more ? tr("More than {count} places in all; the arrows go through them.", { count: places.length }) : tr("{count} places in all; the arrows go through them.", { count: places.length })));
    return section(tr("“{words}”", { words }), rows, tr("Nothing found in this document."));
  }

  function headingRow([level, text, page, top]) {
    return row(make("span", "ps-side-words", text), page, () => { R.go(page, top); R.scroller.focus(); if (matchMedia("(max-width: 900px)").matches) R.showSide(false); }, level);
  }

  const problemRow = ([page, message]) => row(make("span", "ps-side-words", message), page, () => R.go(page || 1));

  let headings = [];
  R.drawSide = () => {
    if (!R.book) { R.side.replaceChildren(); headings = []; return; }
    const parts = [];
    if (R.found) parts.push(foundSection());
    if (R.understood) parts.push(legend());
    if (R.book.problems.length) parts.push(section(tr("Problems while reading ({count})", { count: R.book.problems.length }), R.book.problems.map(problemRow), ""));
    else if (R.understood) parts.push(section(tr("Problems while reading"), [], tr("None.")));
    headings = R.book.headings.map(headingRow);
    parts.push(section(tr("Contents"), headings, tr("No headings were found in this document.")));
    const inside = R.side.contains(document.activeElement);
    R.side.replaceChildren(...parts);
    R.drawCurrent();
    if (inside) R.side.querySelector('[aria-current="true"]')?.focus();
    R.keepKeys();
    R.side.querySelector('mark, [aria-current="true"]')?.closest("button")?.scrollIntoView({ block: "nearest" });
  };

  function legend() {
    const node = make("section", "ps-legend");
    node.append(make("h3", "", tr("What was understood")));
    for (const kind of ["title", "heading", "text", "list", "table", "figure", "caption", "formula"]) node.append(make("span", `ps-legend-one ps-piece-${kind}`, R.kindName(kind)));
    node.append(make("p", "ps-detail", tr("Point at an outline, or go to it with Tab, to read its words; click, or Enter, to ask about it.")));
    return node;
  }

  R.drawCurrent = () => {
    let at = -1; // the nearest above, which in columns need not be the last
    let nearest = [0, 0];
    R.book.headings.forEach(([, , page, top], place) => {
      const above = page < R.page || (page === R.page && top <= R.down + 0.01);
      if (above && (page > nearest[0] || (page === nearest[0] && top > nearest[1]))) { at = place; nearest = [page, top]; }
    });
    headings.forEach((node, place) => { if (place === at) node.setAttribute("aria-current", "true"); else if (node.hasAttribute("aria-current")) node.removeAttribute("aria-current"); });
  };
})();
