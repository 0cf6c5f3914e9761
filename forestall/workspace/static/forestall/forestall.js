// What the pages gain from a script: keys, writing that is kept, sorting in place, a map that lights its table. Every page works without it.
// Plain module, no dependency, no inline handler. Markup asks for behaviour with data-* attributes only:
//   data-key="f"          this link, button, field or choice is reached with the key f
//   data-firm             its key only brings one there: Enter does it, so that no stray key signs
//   table[data-complete]  all rows are on this page, so a click on a head may sort them here
//   td[data-value]        what a cell sorts by, when it is not its text
//   [data-row]            j and k walk these, else the rows of the tables
//   [data-id]             things with the same id light together: a shape of the map and its row
//   input[name=draft]     what is typed into its form is kept for its writer alone until it is sent
//   [data-words-…]        on <html>: words in the reader's language for what this file writes

const KEYS_OFF = "forestall.keys.off";
const root = document.documentElement;

// ---------------------------------------------------------------- keys

const typing = (target) => target.closest?.("input:not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable]");
const hidden = (element) => element.closest("[hidden], dialog:not([open])") !== null || element.getClientRects().length === 0;
const keysOff = () => {
  try { return localStorage.getItem(KEYS_OFF) === "yes"; } catch { return false; }
};

function wanted(event) {
  const key = event.key.toLowerCase(); // never told apart by case: the lock key must not file what was to be graded
  const scope = document.querySelector("dialog[open]") ?? document;
  const found = [...scope.querySelectorAll("[data-key]")].filter((element) =>
    element.dataset.key.toLowerCase() === key && !hidden(element) && !element.disabled && element.ariaDisabled !== "true");
  return found.find((element) => !element.closest(".top, .nav")) ?? found[0]; // the page's own before what surrounds it
}

// What a key unfolds is written into at once: the letters of a reason must not act as keys.
function into(details) {
  if (details.open) details.querySelector("input:not([type=hidden], [type=checkbox], [type=radio]), select, textarea")?.focus();
}

function press(element) {
  if (element.matches("input[type=radio], input[type=checkbox]")) {
    element.click();
    element.focus();
  } else if (element.matches("input, textarea, select, [data-firm]")) {
    element.focus();
  } else if (element.matches("summary")) {
    element.click();
    into(element.closest("details"));
  } else if (element.matches("a[href], button")) {
    element.click();
  } else {
    element.querySelector("a[href], button, summary")?.click();
  }
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.key === "Escape" && typing(event.target)) return event.target.blur();
  if (typing(event.target)) return;
  if (event.key === "?") return openKeys(event);
  if (keysOff()) return;
  const element = wanted(event);
  if (!element) return walk(event);
  event.preventDefault();
  press(element);
});

// Whoever writes sends without leaving the text: the form's main button, or its first.
document.addEventListener("keydown", (event) => {
  const writing = event.target.matches?.("textarea") && event.key === "Enter" && (event.ctrlKey || event.metaKey);
  const form = event.target.form;
  const button = writing && form && (form.querySelector("button.go[type=submit]") ?? form.querySelector("button[type=submit]"));
  if (!button || event.isComposing) return;
  event.preventDefault();
  form.requestSubmit(button);
});

// ---------------------------------------------------------------- all keys, or turn them off

const word = (name, otherwise) => root.dataset[`words${name}`] ?? otherwise;

