// Small comforts. Every page works without this file; nothing here decides anything.

const NUMBERS = new Intl.NumberFormat(document.documentElement.lang === "fa" ? "fa-IR" : document.documentElement.lang);

/** Says how many characters are left under a text area that has a budget. */
function watchBudget(line) {
  const box = document.getElementById(line.dataset.budgetFor);
  const limit = Number(line.dataset.budget);
  const say = () => {
    const left = limit - box.value.length;
    const words = left < 0 ? line.dataset.over : line.dataset.left;
    line.textContent = words.replace("{n}", NUMBERS.format(Math.abs(left)));
    line.classList.toggle("budget-over", left < 0);
  };
  box.addEventListener("input", say);
  say();
}

/** Shows a copy button (hidden without scripts) and answers in its own words when the text is copied. */
function offerCopy(button) {
  const source = document.getElementById(button.dataset.copy);
  const words = button.querySelector("[data-words]");
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(source.textContent.trim());
    words.textContent = button.dataset.done;
  });
}

/** A form that is on its way is not sent twice; the server is idempotent all the same. */
function sendOnce(event) {
  if (event.defaultPrevented) return;
  const button = event.submitter;
  if (!button || event.target.method !== "post") return;
  setTimeout(() => { button.disabled = true; });
  addEventListener("pageshow", () => { button.disabled = false; }, { once: true });
}

/** Menus close on Escape and on a click beside them. */
function closeMenus(event) {
  const leaving = event.type === "keydown" ? event.key === "Escape" : true;
  for (const menu of document.querySelectorAll("details.menu[open], details.account[open]")) {
    if (!leaving || (event.type === "click" && menu.contains(event.target))) continue;
    menu.open = false;
    if (event.type === "keydown") menu.querySelector("summary").focus();
  }
}

document.querySelectorAll("[data-budget]").forEach(watchBudget);
document.querySelectorAll("button[data-copy]").forEach(offerCopy);
document.querySelectorAll("[data-print]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => print());
});
document.addEventListener("submit", sendOnce);
document.addEventListener("keydown", closeMenus);
document.addEventListener("click", closeMenus);
// After the load: until then the browser still moves the focus to what stands behind the # of the address.
addEventListener("load", () => setTimeout(() => document.querySelector("[data-focus]")?.focus()));
