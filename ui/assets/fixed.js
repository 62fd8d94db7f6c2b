// Words in HTML of ours that never changes, where data-say names them.
const SAID = { tagline: tr("Answers that show their evidence"), settings: tr("Settings") };
element.querySelectorAll("[data-say]").forEach((node) => { node.textContent = SAID[node.dataset.say] || ""; });
element.querySelectorAll("[data-language]").forEach((node) => node.replaceWith(window.pagesightLanguageChoice("ps-language")));
