// What the server says of itself: below the list of documents that it is getting ready, which folders it follows and
// what is wrong with them; above all that a sign-in has ended.
(() => {
  document.addEventListener("ps-signed-out", () => {
    if (document.getElementById("ps-signed-out")) return;
    const bar = document.createElement("div");
    bar.id = "ps-signed-out";
    bar.setAttribute("role", "alert");
    const again = document.createElement("button");
    again.type = "button";
    again.textContent = tr("Sign in again");
    again.onclick = () => location.reload();
    bar.append(tr("Your sign-in has ended; what you have typed is kept."), again);
    ([...document.querySelectorAll("dialog[open]")].pop() || document.body).append(bar);
  });
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
