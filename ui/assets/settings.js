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

  const { number, size, moment } = window.pagesightSays;

  async function call(path, sent) {
    const options = { credentials: "same-origin" };
    if (sent) Object.assign(options, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(sent) });
    let reply;
    try { reply = await fetch(`${PREFIX}/${path}`, options); } catch { throw new Error(tr("PageSight cannot be reached; see whether it runs, and try again.")); }
    const found = await reply.json().catch(() => ({}));
    if (reply.status === 401) location.reload();
    if (!reply.ok) throw new Error(found.error || tr("PageSight answered {status}; try again.", { status: reply.status }));
    return found;
  }

  // -- who I am ------------------------------------------------------------------------------------------------------

  function show() {
    const root = document.documentElement;
    if (!me) return;
    if (root.dataset.role !== me.role) root.dataset.role = me.role || "";
    const answers = document.getElementById("ps-answers");
    if (!answers) return;
    const words = me.answers ? tr("by {model}", { model: me.answers }) : tr("are quoted from the documents");
    if (answers.dataset.words !== words) {
      answers.dataset.words = words;
      answers.replaceChildren(make("b", "", tr("Answers")), " ", words);
    }
    document.getElementById("ps-settings").hidden = me.role !== "admin";
    const who = document.getElementById("ps-who");
    if (who && who.dataset.user !== me.user + me.role) {
      who.dataset.user = me.user + me.role;
      who.hidden = !me.user && !me.demo;
      who.replaceChildren(make("b", "", me.demo ? tr("Demo") : me.user), " ", me.demo ? tr("nothing is added or kept") : roleName(me.role));
      if (me.leave) {
        const out = make("a", "", tr("Sign out"));
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

  const ROLES = { reader: tr("reader"), editor: tr("editor"), admin: tr("admin") };
  const roleName = (role) => ROLES[role] || role;
  const KEYS = { kept: tr("key kept"), "until the program ends": tr("key kept until the program ends"), environment: tr("key from the environment") };

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
      now.replaceChildren(make("b", "", model.model || tr("No model")), model.model ? ` ${model.url}` : ` – ${tr("answers are quoted from the documents, word for word")}`);
      if (model.key) now.append(make("span", "ps-set-badge", KEYS[model.key]));
      if (model.model && model.editable) now.append(" ", button(tr("Quote instead"), () => during(said, "", [], async () => { state.model = (await call("settings/quote", {})).model; current(); mark(); recognise(); return tr("Answers are quoted from now on."); })));
    }
    function mark() {
      found.querySelectorAll(".ps-set-model").forEach((row) => row.classList.toggle("ps-set-chosen", row.dataset.name === state.model.model && row.dataset.url === state.model.url));
    }
    current();
    const parts = [now];
    if (model.problem) parts.push(make("p", "ps-set-said ps-set-bad", model.problem));
    if (!model.editable) {
      parts.push(make("p", "ps-detail", tr("Set by {names} in the environment, which wins: change it there and start again.", { names: model.fixed.join(", ") })));
      return section(tr("The model that answers"), ...parts);
    }

    function row(server, one, key) {
      const badge = make("span", "ps-set-badge");
      const sight = (sees) => {
        badge.textContent = sees === null ? tr("sight not said: try it") : sees ? tr("sees pictures") : tr("text only");
        badge.classList.toggle("ps-set-sees", Boolean(sees));
      };
      sight(one.vision);
      const line = make("div", "ps-set-model", make("span", "ps-set-model-name", one.name), badge);
      if (one.window) line.append(make("span", "ps-set-badge", tr("reads {count} tokens", { count: one.window })));
      Object.assign(line.dataset, { name: one.name, url: server.url });
      const sent = () => ({ model: one.name, url: server.url, key: key(), keep: keep.checked });
      const controls = [];
      const attempt = button(tr("Try"), () => during(said, tr("Trying {model} with a picture … a model that is not loaded may take a minute.", { model: one.name }), controls, () => trial(one.name, sent(), sight)));
      const use = button(tr("Use"), () => during(said, "", controls, async () => { state.model = (await call("settings/use", sent())).model; keyInput.value = ""; current(); mark(); recognise(); return here(server.url) ? tr("{model} answers from the next question on.", { model: one.name }) : tr("{model} answers from the next question on. It is not on this machine: questions, evidence and pictures are sent there.", { model: one.name }); }), "ps-small ps-set-first");
      use.setAttribute("aria-label", tr("Use {model}", { model: one.name }));
      attempt.setAttribute("aria-label", tr("Try {model} with a picture", { model: one.name }));
      controls.push(attempt, use);
      line.append(make("span", "ps-set-model-acts", attempt, use));
      return line;
    }

    async function trial(name, sent, sight) {
      const came = await call("settings/try", sent);
      if (came.problem) throw new Error(came.problem);
      sight(came.sees);
      const values = { model: name, seconds: number(came.seconds, 1), said: came.said };
      const parts = [];
      if (!came.sees) parts.push(tr("{model} answers ({seconds} s). It does not see pictures: it is given captions and the text inside them.", values));
      else if (came.read) parts.push(tr("{model} read the number in the picture ({seconds} s).", values));
      else parts.push(tr("{model} answers ({seconds} s), but did not read the number in the picture; it said: “{said}”. Small print may be beyond it.", values));
      if (came.window && came.window < 12000) parts.push(tr("It reads {count} tokens at once, which is little: {remedy}.", { count: came.window, remedy: came.how_to_widen }));
      else if (came.window) parts.push(tr("It reads {count} tokens at once.", { count: came.window }));
      return parts.join(" ");
    }

    function list(servers, key) {
      found.replaceChildren(...servers.map((server) => {
        const head = make("div", "ps-set-server-head", make("b", "", server.server || tr("Server")), ` ${server.url}`);
        const box = make("div", "ps-set-server", head, ...server.models.map((one) => row(server, one, key)));
        if (server.problem) box.append(make("p", "ps-detail", server.problem));
        return box;
      }));
      mark();
    }

    const look = button(tr("Look again on this machine"), () => during(said, tr("Looking for model servers on this machine …"), [look], async () => {
      const { servers } = await call("settings/find", {});
      list(servers, () => "");
      return servers.length ? "" : tr("None of Ollama, LM Studio, llama.cpp and vLLM answers on this machine. Start one, or give the address of another.");
    }));
    const [urlLabel, urlInput] = field(tr("Address"), { placeholder: "http://192.168.1.20:11434/v1", inputMode: "url" });
    const [keyLabel, keyInput] = field(tr("Key, if it wants one"), { type: "password", placeholder: state.model.key ? tr("kept") : "", autocomplete: "new-password" });
    const keep = Object.assign(document.createElement("input"), { type: "checkbox", checked: true });
    const ask = button(tr("List its models"), () => during(said, tr("Asking …"), [ask], async () => {
      const { servers } = await call("settings/models", { url: urlInput.value, key: keyInput.value });
      list(servers, () => keyInput.value);
      return "";
    }));
    urlInput.onkeydown = (event) => { if (event.key === "Enter") ask.click(); };
    const other = make("details", "", make("summary", "", tr("Another server")), make("div", "ps-set-form", urlLabel, keyLabel,
      make("label", "ps-set-check", keep, tr("Keep the key for the next start, in the index folder, readable by nobody else. Else it is forgotten when the program ends.")), ask));
    parts.push(make("div", "ps-set-acts", look), said, found, other,
      make("p", "ps-detail", tr("Looking asks 127.0.0.1 alone, at ports 11434, 1234, 8080 and 8000. Questions, the evidence found for them and its pictures go to the server you choose, nowhere else; a key goes only to the server it was given for, and is not shown again.")));
    setTimeout(() => look.click());
    return section(tr("The model that answers"), ...parts);
  }

  function encoderSection() {
    return section(tr("How documents are searched"), make("p", "ps-set-now", make("b", "", state.encoder.name)), make("ul", "ps-set-lines", ...state.encoder.why.map((line) => make("li", "", line))));
  }

  function indexSection() {
    const { index } = state;
    const previous = index.generations.find((one) => one.previous);
    const said = make("p", "ps-set-said");
    said.setAttribute("role", "status");
    said.hidden = true;
    const progress = make("div", "ps-set-work");
    const [wordsLabel, words] = field(tr("Words part"), { placeholder: tr("as it is") });
    const [pictureLabel, picture] = field(tr("Picture part"), { placeholder: tr("as it is") });
    const gate = Object.assign(document.createElement("input"), { type: "checkbox", checked: true });
    const acts = [];
    const begin = async (name, sent) => {
      await during(said, "", acts, async () => { state.work = (await call(`settings/${name}`, sent)).work; });
      work(); // says which may be pressed now
      watch();
    };
    const start = button(tr("Reindex"), () => begin("reindex", { words: words.value, encoder: picture.value, gate: gate.checked }), "ps-small ps-set-first");
    const back = button(previous ? tr("Roll back to {name}", { name: previous.name }) : tr("Roll back"), () => begin("rollback", {}));
    const parse = button(tr("Read outdated documents again"), () => begin("parse", {}));
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
        bar.setAttribute("aria-label", tr("Progress"));
        const where = now.total ? tr("{stage} {name}, {done} of {total}", { stage: now.stage, name: now.name, done: number(now.done), total: number(now.total) }) : tr("Starting …");
        const stop = button(now.fate === "stopping" ? tr("Stopping …") : tr("Cancel"), async () => { try { state.work = (await call("settings/cancel", {})).work; work(); } catch (error) { say(said, error.message, "ps-set-bad"); } });
        stop.disabled = now.fate === "stopping";
        parts.push(make("div", "ps-set-work-line", make("span", "ps-detail", where), stop), bar);
      } else if (now.fate) {
        const ends = { done: tr("Done"), refused: tr("Not taken"), cancelled: tr("Cancelled"), failed: tr("Failed") };
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
          const now = await call("settings/work");
          if (!progress.isConnected) return; // drawn anew meanwhile: that one watches
          state.work = now;
          if (!state.work.running) { state = await call("settings"); draw(); recognise(); return; }
          work();
        } catch (error) { if (!progress.isConnected) return; say(said, error.message, "ps-set-bad"); }
        watch();
      }, WATCH);
    }

    const generations = make("ul", "ps-set-lines", ...index.generations.map((one) => make("li", "", tr("Generation {id} ({state}): {name}, made {when}, {size}", { id: one.id, state: one.state, name: one.name, when: moment(new Date(one.created)), size: size(one.bytes) }))));
    work();
    watch();
    return section(tr("The index"),
      make("p", "ps-set-now", `${[tr("{count} documents", { count: index.documents }), tr("{count} pages", { count: index.pages }), tr("{count} passages", { count: index.passages })].join(tr(", ‖in a list"))}; ${tr("{size} in {folder}", { size: size(index.bytes), folder: index.folder })}`),
      generations,
      make("details", "", make("summary", "", tr("Embed everything anew")), make("div", "ps-set-form",
        make("p", "ps-detail", tr("A new generation is built beside this one while people go on searching. Empty fields leave a part as it is; a model named here may be downloaded from its hub.")),
        wordsLabel, pictureLabel, make("label", "ps-set-check", gate, tr("Take it only if it finds no less, judged by questions made from the library's captions and cut-outs")), start)),
      make("div", "ps-set-acts", back, parse), said, progress);
  }

  function problemSection() {
    const said = make("p", "ps-set-said");
    said.hidden = true;
    said.setAttribute("role", "status");
    const found = make("ul", "ps-set-findings");
    const MARKS = { ok: "✓", warning: "!", missing: "✗" };
    const look = button(tr("Examine"), () => during(said, tr("Examining: every part is used once, which takes some seconds …"), [look], async () => {
      const { findings } = await call("settings/examine", {});
      found.replaceChildren(...findings.map((one) => {
        const line = make("li", `ps-set-level-${one.level}`, make("span", "ps-set-mark", MARKS[one.level] || ""), make("span", "", make("b", "", one.what), ` ${one.detail}`));
        if (one.remedy) line.lastChild.append(make("span", "ps-set-remedy", one.remedy));
        return line;
      }));
      const bad = findings.filter((one) => one.level !== "ok").length;
      return bad ? tr("{count} things to look at.", { count: bad }) : tr("All is well.");
    }));
    return section(tr("Problems"), make("div", "ps-set-acts", look), said, found);
  }

  function userSection() {
    if (!state.users) return section(tr("People"), make("p", "ps-detail", tr("Nobody signs in. To have people sign in: python -m rag user add NAME --role admin, then start PageSight again.")));
    return section(tr("People"),
      make("ul", "ps-set-lines", ...state.users.map((one) => make("li", "", `${one.name}: ${roleName(one.role)}${one.source ? ` (${one.source})` : ""}`))),
      make("p", "ps-detail", tr("Readers ask, editors also add and remove documents, admins also change settings. Made and changed by python -m rag user add | role | passwd | remove.")));
  }

  // Who may see a collection: everybody, or admins and those named. Admins are not listed, they see all.
  function rightsSection() {
    const { rights } = state;
    const intro = make("p", "ps-detail", tr("Documents of a restricted collection are there for admins and those named alone, wherever documents are listed, found, cited or shown. A document in several is there for those who may see one of them."));
    const none = make("p", "ps-detail", tr("There are no collections yet; make one in the list of documents."));
    const node = section(tr("Who may see what"), intro, ...(rights.collections.length ? rights.collections.map(rightsOf) : [none]), groupsPart());
    node.id = "ps-set-rights";
    return node;
  }

  // Groups that may be named for any collection; who may see what is drawn anew with them.
  function groupsPart() {
    const said = saying();
    const [nameLabel, name] = field(tr("A new group"), { maxLength: 80 });
    const make_ = button(tr("Make it"), () => during(said, "", [make_], async () => {
      await group({ name: name.value, make: true });
      drawRights();
    }));
    const form = make("form", "ps-set-form", nameLabel, make_, said);
    form.onsubmit = (event) => { event.preventDefault(); make_.click(); };
    return make("div", "ps-set-groups", make("h4", "", tr("Groups")), ...state.rights.groups.map(groupOf), form);
  }

  function groupOf(one) {
    const said = saying();
    const { lines, chosen } = people(one, true);
    const words = ({ name, user, token }) => tr("{name} – {count} in it", { name, count: user.length + token.length });
    const title = make("span", "", words(one));
    const save = button(tr("Save"), () => during(said, "", [save, gone], async () => {
      await group({ name: one.name, ...chosen() });
      const now = state.rights.groups.find((row) => row.name === one.name);
      if (now) title.textContent = words(now);
      return tr("Saved; it counts from now on.");
    }), "ps-small ps-set-first");
    save.setAttribute("aria-label", tr("Save who is in {name}", { name: one.name }));
    const gone = button(tr("Remove the group"), () => during(said, "", [save, gone], async () => {
      await group({ name: one.name, remove: true });
      drawRights();
    }), "ps-small ps-danger");
    return folding(`group ${one.name}`, make("summary", "", title), make("div", "ps-set-form", ...lines, make("div", "ps-set-acts", save, gone), said));
  }

  async function group(sent) {
    state.rights = (await call("settings/group", sent)).rights;
  }

  // With the groups that there are now; what was open stays open.
  function drawRights() {
    const before = document.getElementById("ps-set-rights");
    const open = new Set([...before.querySelectorAll("details[open]")].map((one) => one.dataset.name));
    const now = rightsSection();
    now.querySelectorAll("details").forEach((one) => { one.open = open.has(one.dataset.name); });
    before.replaceWith(now);
    now.querySelector(".ps-set-groups form input").focus();
  }

  const folding = (name, ...content) => {
    const node = make("details", "", ...content);
    node.dataset.name = name;
    return node;
  };

  const saying = () => {
    const said = make("p", "ps-set-said");
    said.setAttribute("role", "status");
    said.hidden = true;
    return said;
  };

  const check = (label, checked) => {
    const input = Object.assign(document.createElement("input"), { type: "checkbox", checked });
    return [make("label", "ps-set-check", input, make("span", "", label)), input];
  };

  // Boxes for those who may be named, and what is ticked, by its kind. Admins see all, so only a group names them.
  function people(one, admins, more = []) {
    const known = state.rights.people.filter((name) => admins || !(state.users || []).some((user) => user.role === "admin" && user.name === name));
    const all = [
      ...more,
      ...known.map((name) => ["user", name, name]),
      ...state.rights.programs.map((name) => ["token", name, tr("the program “{name}”", { name })]),
    ];
    const boxes = all.map(([kind, name, label]) => [kind, name, ...check(label, one[kind].includes(name))]);
    const others = one.user.filter((name) => !known.includes(name));
    const [othersLabel, othersInput] = field(tr("Others, by the names they sign in with (commas between them)"), { value: others.join(", ") });
    const chosen = () => {
      const kinds = { user: othersInput.value.split(",").map((name) => name.trim()).filter(Boolean), role: [], token: [], group: [] };
      boxes.forEach(([kind, name, , input]) => { if (input.checked) kinds[kind].push(name); });
      return kinds;
    };
    return { lines: [...boxes.map(([, , line]) => line), othersLabel], chosen };
  }

  function rightsOf(one) {
    const said = saying();
    const [onlyLabel, only] = check(tr("Only admins and those named here may see it"), one.restricted);
    const { lines, chosen } = people(one, false, [
      ["role", "reader", tr("everybody who signs in")],
      ["role", "editor", tr("every editor")],
      ...state.rights.groups.map(({ name }) => ["group", name, tr("the group “{name}”", { name })]),
    ]);
    const named = make("div", "ps-set-form", ...lines);
    const show = () => { named.hidden = !only.checked; };
    only.onchange = show;
    show();
    const save = button(tr("Save"), () => during(said, "", [save], async () => {
      state.rights = (await call("settings/rights", { id: one.id, restricted: only.checked, ...chosen() })).rights;
      const now = state.rights.collections.find((row) => row.id === one.id);
      if (now) title.textContent = rightsTitle(now);
      return tr("Saved; it counts from now on.");
    }), "ps-small ps-set-first");
    save.setAttribute("aria-label", tr("Save who may see {name}", { name: one.name }));
    const title = make("span", "", rightsTitle(one));
    return folding(`collection ${one.id}`, make("summary", "", title), make("div", "ps-set-form", onlyLabel, named, save, said));
  }

  function rightsTitle(one) {
    const count = one.user.length + one.token.length + one.group.length + one.role.filter((role) => role !== "admin").length;
    const who = !one.restricted ? tr("everybody") : count ? tr("admins + {count}", { count }) : tr("admins only");
    return `${one.name} – ${who}`;
  }

  function languageSection() {
    return section(tr("Language"), make("div", "ps-set-acts", window.pagesightLanguageChoice("ps-set-language")));
  }

  function draw() {
    const open = [...dialog.querySelectorAll("details")].map((one) => one.open);
    const at = dialog.scrollTop;
    const shut = button(tr("Close"), () => dialog.close());
    const head = make("div", "ps-panel-head", make("h2", "", tr("Settings")), shut);
    dialog.firstChild.replaceChildren(head, languageSection(), modelSection(), encoderSection(), indexSection(), problemSection(), userSection(), rightsSection());
    dialog.querySelectorAll("details").forEach((one, place) => { one.open = Boolean(open[place]); });
    dialog.scrollTop = at;
    if (dialog.open && document.activeElement === document.body && !window.pagesightRefocus()) shut.focus(); // what had it was drawn anew
  }

  async function openPanel(event) {
    opener = event.target.closest("button, a");
    if (!dialog) {
      dialog = make("dialog", "ps-panel", make("div", "ps-root"));
      dialog.setAttribute("aria-label", tr("Settings"));
      dialog.addEventListener("close", () => { clearTimeout(watching); opener?.focus?.(); });
      dialog.addEventListener("click", (click) => { if (click.target === dialog) dialog.close(); });
      document.body.append(dialog);
    }
    dialog.firstChild.replaceChildren(make("div", "ps-panel-head", make("h2", "", tr("Settings")), button(tr("Close"), () => dialog.close())), make("p", "ps-detail", tr("Loading …")));
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