function made(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

function named(element) {
  const label = element.getAttribute("aria-label") ?? element.labels?.[0]?.textContent ?? element.textContent;
  const last = new RegExp(`\\s${element.dataset.key.replace(/[^\w]/g, "\\$&")}$`, "i");
  return label.trim().replace(/\s+/g, " ").replace(last, "");
}

function keysDialog() {
  const list = made("dl", { className: "pairs" });
  for (const element of document.querySelectorAll("[data-key]")) {
    if (hidden(element)) continue;
    list.append(made("dt", {}, made("kbd", {}, element.dataset.key)), made("dd", {}, named(element)));
  }
  if (rows().length) {
    list.append(made("dt", {}, made("kbd", {}, "j"), " ", made("kbd", {}, "k")), made("dd", {}, word("Walk", "next, previous")));
  }
  if (document.querySelector("form textarea")) {
    list.append(made("dt", {}, made("kbd", {}, "Ctrl"), " ", made("kbd", {}, "Enter")), made("dd", {}, word("Send", "Send what is written")));
  }
  const box = made("input", { type: "checkbox", id: "keys-on", checked: !keysOff() });
  box.addEventListener("change", () => {
    try { localStorage.setItem(KEYS_OFF, box.checked ? "no" : "yes"); } catch { /* the choice lasts for this page */ }
    root.classList.toggle("no-keys", !box.checked);
  });
  const label = made("label", { className: "choice", htmlFor: "keys-on" }, box, word("KeysOn", "Single keys act"));
  const close = made("button", { className: "btn", type: "button" }, word("Close", "Close"));
  const dialog = made("dialog", {}, made("h2", { id: "keys-title" }, word("Keys", "Keys")), list, label, close);
  dialog.setAttribute("aria-labelledby", "keys-title");
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  return dialog;
}

function openKeys(event) {
  if (document.querySelector("dialog[open]")) return;
  event.preventDefault();
  const dialog = keysDialog();
  document.body.append(dialog);
  dialog.showModal();
}

root.classList.toggle("no-keys", keysOff());
document.addEventListener("click", (event) => {
  if (event.target.closest?.("[data-open-keys]")) openKeys(event);
});

// ---------------------------------------------------------------- j and k walk what a page lists

function rows() {
  const marked = [...document.querySelectorAll("main [data-row]")];
  const found = marked.length ? marked : [...document.querySelectorAll("main table.t tbody th a[href]")];
  return found.filter((row) => !hidden(row));
}

// From where one is; on a page that was just sent, from what the address points at.
function walk(event) {
  const step = { j: 1, k: -1 }[event.key.toLowerCase()];
  if (!step || document.querySelector("dialog[open]")) return;
  const links = rows();
  const here = document.activeElement === document.body ? document.querySelector(":target") : document.activeElement;
  const at = links.findIndex((link) => link.closest("tr, details")?.contains(here) || here?.contains(link));
  const next = links[at < 0 ? (step > 0 ? 0 : -1) : at + step];
  if (!next) return;
  event.preventDefault();
  next.focus();
}

// ---------------------------------------------------------------- what is being typed is kept for its writer alone

const REST = 1200; // milliseconds without a key
const unkept = new Map(); // form → its timer
const onTheWay = new Map(); // form → what calls its request back

function textOf(form) {
  const told = new FormData(form);
  for (const [name, value] of [...told]) if (value instanceof File) told.delete(name);
  return told;
}

async function keep(form, leaving = false) {
  clearTimeout(unkept.get(form));
  unkept.delete(form);
  const recall = new AbortController();
  onTheWay.set(form, recall);
  const asked = { method: "POST", body: textOf(form), keepalive: leaving, signal: recall.signal };
  const answer = await fetch(root.dataset.drafts, asked).catch(() => null);
  if (!answer?.ok || leaving || form.dataset.sent) return;
  const line = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector(".unsent");
  const before = form.querySelector(":scope > .unsent");
  if (line && before) before.replaceChildren(...line.childNodes);
  else if (line) form.append(line);
}

document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (!form?.elements.draft || !root.dataset.drafts) return;
  clearTimeout(unkept.get(form));
  unkept.set(form, setTimeout(keep, REST, form));
});
document.addEventListener("submit", ({ target }) => {
  clearTimeout(unkept.get(target));
  unkept.delete(target);
  onTheWay.get(target)?.abort(); // or what was just sent would stand there as if it were not
  target.dataset.sent = "yes";
});
addEventListener("pagehide", () => unkept.forEach((_, form) => keep(form, true)));

// ---------------------------------------------------------------- sorting a complete table where it stands

const order = new Intl.Collator(root.lang, { numeric: true, sensitivity: "base" });

function valueOf(row, column) {
  const cell = row.cells[column];
  return cell?.dataset.value ?? cell?.textContent.trim() ?? "";
}

function compare(one, other, column) {
  const [first, second] = [valueOf(one, column), valueOf(other, column)];
  if ((first === "") !== (second === "")) return first === "" ? 1 : -1; // what is not known stays last
  const difference = Number(first) - Number(second);
  return Number.isNaN(difference) ? order.compare(first, second) : difference;
}

function sortTable(table, head, falling) {
  const column = head.cellIndex;
  for (const body of table.tBodies) {
    const rows = [...body.rows].filter((row) => !row.classList.contains("group"));
    if (rows.length !== body.rows.length) continue; // rows under group heads keep their group
    const known = rows.filter((row) => valueOf(row, column) !== "").sort((a, b) => compare(a, b, column));
    if (falling) known.reverse();
    body.append(...known, ...rows.filter((row) => valueOf(row, column) === ""));
  }
}

function markHead(table, head, falling) {
  for (const other of table.tHead.querySelectorAll("[aria-sort]")) {
    other.removeAttribute("aria-sort");
    other.querySelector("[aria-hidden]")?.remove();
  }
  head.setAttribute("aria-sort", falling ? "descending" : "ascending");
  const arrow = made("span", {}, falling ? " ↓" : " ↑");
  arrow.setAttribute("aria-hidden", "true");
  head.querySelector("a").append(arrow);
}

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("table[data-complete] thead th[data-sort] a");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  const head = link.closest("th");
  const table = head.closest("table");
  const falling = head.getAttribute("aria-sort") === "ascending";
  sortTable(table, head, falling);
  markHead(table, head, falling);
  const address = new URL(location.href);
  address.searchParams.set("sort", `${falling ? "-" : ""}${head.dataset.sort}`);
  history.replaceState(null, "", address); // what one sees can still be sent to another
});

// ---------------------------------------------------------------- the map and its table point at each other

const lit = new Set();

function light(id) {
  lit.forEach((element) => element.classList.remove("lit"));
  lit.clear();
  if (!id) return;
  document.querySelectorAll(`[data-id="${CSS.escape(id)}"]`).forEach((element) => {
    element.classList.add("lit");
    lit.add(element);
  });
}

for (const kind of ["pointerover", "focusin"]) {
  document.addEventListener(kind, (event) => light(event.target.closest?.("[data-id]")?.dataset.id));
}

document.getElementById("map")?.addEventListener("click", (event) => {
  const id = event.target.closest("[data-id]")?.dataset.id;
  const row = id && document.querySelector(`tr[data-id="${CSS.escape(id)}"]`);
  if (row && !event.target.closest("a")) row.scrollIntoView({ block: "nearest" });
});

// ---------------------------------------------------------------- a menu that was opened closes when one leaves it

document.addEventListener("click", (event) => {
  for (const open of document.querySelectorAll(".top details[open]")) {
    if (!open.contains(event.target)) open.open = false;
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const open = document.querySelector(".top details[open]");
  if (!open) return;
  open.open = false;
  open.querySelector("summary")?.focus();
});
