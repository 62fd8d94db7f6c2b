// One page in the reader: its picture, the words over it to select, marks, what was understood, and the rectangle that a
// person draws to ask about it. Boxes come as shares of the page, 0 to 1.
(() => {
  const R = window.pagesightReader;
  const { make } = R;
  const LEAST = 8; // pixels of a side: less is a click, not a rectangle
  const measure = document.createElement("canvas").getContext("2d");
  let pointed = null; // the rectangle: {page, box: [left, top, width, height], node}

  const put = (node, [left, top, width, height]) => {
    Object.assign(node.style, { left: `${100 * left}%`, top: `${100 * top}%`, width: `${100 * width}%`, height: `${100 * height}%` });
    return node;
  };

  // What is marked comes in percent of its page, or in points.
  function shares({ at, points, page }) {
    if (at) return at.map((value) => value / 100);
    const [wide, high] = R.book.pages[page - 1];
    const [left, top, right, bottom] = points;
    return [left / wide, top / high, (right - left) / wide, (bottom - top) / high];
  }

  R.shares = shares;

  R.drawPage = async (node, page) => {
    const picture = make("img");
    picture.alt = tr("Page {page} of {name}", { page, name: R.book.name });
    picture.draggable = false;
    picture.onerror = () => { if (picture.getAttribute("src")) picture.replaceWith(make("p", "ps-rp-gone", tr("There is no picture of this page."))); };
    picture.src = R.pageUrl(page);
    const text = make("div", "ps-rp-text");
    const over = make("div", "ps-rp-over");
    node.append(picture, text, over);
    try { node.parts = await R.words(page); } catch { return; } // the picture says itself that the document is gone
    if (R.nodes.get(page) !== node) return;
    drawText(text, node);
    R.drawOver(node, page);
  };

  // Each line is set in a plain font, stretched to the length that it has on the page, and turned as it is there.
  function drawText(layer, node) {
    const lines = node.parts.lines.map(([text, left, top, width, height, turned]) => {
      const line = make("span", node.parts.whole ? "ps-rp-whole" : "", text);
      const [wide, high] = [width * node.clientWidth, height * node.clientHeight];
      const tall = turned % 180 !== 0;
      const length = tall ? high : wide;
      const size = Math.max(4, (tall ? wide : high) * 0.86);
      Object.assign(line.style, { left: `${100 * left}%`, top: `${100 * top}%`, fontSize: `${size}px` });
      if (node.parts.whole) { line.style.width = `${100 * width}%`; line.style.fontSize = "11px"; return line; }
      measure.font = `${size}px sans-serif`;
      const stretched = `scaleX(${length / (measure.measureText(text).width || 1)})`;
      const corner = { 90: [wide, 0], 180: [wide, high], 270: [0, high] }[turned]; // where the line begins
      line.style.transform = corner ? `translate(${corner[0]}px, ${corner[1]}px) rotate(${turned}deg) ${stretched}` : stretched;
      return line;
    });
    layer.replaceChildren(...lines.flatMap((line) => [line, document.createElement("br")]));
    node.lines = lines;
  }

  // Everything above the picture and its words: it changes while the page stays.
  R.drawOver = (node, page) => {
    const over = node.querySelector(".ps-rp-over");
    if (!over) return;
    const marks = R.shown.filter((box) => box.page === page).map((box) => put(make("div", box.line ? "ps-line" : "ps-mark"), shares(box)));
    const found = node.lines ? R.placesOn(page).flatMap((place) => place.spans.map((span) => foundMark(node, span, place.now))) : [];
    const pieces = R.understood && node.parts ? drawPieces(node.parts.pieces, page) : [];
    over.replaceChildren(...marks, ...found.filter(Boolean), ...pieces);
    if (pointed?.page === page) over.append(pointed.node);
  };

  function foundMark(node, [line, start, stop], now) {
    const letters = node.lines[line]?.firstChild;
    if (!letters || stop > letters.length) return null;
    const range = document.createRange();
    range.setStart(letters, start);
    range.setEnd(letters, stop);
    const box = range.getBoundingClientRect();
    const sheet = node.getBoundingClientRect();
    const mark = make("div", now ? "ps-found ps-found-now" : "ps-found");
    return put(mark, [(box.left - sheet.left) / sheet.width, (box.top - sheet.top) / sheet.height, box.width / sheet.width, box.height / sheet.height]);
  }

  // What was understood ------------------------------------------------------------------------------------------------

  const tip = make("div", "ps-piece-tip");
  tip.id = "ps-piece-tip";
  tip.setAttribute("role", "tooltip");
  tip.hidden = true;
  R.dialog.append(tip);

  function drawPieces(pieces, page) {
    const large = (piece) => piece[5] * piece[6];
    return [...pieces].sort((a, b) => large(b) - large(a)).map((piece) => {
      const [kind, text, caption, ...box] = piece;
      const node = put(make("button", `ps-piece ps-piece-${kind}`), box);
      node.type = "button";
      node.setAttribute("aria-label", tr("{kind}: {caption}. Enter asks about it.", { kind: R.kindName(kind), caption: (caption || text).slice(0, 120) }));
      node.setAttribute("aria-describedby", tip.id);
      node.append(make("span", "ps-piece-kind", R.kindName(kind)));
      node.onpointerenter = node.onfocus = () => showTip(node, kind, caption, text);
      node.onpointerleave = node.onblur = () => { tip.hidden = true; };
      node.onclick = (event) => {
        settle(page, box, true);
        if (event.pointerType === "touch") showTip(node, kind, caption, text); // a finger has no other way to read it
      };
      return node;
    });
  }

  function showTip(node, kind, caption, text) {
    tip.replaceChildren(make("b", "", R.kindName(kind)), ...(caption ? [make("p", "ps-caption", caption)] : []), make("p", "", text || tr("(no text)")));
    tip.hidden = false;
    const place = node.getBoundingClientRect();
    const frame = R.scroller.getBoundingClientRect();
    const below = place.bottom + tip.offsetHeight + 8 < frame.bottom;
    const top = below ? place.bottom + 4 : Math.max(frame.top + 4, place.top - tip.offsetHeight - 4);
    Object.assign(tip.style, { top: `${top}px`, left: `${Math.max(8, Math.min(place.left, innerWidth - tip.offsetWidth - 8))}px` });
  }

  // Point at it --------------------------------------------------------------------------------------------------------

  R.unpoint = () => { pointed?.node.remove(); pointed = null; tip.hidden = true; };

  function share(node, event) {
    const sheet = node.getBoundingClientRect();
    const within = (value) => Math.min(1, Math.max(0, value));
    return [within((event.clientX - sheet.left) / sheet.width), within((event.clientY - sheet.top) / sheet.height)];
  }

  const between = ([x0, y0], [x1, y1]) => [Math.min(x0, x1), Math.min(y0, y1), Math.abs(x1 - x0), Math.abs(y1 - y0)];

  R.scroller.addEventListener("pointerdown", (event) => {
    const node = event.target.closest?.(".ps-rp");
    if (!R.pointing || !node || event.button || event.target.closest(".ps-point-ask")) return;
    event.preventDefault();
    const begun = share(node, event);
    const page = Number(node.dataset.page);
    R.unpoint();
    node.setPointerCapture(event.pointerId);
    const frame = make("div", "ps-point");
    node.querySelector(".ps-rp-over")?.append(frame);
    node.onpointermove = (moved) => put(frame, between(begun, share(node, moved)));
    node.onpointerup = node.onpointercancel = (ended) => {
      node.onpointermove = node.onpointerup = node.onpointercancel = null;
      frame.remove();
      const box = between(begun, share(node, ended));
      const enough = box[2] * node.clientWidth >= LEAST && box[3] * node.clientHeight >= LEAST;
      if (ended.type === "pointerup" && enough) settle(page, box, false);
    };
  });

  // A rectangle stands: ask about it, or not.
  function settle(page, box, focus) {
    R.unpoint();
    const node = put(make("div", "ps-point"), box);
    const ask = R.button(tr("Ask about this"), tr("Ask about this part of the page"), () => askAbout(page, box), "ps-small ps-point-yes");
    const not = R.button("✕", tr("Do not ask about this"), R.unpoint, "ps-small");
    const foot = make("div", box[1] + box[3] > 0.94 ? "ps-point-ask ps-point-inside" : "ps-point-ask");
    foot.append(ask, not);
    node.append(foot);
    pointed = { page, box, node };
    R.nodes.get(page)?.querySelector(".ps-rp-over")?.append(node);
    if (focus) ask.focus();
    else foot.scrollIntoView({ block: "nearest" });
  }

  function askAbout(page, [left, top, width, height]) {
    const [wide, high] = R.book.pages[page - 1];
    const box = [left * wide, top * high, (left + width) * wide, (top + height) * high];
    const doc = R.doc;
    R.leave();
    document.dispatchEvent(new CustomEvent("ps-point", { detail: { doc, page, box } }));
    window.pagesightToQuestion();
  }

  // Esc: what is open inside the reader goes first; whether there was anything.
  R.escape = () => {
    if (!tip.hidden) { tip.hidden = true; return true; }
    if (pointed) { R.unpoint(); return true; }
    if (R.pointing) { R.setPointing(false); return true; }
    if (R.found) { R.forget(); R.redraw(); R.drawSide(); R.scroller.focus(); return true; }
    return false;
  };
})();
