// Runs before the page is drawn: the remembered theme, a closed sidebar on small screens.
(() => {
  const KEY = "pagesight-theme";
  const small = () => window.matchMedia("(max-width: 900px)").matches;
  const remembered = () => { try { return localStorage.getItem(KEY); } catch { return null; } };
  const wanted = () => remembered() || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");

  function apply() {
    const dark = wanted() === "dark";
    document.documentElement.style.colorScheme = dark ? "dark" : "light";
    if (document.body && document.body.classList.contains("dark") !== dark) document.body.classList.toggle("dark", dark);
    const button = document.getElementById("ps-theme");
    const label = dark ? tr("Light theme") : tr("Dark theme");
    if (button && button.title !== label) {
      button.title = label;
      button.setAttribute("aria-label", label);
    }
  }

  document.addEventListener("click", (event) => {
    if (!event.target.closest || !event.target.closest("#ps-theme")) return;
    try { localStorage.setItem(KEY, wanted() === "dark" ? "light" : "dark"); } catch { /* private mode: not remembered */ }
    apply();
  });

  // Which conversation this tab shows: the same after a reload; a new tab begins with the one that was shown last.
  // The address names it, for a bookmark; the reader puts its own place there while it is open.
  const SHOWN = "pagesight-conversation";
  const NAMED = /^#conversation=([0-9a-f]{32})$/;
  let shown = "";
  window.pagesightShown = () => {
    const named = NAMED.exec(location.hash);
    if (named) return JSON.stringify({ open: named[1], linked: true });
    try { return JSON.stringify({ open: sessionStorage.getItem(SHOWN) ?? localStorage.getItem(SHOWN) ?? "" }); } catch { return ""; }
  };
  window.pagesightAddress = () => {
    if (document.querySelector("dialog.ps-reader[open]") || (/^#doc=/.test(location.hash) && !document.querySelector("dialog.ps-reader"))) return;
    const address = `${location.pathname}${location.search}${shown ? `#conversation=${shown}` : ""}`;
    if (address !== `${location.pathname}${location.search}${location.hash}`) history.replaceState(null, "", address);
  };
  addEventListener("hashchange", (event) => {
    const named = NAMED.exec(new URL(event.newURL).hash); // the address may be another by now
    if (!named || named[1] === shown) return;
    document.dispatchEvent(new CustomEvent("ps-open-conversation", { detail: named[1] }));
    setTimeout(window.pagesightAddress, 3000); // where it could not be opened
  });
  window.pagesightShow = (id, begun) => {
    shown = begun ? id : "";
    window.pagesightAddress();
    try { sessionStorage.setItem(SHOWN, id); localStorage.setItem(SHOWN, id); } catch { /* private mode: not remembered */ }
  };

  function start() {
    apply();
    // Gradio sets its own theme class while it mounts, and draws the button later.
    new MutationObserver(apply).observe(document.body, { attributes: true, attributeFilter: ["class"] });
    const watcher = new MutationObserver(() => {
      apply();
      if (document.getElementById("ps-theme")) watcher.disconnect();
    });
    watcher.observe(document.body, { childList: true, subtree: true });
  }
  // The sidebar opens itself a moment after it is drawn and would cover a phone's screen.
  function closeSidebar() {
    let seen = false;
    let until = 0; // what opens itself has done so by then
    const timer = setInterval(() => {
      const sidebar = document.querySelector(".sidebar");
      const toggle = sidebar?.querySelector(".toggle-button");
      if (!toggle) return;
      until ||= Date.now() + 8000;
      toggle.setAttribute("aria-label", tr("Show or hide the documents"));
      if (!small()) { if (sidebar.classList.contains("open")) { setTimeout(settled, 1000); clearInterval(timer); } return; }
      if (sidebar.classList.contains("open")) { seen = true; toggle.click(); } else if (seen || Date.now() > until) clearInterval(timer);
    }, 60);
    setTimeout(() => { settled(); clearInterval(timer); }, 60000);
  }
  // To the conversation or its question box, from wherever it was chosen; on a phone the sidebar covers them.
  window.pagesightToPage = () => { if (small()) document.querySelector(".sidebar.open .toggle-button")?.click(); };
  window.pagesightToQuestion = () => { window.pagesightToPage(); document.querySelector("#ps-box textarea")?.focus(); };
  const settled = () => document.documentElement.classList.add("ps-settled");
  closeSidebar();
  if (document.body) start(); else document.addEventListener("DOMContentLoaded", start);
})();
