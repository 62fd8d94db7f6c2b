// The choice of the collection that is asked within, in the document list.
(() => {
  window.pagesightScope = ({ documents = [], collections = [], within = "" }, act, className) => {
    const select = document.createElement("select");
    select.className = `ps-where-to ${className}`;
    select.setAttribute("aria-label", tr("Ask within"));
    for (const one of [{ id: "", name: tr("All documents"), docs: documents }, ...collections]) {
      const option = document.createElement("option");
      option.value = one.id;
      option.textContent = `${one.name} (${one.docs.length})`;
      option.selected = one.id === within;
      select.append(option);
    }
    select.onchange = () => act(select.value);
    return select;
  };
})();
