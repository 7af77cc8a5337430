// The conditions, the calculations and the reading of answers, as the server does them:
// core/conditions.py, forms_app/calculations.py and forms_app/forms.py. Pure: no page, no network.
// A test runs both over random forms and answers and accepts no difference.

// What Python strips and splits at; JavaScript's own \s is not the same.
const SPACE = "[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]";
const ENDS = new RegExp(`^${SPACE}+|${SPACE}+$`, "g");
const SPACES = new RegExp(`${SPACE}+`, "g");
const NUMBER = /^([+-]?)(?:(\d+)(?:\.(\d*))?|\.(\d+))(?:[eE]([+-]?\d{1,3}))?$/;
const GROUPED = /^[+-]?\d{1,3}([ \u00a0\u202f]\d{3})+([.,]\d+)?$/;
const PLAIN_NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)$/;
const DAY = /^(\d{4})-(\d{2})-(\d{2})$/;
const TYPED_DAY = /^(?:(\d{4})([-/])(\d{1,2})\2(\d{1,2})|(\d{4})(\d\d)(\d\d))$/;
const EMAIL = /^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$/;
const NO_TEXT = "\x00";
const TRUE_WORDS = ["yes", "true", "ja"];
const FALSE_WORDS = ["no", "false", "nej"];
const YES_NO = { ja: "yes", true: "yes", 1: "yes", nej: "no", false: "no", 0: "no" };
const MAX_DIGITS = 15;
const LARGEST_WHOLE = 10n ** 15n;
const UNREADABLE = Symbol("unreadable");

const strip = (text) => text.replace(ENDS, "");
const several = (value) => (Array.isArray(value) ? value : [value]);
const isObject = (value) => typeof value === "object" && value !== null;
const has = (object, key) => Object.prototype.hasOwnProperty.call(object, key);
const get = (data, key) => (has(data, key) ? data[key] : null);

// Text without regard to case, letter by letter as Unicode folds it.
export function fold(text) {
  let folded = "";
  for (const letter of text) {
    if (letter === "ı") folded += letter;
    else if (/\p{Script=Cherokee}/u.test(letter)) folded += letter.toUpperCase();
    else {
      const lower = letter.toLowerCase().toUpperCase();
      for (const one of lower) folded += one.toLowerCase();
    }
  }
  return folded;
}

// Exact decimal numbers: digits and how many of them are decimals.
export function numberIn(value) {
  if (typeof value !== "number" && typeof value !== "string") return null;
  let text = typeof value === "string" ? strip(value) : String(value);
  if (typeof value === "string" && GROUPED.test(text)) text = text.replace(SPACES, "");
  const found = NUMBER.exec(text.replaceAll(",", "."));
  if (!found) return null;
  const decimals = found[3] ?? found[4] ?? "";
  const digits = BigInt((found[2] ?? "") + decimals);
  return made(found[1] === "-" ? -digits : digits, decimals.length - Number(found[5] ?? 0));
}

function made(digits, scale) {
  return scale < 0 ? { digits: digits * 10n ** BigInt(-scale), scale: 0 } : { digits, scale };
}

function alike(left, right) {
  const scale = Math.max(left.scale, right.scale);
  const at = (one) => one.digits * 10n ** BigInt(scale - one.scale);
  return [at(left), at(right), scale];
}

function order(left, right) {
  const [a, b] = alike(left, right);
  return a < b ? -1 : a > b ? 1 : 0;
}

function written(number) {
  const negative = number.digits < 0n;
  const digits = String(negative ? -number.digits : number.digits).padStart(number.scale + 1, "0");
  const whole = digits.slice(0, digits.length - number.scale);
  const rest = digits.slice(digits.length - number.scale);
  return (negative ? "-" : "") + whole + (rest ? `.${rest}` : "");
}

function dayFrom(year, month, day) {
  const date = new Date(Date.UTC(2000, month - 1, day));
  date.setUTCFullYear(year, month - 1, day);
  const same = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return same && year >= 1 ? Math.round(date.getTime() / 86400000) : null;
}

function dayIn(value) {
  const found = typeof value === "string" ? DAY.exec(strip(value)) : null;
  return found && dayFrom(...found.slice(1).map(Number));
}

function textOf(value) {
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (value === null || value === undefined) return "none";
  if (isObject(value)) return NO_TEXT;
  if (typeof value === "number") {
    const text = written(numberIn(value));
    return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
  }
  return fold(strip(value));
}

