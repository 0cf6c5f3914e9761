// Grading from the keyboard in two steps, so that one key never both grades and files.
//   g, letter, number     gives the grade at once
//   number alone          takes the letter chosen, else the usual one of the source
//   letter A–E, number    chooses the grade; f then files with it, s saves it alone
// F as a first key files; F as a grade is g, f, number. Any other key leaves the grade as it was.

// The chosen row stands in sight of its queue; the page itself does not move.
const row = document.querySelector(".queue .tall [aria-current]");
if (row) {
  const box = row.closest(".tall");
  const below = row.getBoundingClientRect().bottom - box.getBoundingClientRect().bottom;
  if (below > 0) box.scrollTop += below + row.offsetHeight;
}

// On a phone the item chosen stands below the queue: go there.
if (new URLSearchParams(location.search).has("item") && matchMedia("(max-width: 56rem)").matches) {
  document.getElementById("reading")?.scrollIntoView();
}

const form = document.querySelector("[data-weigh]");
const LETTERS = "abcdef", DIGITS = "123456";
let step = null; // null, "letter" or "digit"
let atOnce = false;
let before = [];
let leaving = false; // a key meant for the next item must not act on the one that is going

const typing = (target) => target.closest?.("input:not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable]");
const said = form?.querySelector("[data-weigh-said]");
const tell = (name) => { if (said) said.textContent = form.dataset[`words${name}`] ?? ""; };
const begins = (key) => key.length === 1 && (key === "g" || "abcde".includes(key) || (DIGITS.includes(key) && usual() !== ""));
const chosen = () => [...form.querySelectorAll("input[type=radio]:checked")];

function choose(name, value) {
  const box = form.querySelector(`input[name=${name}][value="${value}"]`);
  if (box) box.checked = true;
}

function begin(now) {
  before = chosen();
  atOnce = now;
  step = "letter";
  tell("Letter");
}

function leave() {
  for (const box of form.querySelectorAll("input[type=radio]")) box.checked = before.includes(box);
  step = null;
  tell("None");
}

function letter(key) {
  choose("reliability", key.toUpperCase());
  step = "digit";
  tell("Digit");
}

function digit(key) {
  choose("credibility", key);
  step = null;
  tell("Ready");
  if (atOnce) form.requestSubmit(form.querySelector("[data-weigh-save]"));
}

const usual = () => form.querySelector("input[name=reliability]:checked")?.value ?? form.dataset.usual ?? "";

function numberAlone(key) {
  before = chosen();
  atOnce = false;
  choose("reliability", usual());
  digit(key);
}

function taken(key) {
  if (step === "letter") return LETTERS.includes(key) ? letter(key) : leave();
  if (step === "digit") return DIGITS.includes(key) ? digit(key) : leave();
  if (key === "g") return begin(true);
  if (DIGITS.includes(key)) return numberAlone(key);
  begin(false);
  letter(key);
}

window.addEventListener("beforeunload", () => {
  leaving = true;
  setTimeout(() => { leaving = false; }, 3000); // a download leaves the page where it is
});

document.addEventListener("keydown", (event) => {
  const key = event.key.toLowerCase();
  if (!form || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || key === "shift") return;
  if (typing(event.target) || document.querySelector("dialog[open]")) return;
  if (document.documentElement.classList.contains("no-keys")) return;
  if (leaving) return event.stopImmediatePropagation();
  if (step === null && !begins(key)) return;
  if (key.length > 1 && key !== "escape") return step === null ? undefined : leave();
  event.preventDefault();
  event.stopImmediatePropagation();
  taken(key);
}, { capture: true });
