// Lets those who build a form choose an earlier question by its text, where a condition or
// a calculation wants its key. The key's own input stays, and without this script it is
// written there by hand. The server decides at publishing what may be asked.
(() => {
  "use strict";
  const QUESTION = /^(.+-fields-\d+-value)-key$/;
  const KEY_LENGTH = 60;
  const NO_ROWS = new Set(["sum", "difference", "product", "days_between"]);

  const named = (name) => document.getElementsByName(name)[0];
  const read = (name) => (named(name)?.value ?? "").trim();

  // The same as forms_app.schema.key_from, which fills in a key that is left empty.
  const keyFrom = (label) => {
    const plain = label.normalize("NFKD").replace(/[^\x00-\x7f]/g, "").toLowerCase();
    const words = plain.replace(/[^\w\s-]/g, "").trim().replace(/[-\s]+/g, "-");
    const slug = words.replace(/^[-_]+|[-_]+$/g, "").replaceAll("-", "_");
    return slug.slice(0, KEY_LENGTH).replace(/^_+|_+$/g, "") || "field";
  };

  // The same as core.keys.unique: two questions with one text are told apart.
  const free = (wanted, taken) => {
    let key = wanted.slice(0, KEY_LENGTH);
    for (let number = 2; taken.has(key); number += 1) {
      key = `${wanted.slice(0, KEY_LENGTH - `_${number}`.length)}_${number}`;
    }
    return key;
  };

  // A block that has been taken away stays in the page until it is saved.
  const isGone = (prefix) => {
    for (const part of prefix.matchAll(/-\d+(?=-value)/g)) {
      if (read(`${prefix.slice(0, part.index + part[0].length)}-deleted`)) return true;
    }
    return false;
  };

  // Every question in the order it is asked, with those of a group's rows inside it.
  const questions = () => {
    const found = [];
    const inputs = [...document.querySelectorAll("input[name$='-value-key']")];
    const taken = new Set(inputs.map((input) => input.value.trim()).filter(Boolean));
    for (const input of inputs) {
      const prefix = QUESTION.exec(input.name)?.[1];
      if (!prefix || isGone(prefix)) continue;
      const label = read(`${prefix}-label`);
      if (!label && !input.value.trim()) continue;
      const step = prefix.replace(/-fields-.*$/, "");
      const group = /^(.+-fields-\d+-value)-fields-\d+-value$/.exec(prefix)?.[1] ?? "";
      const key = input.value.trim() || free(keyFrom(label), taken);
      taken.add(key);
      const kind = read(`${prefix.replace(/-value$/, "")}-type`);
      found.push({ input, prefix, group, key, kind, label: label || key, step });
    }
    return found;
  };

  const isBefore = (one, other) =>
    Boolean(one.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING);

  // What the input may name: what is asked before its own question.
  const allowed = (input, all) => {
    const owners = all.filter((one) => input.name.startsWith(`${one.prefix}-`));
    const own = owners.at(-1);
    const place = own ? own.input : input;
    const part = input.dataset.questionKey;
    return all.filter((one) => {
      if (owners.includes(one) || !isBefore(one.input, place)) return false;
      if (part === "condition") return !one.group || owners.some((each) => each.prefix === one.group);
      return fitsCalculation(one, input, part, all);
    });
  };

  const fitsCalculation = (one, input, part, all) => {
    const calculation = input.name.replace(/-(first|second)$/, "");
    const operation = read(`${calculation}-operation`);
    if (NO_ROWS.has(operation)) {
      const kinds = operation === "days_between" ? ["date"] : ["number", "calculated"];
      return !one.group && kinds.includes(one.kind);
    }
    if (part === "first") return !operation || one.kind === "group";
    const group = all.find((each) => each.kind === "group" && each.key === read(`${calculation}-first`));
    return Boolean(group) && one.group === group.prefix;
  };

  const option = (value, text, chosen) => new Option(text, value, false, chosen);

  const choicesOf = (question) => {
    const found = [];
    for (const input of document.querySelectorAll(`input[name^='${question.prefix}-choices-'][name$='-value-key']`)) {
      const prefix = input.name.replace(/-key$/, "");
      const label = read(`${prefix}-label`);
      if (!isGone(prefix) && label) found.push([input.value.trim() || keyFrom(label), label]);
    }
    return found;
  };

  const fill = (select, input, all) => {
    const offered = allowed(input, all);
    const now = input.value.trim();
    const meant = offered.find((one) => one.key === now);
    const wanted = [];
    if (!meant) {
      const other = all.find((one) => one.key === now);
      const words = input.dataset;
      const text = !now ? words.choose : (other ? words.notHere : words.unknown);
      wanted.push(["", text.replace("{key}", now).replace("{label}", other?.label ?? ""), ""]);
    }
    for (const one of offered) {
      wanted.push([one.key, one.label, read(`${one.step}-title`) || input.dataset.untitled]);
    }
    // Drawn only when something is different, or an open list would close.
    const drawn = JSON.stringify([wanted, now]);
    if (select.dataset.drawn === drawn) return meant;
    select.dataset.drawn = drawn;
    select.replaceChildren();
    let group = null;
    for (const [key, label, title] of wanted) {
      if (title && group?.label !== title) {
        group = document.createElement("optgroup");
        group.label = title;
        select.append(group);
      }
      (title ? group : select).append(option(key, label, meant ? key === now : key === ""));
    }
    return meant;
  };

  // The answers that a comparison can be made with, where they are known.
  const suggest = (input, question) => {
    const value = named(input.name.replace(/-field$/, "-value"));
    if (!value || value === input) return;
    let pairs = [];
    if (["choice", "choices"].includes(question?.kind)) pairs = choicesOf(question);
    if (question?.kind === "yes_no") pairs = [["yes", input.dataset.yes], ["no", input.dataset.no]];
    const id = `${value.id}-alternatives`;
    let list = document.getElementById(id);
    if (!list) {
      if (!pairs.length) return;
      list = document.createElement("datalist");
      list.id = id;
      value.after(list);
      value.setAttribute("list", id);
    }
    const drawn = JSON.stringify(pairs);
    if (list.dataset.drawn === drawn) return;
    list.dataset.drawn = drawn;
    list.replaceChildren(...pairs.map(([key, label]) => new Option(label, key)));
  };

  const tell = (input, value) => {
    input.value = value;
    for (const kind of ["input", "change"]) input.dispatchEvent(new Event(kind, { bubbles: true }));
  };

  const choose = (select, input) => {
    if (!select.value) return;
    // A question that has not been saved has no key yet: it gets the one we point at, so
    // that the two stay together when its text is changed.
    const chosen = allowed(input, questions()).find((one) => one.key === select.value);
    if (chosen && !chosen.input.value.trim()) tell(chosen.input, chosen.key);
    tell(input, select.value);
  };

  const selectOf = (input) => {
    const there = input.previousElementSibling;
    if (there?.dataset.questionPicker !== undefined) return there;
    const select = document.createElement("select");
    select.dataset.questionPicker = "";
    select.className = "w-mb-2";
    select.setAttribute("aria-label", input.dataset.choose);
    select.addEventListener("change", (event) => {
      event.stopPropagation();
      choose(select, input);
    });
    input.before(select);
    return select;
  };

  const refresh = () => {
    const inputs = document.querySelectorAll("input[data-question-key]");
    if (!inputs.length) return;
    const all = questions();
    for (const input of inputs) {
      const meant = fill(selectOf(input), input, all);
      if (input.dataset.questionKey === "condition") suggest(input, meant);
    }
  };

  let waiting = 0;
  const soon = () => {
    clearTimeout(waiting);
    waiting = setTimeout(refresh, 150);
  };

  document.addEventListener("DOMContentLoaded", () => {
    refresh();
    const page = document.getElementById("main") ?? document.body;
    page.addEventListener("input", soon);
    page.addEventListener("change", soon);
    // Blocks that are taken away are only marked; others are added and moved.
    page.addEventListener("click", soon);
    new MutationObserver(soon).observe(page, { childList: true, subtree: true });
  });
})();
