// The chip above the question box: the picture that the next question is about, until it is removed.
const root = element.querySelector(".ps-root");

function draw() {
  let chip = null;
  try { chip = JSON.parse(props.value); } catch { /* none */ }
  element.closest(".block, .html-container")?.classList.toggle("ps-empty-panel", !chip);
  if (!chip) { root.replaceChildren(); return; }
  const box = document.createElement("div");
  box.className = "ps-chip";
  if (chip.picture) {
    const picture = document.createElement("img");
    picture.alt = "";
    picture.src = chip.picture;
    box.append(picture);
  }
  const words = document.createElement(chip.number ? "a" : "span");
  words.className = "ps-name";
  words.textContent = `${chip.part ? "About this part of" : "About your picture:"} ${chip.where}`;
  if (chip.number) words.href = `#cite-${chip.turn}-${chip.number}`;
  const close = document.createElement("button");
  close.type = "button";
  close.textContent = "✕";
  close.title = "Ask about the whole library again";
  close.setAttribute("aria-label", "Remove the picture from what the next question is about");
  close.onclick = () => { close.disabled = true; trigger("remove_scope"); };
  box.append(words, close);
  root.replaceChildren(box);
}

// A rectangle was drawn on a page, in the reader or the gallery.
document.addEventListener("ps-point", (event) => trigger("point_at", event.detail));
watch("value", draw);
draw();
