// What the server says of itself, below the list of documents: that it is getting ready, and why it searches as it does.
document.addEventListener("ps-ready", (event) => {
  const line = document.getElementById("ps-ready");
  if (line && line.textContent !== event.detail.words) {
    line.textContent = event.detail.words;
    line.hidden = !event.detail.words;
  }
  const encoder = document.getElementById("ps-encoder");
  if (encoder && encoder.title !== event.detail.encoder) encoder.title = event.detail.encoder;
});
