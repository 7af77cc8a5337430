// While someone types: hides what conditions hide, marks what must be answered and shows
// calculated values, all with the server's own rules. Without the script every question is
// shown, and the server decides when the page is sent.
import { look } from "./conditions.js";

const form = document.querySelector("form[data-questions]");
const page = JSON.parse(document.getElementById("questions-data").textContent);

function valuesOf(name) {
  const found = form.elements.namedItem(name);
  const controls = found === null ? [] : "length" in found && !found.tagName ? [...found] : [found];
  return controls
    .filter((one) => !["radio", "checkbox"].includes(one.type) || one.checked)
    .map((one) => (one.type === "file" && one.files.length ? "file" : one.value))
    .filter((one) => one !== "");
}

function typedIn(fields, prefix = "") {
  const typed = {};
  for (const field of fields) {
    const name = prefix ? `${prefix}.${field.key}` : field.key;
    if (field.kind === "choices") typed[field.key] = valuesOf(name);
    else if (field.kind === "group") typed[field.key] = rowsOf(field, name);
    else if (field.kind !== "calculated") typed[field.key] = valuesOf(name)[0] ?? "";
  }
  return typed;
}

function rowsOf(field, name) {
  const count = Number(form.elements.namedItem(`${name}.rows`)?.value ?? 0);
  return Array.from({ length: count }, (_none, at) => typedIn(field.columns, `${name}.${at}`));
}

function placeOf(name) {
  const found = form.elements.namedItem(name) ?? document.getElementById(name);
  const control = found && !found.tagName && "length" in found ? found[0] : found;
  return control?.closest(".govuk-form-group.field") ?? null;
}

function inWords(value) {
  if (value === null) return page.words.missing;
  const [whole, rest] = String(value).replace("-", "").split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, page.words.thousand);
  const sign = String(value).startsWith("-") ? "-" : "";
  return sign + grouped + (rest ? page.words.decimal + rest : "");
}

function mark(place, demanded) {
  let note = place.querySelector(":scope > * > .field__demanded, :scope > .govuk-label > .field__demanded");
  if (!note) {
    note = document.createElement("span");
    note.className = "field__optional field__demanded";
    place.querySelector("legend, label")?.append(" ", note);
  }
  note.textContent = demanded ? `(${page.words.demanded})` : `(${page.words.optional})`;
}

function update() {
  const found = look(page.fields, typedIn(page.fields), page.known);
  const names = (fields, prefix = "") =>
    fields.flatMap((field) => {
      const name = prefix ? `${prefix}.${field.key}` : field.key;
      const count = field.kind === "group" ? rowsOf(field, name).length : 0;
      const inside = Array.from({ length: count }, (_none, at) => names(field.columns, `${name}.${at}`));
      return [[name, field], ...inside.flat()];
    });
  for (const [name, field] of names(page.fields)) {
    const place = placeOf(name);
    if (!place) continue;
    place.hidden = found.hidden.includes(name);
    if (field.require_if && !field.required) mark(place, found.demanded.includes(name));
    if (name in found.computed) {
      const shown = place.querySelector("output");
      const words = inWords(found.computed[name]);
      if (shown.textContent !== words) shown.textContent = words;
    }
  }
}

form.addEventListener("input", update);
form.addEventListener("change", update);
update();
