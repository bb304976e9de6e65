// While a text of the dossier is written: its words are counted as the server counts them, and leaving asks once.
// The page works whole without this file.

const NUMBERS = new Intl.NumberFormat(document.documentElement.lang === "fa" ? "fa-IR" : document.documentElement.lang);

/** What stands between spaces and has a letter or digit (kernel/text.py, word_count). */
function count(text) {
  return text.split(/\s+/u).filter((token) => /[\p{L}\p{N}]/u.test(token)).length;
}

function watchWords(line) {
  const box = document.getElementById(line.dataset.wordsFor);
  const limit = Number(line.dataset.limit ?? 0);
  const say = () => {
    const words = count(box.value);
    const isOver = limit > 0 && words > limit;
    const told = limit === 0 ? line.dataset.count : isOver ? line.dataset.over : line.dataset.left;
    line.textContent = told.replace("{n}", NUMBERS.format(words)).replace("{left}", NUMBERS.format(Math.abs(limit - words)));
    line.classList.toggle("budget-over", isOver);
  };
  box.addEventListener("input", say);
  say();
}

/** A text that was typed and not saved is not left by mistake. */
function guard(form) {
  let isTyped = false;
  form.addEventListener("input", () => { isTyped = true; });
  form.addEventListener("submit", () => { isTyped = false; });
  addEventListener("beforeunload", (event) => { if (isTyped) event.preventDefault(); });
}

document.querySelectorAll("[data-words-for]").forEach(watchWords);
document.querySelectorAll("form[data-unsaved]").forEach(guard);
