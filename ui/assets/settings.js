// Who I am (html[data-role]), and the settings panel for those who may: the model that answers, encoders, index, problems.
// What servers, models and people have written is only ever put in place as text. A key that is typed is sent once with
// the request that needs it; the page is never given one.
(() => {
  const PREFIX = "pagesight";
  const WATCH = 1000; // milliseconds between two looks at work on the index
  let me = null;
  let state = null;
  let dialog = null;
  let watching = 0;
  let opener = null;

  function make(tag, className, ...content) {
    const node = document.createElement(tag);
    if (className) node.className = className;
    node.append(...content);
    return node;
  }

  function button(label, act, className = "ps-small") {
    const node = make("button", className, label);
    node.type = "button";
    node.onclick = act;
    return node;
  }

  function field(label, attributes = {}) {
    const input = Object.assign(document.createElement("input"), { type: "text", autocomplete: "off", spellcheck: false, ...attributes });
    return [make("label", "ps-set-field", make("span", "", label), input), input];
  }

  function size(bytes) {
    const units = ["B", "kB", "MB", "GB", "TB"];
    let place = 0;
    while (bytes >= 1000 && place < units.length - 1) { bytes /= 1000; place += 1; }
    return `${bytes.toLocaleString([], { maximumFractionDigits: bytes < 10 && place ? 1 : 0 })} ${units[place]}`;
  }

  const count = (number, word) => `${number.toLocaleString()} ${word}${number === 1 ? "" : "s"}`;

  async function call(path, sent) {
    const options = { credentials: "same-origin" };
    if (sent) Object.assign(options, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(sent) });
    let reply;
    try { reply = await fetch(`${PREFIX}/${path}`, options); } catch { throw new Error("PageSight cannot be reached; see whether it runs, and try again."); }
    const found = await reply.json().catch(() => ({}));
    if (reply.status === 401) location.reload();
    if (!reply.ok) throw new Error(found.error || `PageSight answered ${reply.status}; try again.`);
    return found;
  }

  // -- who I am ------------------------------------------------------------------------------------------------------

  function show() {
    const root = document.documentElement;
    if (!me) return;
    if (root.dataset.role !== me.role) root.dataset.role = me.role || "";
    const answers = document.getElementById("ps-answers");
    if (!answers) return;
    const words = me.answers ? ` by ${me.answers}` : " are quoted from the documents";
    if (answers.dataset.words !== words) {
      answers.dataset.words = words;
      answers.replaceChildren(make("b", "", "Answers"), words);
    }
    document.getElementById("ps-settings").hidden = me.role !== "admin";
    const who = document.getElementById("ps-who");
    if (who && who.dataset.user !== me.user + me.role) {
      who.dataset.user = me.user + me.role;
      who.hidden = !me.user && !me.demo;
      who.replaceChildren(make("b", "", me.demo ? "Demo" : me.user), me.demo ? " nothing is added or kept" : ` ${me.role}`);
      if (me.leave) {
        const out = make("a", "", "Sign out");
        out.href = "logout";
        who.append(" · ", out);
      }
    }
  }

  async function recognise() {
    try {
      const found = await (await fetch(`${PREFIX}/me`, { credentials: "same-origin" })).json();
      if (me && me.role && !found.role) location.reload(); // the session has ended
      me = found;
      show();
    } catch { /* the server is away: the page says so itself */ }
  }

  // -- the panel -----------------------------------------------------------------------------------------------------

  function section(title, ...content) {
    return make("section", "", make("h3", "", title), ...content);
  }

  function say(node, words, kind = "") {
    node.className = `ps-set-said ${kind}`;
    node.textContent = words;
    node.hidden = !words;
  }

  async function during(node, words, controls, act) {
    say(node, words, "ps-set-waits");
    controls.forEach((control) => { control.disabled = true; });
    try {
      const said = await act();
      say(node, said || "", "ps-set-good");
    } catch (error) {
      say(node, error.message, "ps-set-bad");
    } finally {
      controls.forEach((control) => { control.disabled = false; });
    }
  }

  const KEYS = { kept: "key kept", "until the program ends": "key kept until the program ends", environment: "key from the environment" };

  function here(url) {
    try { return ["127.0.0.1", "localhost", "[::1]"].includes(new URL(url).hostname); } catch { return false; }
  }

  function modelSection() {
    const { model } = state;
    const now = make("p", "ps-set-now");
    const said = make("p", "ps-set-said");
    said.setAttribute("role", "status");
    said.hidden = true;
    const found = make("div", "ps-set-servers");

    function current() {
      const { model } = state;
      now.replaceChildren(make("b", "", model.model || "No model"), model.model ? ` ${model.url}` : " – answers are quoted from the documents, word for word");
      if (model.key) now.append(make("span", "ps-set-badge", KEYS[model.key]));
      if (model.model && model.editable) now.append(" ", button("Quote instead", () => during(said, "", [], async () => { state.model = (await call("settings/quote", {})).model; current(); mark(); recognise(); return "Answers are quoted from now on."; })));
    }
    function mark() {
      found.querySelectorAll(".ps-set-model").forEach((row) => row.classList.toggle("ps-set-chosen", row.dataset.name === state.model.model && row.dataset.url === state.model.url));
    }
    current();
    const parts = [now];
    if (model.problem) parts.push(make("p", "ps-set-said ps-set-bad", model.problem));
    if (!model.editable) {
      parts.push(make("p", "ps-detail", `Set by ${model.fixed.join(", ")} in the environment, which wins: change it there and start again.`));
      return section("The model that answers", ...parts);
    }

    function row(server, one, key) {
      const sight = one.vision === null ? "sight not said: try it" : one.vision ? "sees pictures" : "text only";
      const line = make("div", "ps-set-model", make("span", "ps-set-model-name", one.name), make("span", `ps-set-badge ${one.vision ? "ps-set-sees" : ""}`, sight));
      if (one.window) line.append(make("span", "ps-set-badge", `reads ${one.window.toLocaleString()} tokens`));
      Object.assign(line.dataset, { name: one.name, url: server.url });
      const sent = () => ({ model: one.name, url: server.url, key: key(), keep: keep.checked });
      const controls = [];
      const attempt = button("Try", () => during(said, `Trying ${one.name} with a picture … a model that is not loaded may take a minute.`, controls, () => trial(one.name, sent())));
      const use = button("Use", () => during(said, "", controls, async () => { state.model = (await call("settings/use", sent())).model; keyInput.value = ""; current(); mark(); recognise(); return `${one.name} answers from the next question on.${here(server.url) ? "" : " It is not on this machine: questions, evidence and pictures are sent there."}`; }), "ps-small ps-set-first");
      use.setAttribute("aria-label", `Use ${one.name}`);
      attempt.setAttribute("aria-label", `Try ${one.name} with a picture`);
      controls.push(attempt, use);
      line.append(make("span", "ps-set-model-acts", attempt, use));
      return line;
    }

    async function trial(name, sent) {
      const came = await call("settings/try", sent);
      if (came.problem) throw new Error(came.problem);
      const window = came.window ? ` It reads ${came.window.toLocaleString()} tokens at once${came.window < 12000 ? `, which is little: ${came.how_to_widen}` : ""}.` : "";
      const took = ` (${came.seconds.toLocaleString([], { maximumFractionDigits: 1 })} s)`;
      if (!came.sees) return `${name} answers${took}. It does not see pictures: it is given captions and the text inside them.${window}`;
      return came.read ? `${name} read the number in the picture${took}.${window}` : `${name} answers${took}, but did not read the number in the picture; it said: “${came.said}”. Small print may be beyond it.${window}`;
    }

    function list(servers, key) {
      found.replaceChildren(...servers.map((server) => {
        const head = make("div", "ps-set-server-head", make("b", "", server.server || "Server"), ` ${server.url}`);
        const box = make("div", "ps-set-server", head, ...server.models.map((one) => row(server, one, key)));
        if (server.problem) box.append(make("p", "ps-detail", server.problem));
        return box;
      }));
      mark();
    }

    const look = button("Look again on this machine", () => during(said, "Looking for model servers on this machine …", [look], async () => {
      const { servers } = await call("settings/find", {});
      list(servers, () => "");
      return servers.length ? "" : "None of Ollama, LM Studio, llama.cpp and vLLM answers on this machine. Start one, or give the address of another.";
    }));
    const [urlLabel, urlInput] = field("Address", { placeholder: "http://192.168.1.20:11434/v1", inputMode: "url" });
    const [keyLabel, keyInput] = field("Key, if it wants one", { type: "password", placeholder: state.model.key ? "kept" : "", autocomplete: "new-password" });
    const keep = Object.assign(document.createElement("input"), { type: "checkbox", checked: true });
    const ask = button("List its models", () => during(said, "Asking …", [ask], async () => {
      const { servers } = await call("settings/models", { url: urlInput.value, key: keyInput.value });
      list(servers, () => keyInput.value);
      return servers.some((server) => server.models.length) ? "" : " ";
    }));
    urlInput.onkeydown = (event) => { if (event.key === "Enter") ask.click(); };
    const other = make("details", "", make("summary", "", "Another server"), make("div", "ps-set-form", urlLabel, keyLabel,
      make("label", "ps-set-check", keep, "Keep the key for the next start, in the index folder, readable by nobody else. Else it is forgotten when the program ends."), ask));
    parts.push(make("div", "ps-set-acts", look), said, found, other,
      make("p", "ps-detail", "Looking asks 127.0.0.1 alone, at ports 11434, 1234, 8080 and 8000. Questions, the evidence found for them and its pictures go to the server you choose, nowhere else; a key goes only to the server it was given for, and is not shown again."));
    setTimeout(() => look.click());
    return section("The model that answers", ...parts);
  }

  function encoderSection() {
    return section("How documents are searched", make("p", "ps-set-now", make("b", "", state.encoder.name)), make("ul", "ps-set-lines", ...state.encoder.why.map((line) => make("li", "", line))));
  }

  function indexSection() {
    const { index } = state;
    const previous = index.generations.find((one) => one.state === "previous");
    const said = make("p", "ps-set-said");
    said.setAttribute("role", "status");
    said.hidden = true;
    const progress = make("div", "ps-set-work");
    const [wordsLabel, words] = field("Words part", { placeholder: "as it is" });
    const [pictureLabel, picture] = field("Picture part", { placeholder: "as it is" });
    const gate = Object.assign(document.createElement("input"), { type: "checkbox", checked: true });
    const acts = [];
    const begin = (name, sent) => during(said, "", acts, async () => { state.work = (await call(`settings/${name}`, sent)).work; work(); watch(); });
    const start = button("Reindex", () => begin("reindex", { words: words.value, encoder: picture.value, gate: gate.checked }), "ps-small ps-set-first");
    const back = button(previous ? `Roll back to ${previous.name}` : "Roll back", () => begin("rollback", {}));
    const parse = button("Read outdated documents again", () => begin("parse", {}));
    acts.push(start, back, parse);

    function work() {
      const now = state.work;
      acts.forEach((control) => { control.disabled = now.running || (control === back && !previous); });
      const lines = now.lines.map((line) => make("li", "", line));
      const parts = [];
      if (now.running) {
        const bar = make("progress", "");
        bar.max = now.total || 1;
        if (now.total) bar.value = now.done; else bar.removeAttribute("value");
        bar.setAttribute("aria-label", "Progress");
        const where = now.total ? `${now.stage} ${now.name}, ${now.done.toLocaleString()} of ${now.total.toLocaleString()}` : "Starting …";
        const stop = button(now.fate === "stopping" ? "Stopping …" : "Cancel", async () => { try { state.work = (await call("settings/cancel", {})).work; work(); } catch (error) { say(said, error.message, "ps-set-bad"); } });
        stop.disabled = now.fate === "stopping";
        parts.push(make("div", "ps-set-work-line", make("span", "ps-detail", where), stop), bar);
      } else if (now.fate) {
        const ends = { done: "Done", refused: "Not taken", cancelled: "Cancelled", failed: "Failed" };
        parts.push(make("p", now.fate === "failed" ? "ps-set-bad" : "", ends[now.fate] || ""));
      }
      if (lines.length) parts.push(make("ul", "ps-set-lines", ...lines));
      progress.replaceChildren(...parts);
    }

    function watch() {
      clearTimeout(watching);
      if (!state.work.running || !dialog.open) return;
      watching = setTimeout(async () => {
        try {
          state.work = await call("settings/work");
          if (!state.work.running) { state = await call("settings"); draw(); recognise(); return; }
          work();
        } catch (error) { say(said, error.message, "ps-set-bad"); }
        watch();
      }, WATCH);
    }

    const generations = make("ul", "ps-set-lines", ...index.generations.map((one) => make("li", "", `Generation ${one.id} (${one.state}): ${one.name}, made ${new Date(one.created).toLocaleString()}, ${size(one.bytes)}`)));
    work();
    watch();
    return section("The index",
      make("p", "ps-set-now", `${count(index.documents, "document")}, ${count(index.pages, "page")}, ${count(index.passages, "passage")}; ${size(index.bytes)} in ${index.folder}`),
      generations,
      make("details", "", make("summary", "", "Embed everything anew"), make("div", "ps-set-form",
        make("p", "ps-detail", "A new generation is built beside this one while people go on searching. Empty fields leave a part as it is; a model named here may be downloaded from its hub."),
        wordsLabel, pictureLabel, make("label", "ps-set-check", gate, "Take it only if it finds no less, judged by questions made from the library's captions and cut-outs"), start)),
      make("div", "ps-set-acts", back, parse), said, progress);
  }

  function problemSection() {
    const said = make("p", "ps-set-said");
    said.hidden = true;
    said.setAttribute("role", "status");
    const found = make("ul", "ps-set-findings");
    const MARKS = { ok: "✓", warning: "!", missing: "✗" };
    const look = button("Examine", () => during(said, "Examining: every part is used once, which takes some seconds …", [look], async () => {
      const { findings } = await call("settings/examine", {});
      found.replaceChildren(...findings.map((one) => {
        const line = make("li", `ps-set-level-${one.level}`, make("span", "ps-set-mark", MARKS[one.level] || ""), make("span", "", make("b", "", one.what), ` ${one.detail}`));
        if (one.remedy) line.lastChild.append(make("span", "ps-set-remedy", one.remedy));
        return line;
      }));
      const bad = findings.filter((one) => one.level !== "ok").length;
      return bad ? `${count(bad, "thing")} to look at.` : "All is well.";
    }));
    return section("Problems", make("div", "ps-set-acts", look), said, found);
  }

  function userSection() {
    if (!state.users) return section("People", make("p", "ps-detail", "Nobody signs in. To have people sign in: python -m rag user add NAME --role admin, then start PageSight again."));
    return section("People",
      make("ul", "ps-set-lines", ...state.users.map((one) => make("li", "", `${one.name}: ${one.role}${one.source ? ` (${one.source})` : ""}`))),
      make("p", "ps-detail", "Readers ask, editors also add and remove documents, admins also change settings. Made and changed by python -m rag user add | role | passwd | remove."));
  }

  function draw() {
    const open = [...dialog.querySelectorAll("details")].map((one) => one.open);
    const at = dialog.scrollTop;
    const shut = button("Close", () => dialog.close());
    const head = make("div", "ps-panel-head", make("h2", "", "Settings"), shut);
    dialog.firstChild.replaceChildren(head, modelSection(), encoderSection(), indexSection(), problemSection(), userSection());
    dialog.querySelectorAll("details").forEach((one, place) => { one.open = Boolean(open[place]); });
    dialog.scrollTop = at;
  }

  async function openPanel(event) {
    opener = event.target.closest("button, a");
    if (!dialog) {
      dialog = make("dialog", "ps-panel", make("div", "ps-root"));
      dialog.setAttribute("aria-label", "Settings");
      dialog.addEventListener("close", () => { clearTimeout(watching); opener?.focus?.(); });
      dialog.addEventListener("click", (click) => { if (click.target === dialog) dialog.close(); });
      document.body.append(dialog);
    }
    dialog.firstChild.replaceChildren(make("div", "ps-panel-head", make("h2", "", "Settings"), button("Close", () => dialog.close())), make("p", "ps-detail", "Loading …"));
    dialog.showModal();
    try {
      state = await call("settings");
      draw();
    } catch (error) {
      dialog.firstChild.lastChild.replaceWith(make("p", "ps-set-said ps-set-bad", error.message));
    }
  }

  document.addEventListener("click", (event) => {
    const asked = event.target.closest?.('#ps-settings, a[href="#ps-settings"]');
    if (!asked) return;
    event.preventDefault();
    openPanel(event);
  });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) recognise(); });
  recognise();
  const start = () => new MutationObserver(show).observe(document.body, { childList: true, subtree: true });
  if (document.body) start(); else document.addEventListener("DOMContentLoaded", start);
})();