function isEmpty(value) {
  if (typeof value === "string") return strip(value) === "";
  if (value === null || value === undefined) return true;
  return isObject(value) && Object.keys(value).length === 0;
}

function truth(value) {
  if (typeof value === "boolean") return value;
  const text = textOf(value);
  return TRUE_WORDS.includes(text) ? true : FALSE_WORDS.includes(text) ? false : null;
}

function same(answer, value) {
  if (Array.isArray(answer)) {
    const [left, right] = [answer, several(value)].map((each) => each.map(textOf).sort());
    return left.length === right.length && left.every((one, at) => one === right[at]);
  }
  if (typeof answer === "boolean" || typeof value === "boolean") {
    return truth(answer) !== null && truth(answer) === truth(value);
  }
  if (isEmpty(answer) || isEmpty(value)) return isEmpty(answer) && isEmpty(value);
  const [left, right] = [numberIn(answer), numberIn(value)];
  if (left && right) return order(left, right) === 0;
  return textOf(answer) === textOf(value);
}

function contains(answer, value) {
  if (isEmpty(value)) return false;
  if (Array.isArray(answer)) return answer.some((one) => same(one, value));
  return typeof answer === "string" && textOf(answer).includes(textOf(value));
}

function inOrder(operator, answer, value) {
  const [left, right] = [numberIn(answer), numberIn(value)];
  const [first, second] = [dayIn(answer), dayIn(value)];
  let way;
  if (left && right) way = order(left, right);
  else if (first !== null && second !== null) way = Math.sign(first - second);
  else return false;
  switch (operator) {
    case "greater_than": return way > 0;
    case "at_least": return way >= 0;
    case "less_than": return way < 0;
    case "at_most": return way <= 0;
    default: return false;
  }
}

function meets(rule, answer) {
  switch (rule.operator) {
    case "is_filled": return !isEmpty(answer);
    case "is_empty": return isEmpty(answer);
    case "equals": return same(answer, rule.value ?? null);
    case "not_equals": return !same(answer, rule.value ?? null);
    case "is_one_of": return several(rule.value ?? null).some((one) => same(answer, one));
    case "contains": return contains(answer, rule.value ?? null);
    default: return inOrder(rule.operator, answer, rule.value ?? null);
  }
}

// Whether the answers meet the condition; no condition is always met.
export function evaluate(condition, data) {
  if (!condition) return true;
  if (condition.all) return condition.all.every((part) => evaluate(part, data));
  if (condition.any) return condition.any.some((part) => evaluate(part, data));
  return meets(condition, get(data, condition.field));
}

// The calculated value as the server stores it, or null when an answer is missing.
export function compute(calculation, data, decimals) {
  const value = worked(calculation, data);
  return value && stored(value, decimals);
}

function worked({ operation, first, second }, data) {
  const [one, other] = [get(data, first), second ? get(data, second) : null];
  if (operation === "sum_rows") {
    if (!Array.isArray(one)) return null;
    const found = one.map((row) => numberIn(get(row, second))).filter(Boolean);
    return found.reduce((sum, each) => plus(sum, each), { digits: 0n, scale: 0 });
  }
  if (operation === "count_rows") {
    return Array.isArray(one) ? { digits: BigInt(one.length), scale: 0 } : null;
  }
  if (operation === "days_between") {
    const [start, end] = [dayIn(one), dayIn(other)];
    return start === null || end === null ? null : { digits: BigInt(end - start), scale: 0 };
  }
  const [left, right] = [numberIn(one), numberIn(other)];
  if (!left || !right) return null;
  switch (operation) {
    case "sum": return plus(left, right);
    case "difference": return plus(left, { digits: -right.digits, scale: right.scale });
    case "product": return { digits: left.digits * right.digits, scale: left.scale + right.scale };
    default: return null;
  }
}

function plus(left, right) {
  const [a, b, scale] = alike(left, right);
  return { digits: a + b, scale };
}

function rounded(number, decimals) {
  if (number.scale <= decimals) {
    return { digits: number.digits * 10n ** BigInt(decimals - number.scale), scale: decimals };
  }
  const unit = 10n ** BigInt(number.scale - decimals);
  const size = number.digits < 0n ? -number.digits : number.digits;
  const whole = size / unit + (2n * (size % unit) >= unit ? 1n : 0n);
  return { digits: number.digits < 0n ? -whole : whole, scale: decimals };
}

