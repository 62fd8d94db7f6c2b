// Gradio's sign-in form (6.31) empties both fields when it hears that the password was wrong: the name stays, and so does
// what was typed meanwhile. A field that was left empty is refused without a word: it is gone to.
(() => {
  const send = window.fetch.bind(window);
  const signsIn = (address, options) => options?.body instanceof FormData && new URL(address, location).pathname.endsWith("/login");
  const field = (which) => document.querySelector(`.panel input${which}`);

  function put(node, value) {
    node.value = value;
    node.dispatchEvent(new Event("input", { bubbles: true })); // so that the form knows of it
  }

  window.fetch = async (address, options) => {
    const reply = await send(address, options);
    const [name, password] = [field(":not([type=password])"), field("[type=password]")];
    if (reply.ok || !name || !password || !signsIn(address, options)) return reply;
    const [named, typed] = [name.value, password.value];
    setTimeout(() => { // after the form has heard
      put(name, named);
      put(password, typed === options.body.get("password") ? "" : typed);
      (named ? password : name).focus();
    });
    return reply;
  };
})();
