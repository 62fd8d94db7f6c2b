// An element with its class and text, for the scripts of all panels: words of documents and people are only ever text.
window.pagesightMake = (tag, className, text) => {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  return node;
};
