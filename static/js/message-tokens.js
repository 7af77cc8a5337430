// Placeholders become buttons that put themselves where the cursor stands.
let field = document.querySelector("textarea[data-placeholders]");

document.addEventListener("focusin", (event) => {
  if (event.target.matches("textarea[data-placeholders], input[name=subject]")) field = event.target;
});

for (const code of document.querySelectorAll("[data-tokens] code")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "tokens__button";
  button.textContent = code.textContent;
  button.addEventListener("click", () => {
    if (!field) return;
    field.setRangeText(button.textContent, field.selectionStart, field.selectionEnd, "end");
    field.focus();
  });
  code.replaceWith(button);
}
