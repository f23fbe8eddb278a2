// What a page cannot do as plain HTML. Everything works without this file; with it, some things are quicker or warn in time.
(() => {
  const body = document.body;
  document.documentElement.classList.add("scripted");
  const live = document.getElementById("live");
  const say = (text) => { if (live) { live.textContent = ""; setTimeout(() => { live.textContent = text; }, 50); } };

  // Errors first: whoever sent a form that was not in order begins at what is wrong.
  const summary = document.getElementById("summary");
  if (summary) { document.title = "Error: " + document.title; summary.focus(); }

  // On a telephone the menu begins closed.
  if (matchMedia("(max-width: 639px)").matches) document.querySelector(".side-menu")?.removeAttribute("open");

  // One menu at a time; Escape closes it and gives the focus back.
  document.addEventListener("click", (e) => {
    for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(e.target)) menu.open = false;
  });
  document.addEventListener("keydown", (e) => {
    const menu = e.key === "Escape" && e.target.closest?.("details.menu[open]");
    if (menu) { menu.open = false; menu.querySelector("summary").focus(); }
  });

  // The session: warn two minutes before it ends, and go to the sign-in page when it has.
  const seconds = Number(body.dataset.seconds || 0);
  if (seconds > 0) {
    const dialog = document.getElementById("session-ends");
    let ends = Date.now() + seconds * 1000;
    const used = () => { ends = Date.now() + seconds * 1000; };
    const form = () => document.querySelector('#session-ends input[name="form_token"]').value;
    dialog.querySelector("[data-stay]").addEventListener("click", async () => {
      const answer = await fetch("/me/stay", { method: "POST", headers: { "form-token": form(), "hx-request": "true" } });
      if (answer.ok) { used(); dialog.close(); say("You stay signed in."); } else location.assign("/sign-in?ended=1");
    });
    setInterval(() => {
      const left = ends - Date.now();
      if (left <= 0) location.assign("/sign-in?ended=1");
      else if (left < 120000 && !dialog.open) dialog.showModal();
    }, 5000);
    body.addEventListener("htmx:afterRequest", (e) => { if (e.detail.xhr?.getResponseHeader("session-used")) used(); });
  }

  // Parts of the page that are being fetched say so; no answer is said, too.
  body.addEventListener("htmx:beforeRequest", (e) => e.detail.target?.setAttribute("aria-busy", "true"));
  body.addEventListener("htmx:afterRequest", (e) => e.detail.target?.removeAttribute("aria-busy"));
  for (const failed of ["htmx:sendError", "htmx:responseError", "htmx:timeout"])
    body.addEventListener(failed, () => say("Not saved: no answer from the server. Try again."));

  // A second press of a button that was pressed does nothing.
  document.addEventListener("submit", (e) => {
    if (e.target.dataset.sent) { e.preventDefault(); return; }
    if (!e.target.hasAttribute("hx-post")) e.target.dataset.sent = "1";
  });
  addEventListener("pageshow", () => { for (const form of document.forms) delete form.dataset.sent; });

  // Files that are too large together are not sent at all.
  document.addEventListener("change", (e) => {
    const most = Number(e.target.dataset?.mostBytes || 0);
    if (!most) return;
    const bytes = [...e.target.files].reduce((sum, file) => sum + file.size, 0);
    e.target.setCustomValidity(bytes > most ? e.target.dataset.tooLarge : "");
    e.target.reportValidity();
  });

  // Copying what is shown once.
  document.addEventListener("click", async (e) => {
    const button = e.target.closest("[data-copy]");
    if (!button) return;
    await navigator.clipboard?.writeText(document.getElementById(button.dataset.copy).textContent.trim());
    say("Copied.");
  });
})();