function stored(value, decimals) {
  const number = rounded(value, decimals);
  const unit = 10n ** BigInt(decimals);
  if (number.digits % unit !== 0n) return written(number);
  const whole = number.digits / unit;
  return whole < LARGEST_WHOLE && whole > -LARGEST_WHOLE ? Number(whole) : String(whole);
}

// One answer as the server would store it.
function read(field, raw) {
  if (field.kind === "choices") {
    const chosen = several(raw ?? []);
    return chosen.every((one) => field.choices.includes(one)) ? chosen : UNREADABLE;
  }
  const text = strip(String(raw ?? "").replace(/\r\n|\r|\n/g, "\r\n"));
  switch (field.kind) {
    case "number": return readNumber(field, text);
    case "date": return readDay(field, text);
    case "yes_no": {
      const word = fold(text);
      const answer = has(YES_NO, word) ? YES_NO[word] : word;
      return { yes: true, no: false, "": null }[answer] ?? (answer === "" ? null : UNREADABLE);
    }
    case "choice": return text === "" || field.choices.includes(text) ? text : UNREADABLE;
    case "email": return text === "" || EMAIL.test(text) ? text : UNREADABLE;
    case "text":
    case "long_text":
      return [...text].length <= field.max_length ? text : UNREADABLE;
    default: return text;
  }
}

function readNumber(field, typed) {
  const text = typed.replace(SPACES, "").replaceAll(",", ".");
  if (text === "") return null;
  if (!PLAIN_NUMBER.test(text)) return UNREADABLE;
  const number = numberIn(text);
  const size = number.digits < 0n ? -number.digits : number.digits;
  const digits = Math.max(String(size).length, number.scale);
  if (digits > MAX_DIGITS || number.scale > field.decimals) return UNREADABLE;
  if (digits - number.scale > MAX_DIGITS - field.decimals) return UNREADABLE;
  if (field.minimum && order(number, numberIn(field.minimum)) < 0) return UNREADABLE;
  if (field.maximum && order(number, numberIn(field.maximum)) > 0) return UNREADABLE;
  if (size % 10n ** BigInt(number.scale) === 0n) return Number(written(made(number.digits, number.scale)));
  return written(number);
}

function readDay(field, text) {
  if (text === "") return null;
  const found = TYPED_DAY.exec(text);
  if (!found) return UNREADABLE;
  const [year, month, day] = [found[1] ?? found[5], found[3] ?? found[6], found[4] ?? found[7]];
  if (dayFrom(Number(year), Number(month), Number(day)) === null) return UNREADABLE;
  const iso = `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
  if (field.minimum && iso < field.minimum) return UNREADABLE;
  return field.maximum && iso > field.maximum ? UNREADABLE : iso;
}

function isBlank(row) {
  return Object.values(row).every((one) => (Array.isArray(one) ? !one.length : strip(String(one ?? "")) === ""));
}

// What the page's answers lead to: the answers themselves, and by name which questions are
// hidden, which must be answered, and what the calculated ones say.
export function look(fields, typed, known, prefix = "") {
  const found = { answers: {}, hidden: [], demanded: [], computed: {} };
  for (const field of fields) {
    const seen = { ...known, ...found.answers };
    const name = prefix ? `${prefix}.${field.key}` : field.key;
    if (!evaluate(field.show_if, seen)) {
      found.hidden.push(name);
    } else if (field.kind === "calculated") {
      found.answers[field.key] = compute(field.calculation, seen, field.decimals);
      found.computed[name] = found.answers[field.key];
    } else {
      const demanded = field.required || Boolean(field.require_if && evaluate(field.require_if, seen));
      if (demanded) found.demanded.push(name);
      if (field.kind === "group") lookAtRows(field, get(typed, field.key) ?? [], seen, name, found);
      else {
        const answer = read(field, get(typed, field.key));
        if (answer !== UNREADABLE && !(demanded && isEmpty(answer))) found.answers[field.key] = answer;
      }
    }
  }
  return found;
}

function lookAtRows(field, rows, seen, name, found) {
  const kept = [];
  rows.forEach((row, at) => {
    const inside = look(field.columns, row, seen, `${name}.${at}`);
    found.hidden.push(...inside.hidden);
    Object.assign(found.computed, inside.computed);
    if (isBlank(row)) return;
    kept.push(inside.answers);
    found.demanded.push(...inside.demanded);
  });
  found.answers[field.key] = kept;
}
