// Gradio's sign-in form (6.31) empties both fields after a wrong password, and from then on sends them empty, whatever
// is typed. Here what stands in them is sent, and the name stays.
(() => {
  const send = window.fetch.bind(window);
  const signsIn = (address, options) => options?.body instanceof FormData && new URL(address, location).pathname.endsWith("/login");
  const field = (which) => document.querySelector(`.panel input${which}`);

  window.fetch = async (address, options) => {
    const [name, password] = [field(":not([type=password])"), field("[type=password]")];
    if (!name || !password || !signsIn(address, options)) return send(address, options);
    const typed = name.value;
    const empty = [name, password].find((one) => !one.value);
    if (empty) { empty.focus(); return new Response(null, { status: 422 }); }
    const form = new FormData();
    form.append("username", typed);
    form.append("password", password.value);
    const reply = await send(address, { ...options, body: form });
    if (!reply.ok) setTimeout(() => { name.value = typed; password.value = ""; password.focus(); }); // after the form has emptied them
    return reply;
  };
})();
