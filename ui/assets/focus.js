// Whoever uses the keyboard or hears the page: where what had the focus was drawn anew or has gone, its like has the focus,
// or what has come in its place; and what happens without being asked for is said (window.pagesightTell), in one place that
// is always there, since reading software is silent about regions that come with their words.
(() => {
  const AREAS = "dialog[open], #ps-drop, #ps-uploads, #ps-queue, #ps-conversations, #ps-documents, #ps-trash, #ps-status, #ps-viewer, #ps-scope, #ps-editor, #ps-chat";
  const STOPS = "a[href], button, input, select, textarea, summary, [tabindex]";
  const HARMFUL = ".ps-danger, .ps-bin"; // a key that is pressed twice must not remove something
  const question = () => document.querySelector("#ps-box textarea");
  let last = null; // what had the focus last: {node, area, name, place}
  let touched = false; // a finger points at things; where the focus is does not matter to it

  const shown = (node) => !node.disabled && node.tabIndex >= 0 && node.checkVisibility({ visibilityProperty: true }) && !node.closest("[inert]");
  const stops = (area) => [...area.querySelectorAll(STOPS)].filter(shown);
  const name = (node) => `${node.tagName} ${node.getAttribute("href") || node.getAttribute("aria-label") || node.labels?.[0]?.textContent || node.textContent.trim()}`;

  const areaOf = (node) => node.closest("dialog[open]") || node.closest(AREAS);

  function note({ target }) {
    const area = target.closest && areaOf(target);
    last = area ? { node: target, area: area.id ? `#${area.id}` : area, name: name(target), place: stops(area).indexOf(target) } : null;
  }

  const nowhere = () => !document.activeElement || document.activeElement === document.body || document.activeElement.tagName === "DIALOG";
  const gone = (node) => !node.isConnected || !shown(node);

  // Returns whether something has the focus again.
  window.pagesightRefocus = () => {
    if (touched || !last || !nowhere() || !gone(last.node)) return false;
    const area = typeof last.area === "string" ? document.querySelector(last.area) : last.area;
    const modal = [...document.querySelectorAll("dialog[open]")].pop();
    if (modal && !(area?.isConnected && (area === modal || modal.contains(area)))) return false;
    const all = area?.isConnected ? stops(area) : [];
    if (!all.length && area?.id === "ps-drop") return false; // it comes back once the files are there
    const same = all.find((node) => name(node) === last.name);
    const inPlace = all.slice(0, Math.max(0, last.place) + 1).filter((node) => !node.matches(HARMFUL)).pop();
    // An answer that is made anew has other parts: what is asked next is typed.
    const next = same || (area && area.matches("#ps-chat, #ps-editor") ? question() : inPlace || all.find((node) => !node.matches(HARMFUL))) || (modal ? null : question());
    next?.focus({ preventScroll: true });
    next?.scrollIntoView({ block: "nearest" });
    return Boolean(next);
  };

  document.addEventListener("focusin", note);
  document.addEventListener("pointerdown", ({ target, pointerType }) => {
    touched = pointerType === "touch";
    if (!last?.node.contains(target)) last = null; // whoever points elsewhere means it
  }, true);
  document.addEventListener("keydown", () => { touched = false; }, true);
  document.addEventListener("ps-drawn", () => setTimeout(window.pagesightRefocus)); // a script may have its own wish

  const told = window.pagesightMake("div", "ps-told");
  told.id = "ps-told";
  told.setAttribute("role", "status");
  const start = () => document.body.append(told);
  if (document.body) start(); else document.addEventListener("DOMContentLoaded", start);

  // The same words twice are said twice: a space tells them apart.
  window.pagesightTell = (words) => { told.textContent = told.textContent === words ? `${words}\u00a0` : words; };
})();
