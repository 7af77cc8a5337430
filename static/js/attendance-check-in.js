// Whoever has read the code wants to be checked in: the button is pressed for them, once.
const form = document.querySelector("form[data-send-at-once]");

if (form && performance.getEntriesByType("navigation")[0]?.type === "navigate") {
  if (document.prerendering) {
    document.addEventListener("prerenderingchange", () => form.requestSubmit(), { once: true });
  } else {
    form.requestSubmit();
  }
}
