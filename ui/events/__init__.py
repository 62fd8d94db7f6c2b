"""Component values of a browser's event in; updates of components out, for those who may send it. Knows no address
and no layout."""
