// What the server says of itself, below the list of documents: that it is getting ready, which folders it follows and
// what is wrong with them.
(() => {
  document.addEventListener("ps-ready", (event) => {
    const line = document.getElementById("ps-ready");
    if (line && line.textContent !== event.detail.words) {
      line.textContent = event.detail.words;
      line.hidden = !event.detail.words;
    }
    watched(event.detail.watched || {});
  });

  function watched({ line = "", problems = [] }) {
    const place = document.getElementById("ps-watched");
    if (!place) return;
    const count = problems.length ? ` · ${tr("{count} problems", { count: problems.length })}` : "";
    const shown = JSON.stringify([line, problems]);
    if (place.dataset.shown === shown) return;
    place.dataset.shown = shown;
    place.hidden = !line;
    place.classList.toggle("ps-well", !problems.length);
    place.querySelector("summary").textContent = line + count;
    place.querySelector("ul").replaceChildren(...problems.map((problem) => {
      const item = document.createElement("li");
      item.textContent = problem;
      return item;
    }));
  }
})();
