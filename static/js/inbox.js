// The inbox by single keys. They act only while the focus is in the list, and can be turned off
// (WCAG 2.1.4); everything they do can be done with the page's own links, boxes and buttons.
const list = document.querySelector("[data-inbox]");
const help = document.querySelector("[data-inbox-keys]");
const toggle = document.querySelector("[data-inbox-keys-on]");
const KEPT = "inbox-keys";

function kept() {
  try {
    return localStorage.getItem(KEPT) !== "off";
  } catch {
    return true;
  }
}

function keep(on) {
  try {
    localStorage.setItem(KEPT, on ? "on" : "off");
  } catch {
    // A browser that keeps nothing has the keys on at the next page too.
  }
}

if (list && help && toggle) {
  const rows = [...list.querySelectorAll("tbody tr")];
  const form = list.closest("form");
  const boxIn = (row) => row.querySelector("input[type=checkbox]");
  let at = -1;

  const stand = (index) => {
    rows[at]?.classList.remove("is-current");
    at = Math.max(0, Math.min(index, rows.length - 1));
    rows[at].classList.add("is-current");
    boxIn(rows[at]).focus();
  };

  // What is ticked; when nothing is, the row where the keyboard stands.
  const send = (button) => {
    const ticked = rows.some((row) => boxIn(row).checked);
    if (!ticked && at >= 0) boxIn(rows[at]).checked = true;
    if (ticked || at >= 0) form.requestSubmit(button);
  };

  const acts = {
    j: () => stand(at + 1),
    arrowdown: () => stand(at + 1),
    k: () => stand(at - 1),
    arrowup: () => stand(at - 1),
    x: () => at >= 0 && boxIn(rows[at]).click(),
    o: () => at >= 0 && rows[at].querySelector("a").click(),
    b: () => send(form.querySelector("[data-inbox-decide]")),
    u: () => send(form.querySelector("[data-inbox-put-off]")),
  };

  list.addEventListener("focusin", (event) => {
    const index = rows.indexOf(event.target.closest("tbody tr"));
    if (index >= 0 && index !== at) {
      rows[at]?.classList.remove("is-current");
      at = index;
      rows[at].classList.add("is-current");
    }
  });
  list.addEventListener("keydown", (event) => {
    const act = acts[event.key.toLowerCase()];
    if (!act || !toggle.checked || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    act();
  });
  toggle.checked = kept();
  toggle.addEventListener("change", () => keep(toggle.checked));
  help.hidden = false;
}
