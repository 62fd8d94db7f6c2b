// The page's words in the language that the server has chosen for this browser (ui/words/language.py, window.pagesightWords): a
// message is its English text, with names in braces for what is put in. count decides on the plural form.
(() => {
  const { language = "en", locale = "en", languages = {}, messages = {} } = window.pagesightWords || {};
  // Dates and numbers as this browser's person writes them, where that is the page's language.
  const own = navigator.languages?.find((one) => one.split("-")[0] === language) || locale;
  const forms = new Intl.PluralRules(locale);
  const numbers = new Intl.NumberFormat(own);

  window.tr = (message, values = {}) => {
    const found = Object.hasOwn(messages, message) ? messages[message] : message.split("‖")[0];
    const text = typeof found === "string" ? found : found[forms.select(values.count ?? 2)] || found.other;
    return text.replace(/\{(\w+)\}/g, (whole, name) => (Object.hasOwn(values, name) ? (name === "count" && typeof values.count === "number" ? numbers.format(values.count) : String(values[name])) : whole));
  };

  const UNITS = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"];
  window.pagesightSays = {
    language,
    locale: own,
    number: (value, digits = 0) => value.toLocaleString(own, { maximumFractionDigits: digits }),
    time: (date) => date.toLocaleTimeString(own, { hour: "2-digit", minute: "2-digit" }),
    day: (date, year = true) => date.toLocaleDateString(own, { day: "numeric", month: "short", ...(year ? { year: "numeric" } : {}) }),
    moment: (date) => date.toLocaleString(own),
    size: (bytes) => {
      let place = 0;
      while (bytes >= 1000 && place < UNITS.length - 1) { bytes /= 1000; place += 1; }
      return bytes.toLocaleString(own, { style: "unit", unit: UNITS[place], maximumFractionDigits: bytes < 10 && place ? 1 : 0 });
    },
  };

  document.documentElement.style.setProperty("--ps-drop-words", JSON.stringify(window.tr("Drop documents here or click to choose")));

  // After a reload the question box takes the focus as soon as it is there (Gradio 6.31), and the list after it.
  const CHOSEN = "pagesight-language-chosen";
  const chosen = (() => { try { return sessionStorage.getItem(CHOSEN); } catch { return null; } })();
  if (chosen) {
    sessionStorage.removeItem(CHOSEN);
    document.addEventListener("focusin", ({ target }) => {
      if (target.closest("#ps-box")) setTimeout(() => document.getElementById("ps-language")?.focus());
    }, { once: true });
  }

  // Chosen on the page: the server hears of it by a cookie, also in what it says itself.
  window.pagesightLanguageChoice = (id) => {
    const choice = document.createElement("select");
    choice.id = id;
    choice.className = "ps-language";
    choice.setAttribute("aria-label", window.tr("Language"));
    for (const [code, name] of Object.entries(languages)) {
      const option = document.createElement("option");
      Object.assign(option, { value: code, textContent: name, lang: code, selected: code === language });
      choice.append(option);
    }
    // Arrow keys go through the languages: the page waits until one is meant, by Enter or by leaving the list. It has the
    // focus again in the new page.
    const apply = () => {
      if (choice.value === language) return;
      document.cookie = `pagesight-language=${choice.value}; path=/; max-age=31536000; samesite=lax`;
      try { sessionStorage.setItem(CHOSEN, id); } catch { /* private mode: the focus begins anew */ }
      location.reload();
    };
    let key = ""; // that was pressed last, since the list was pointed at
    choice.onpointerdown = () => { key = ""; };
    choice.onkeydown = (event) => { key = event.key; if (key === "Enter") apply(); };
    choice.onchange = () => { if (!key || key === "Enter") apply(); };
    choice.onblur = apply;
    return choice;
  };
})();
