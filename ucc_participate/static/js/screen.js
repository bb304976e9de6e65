// The screen for the room: counts the item down and loads the page again, so that code, hands and agenda are fresh.
// Without this file the page shows when each item ends, and a link loads it again.

const RELOAD_WHILE_ASKED = 5;
const numbers = new Intl.NumberFormat(document.documentElement.lang === "fa" ? "fa-IR" : document.documentElement.lang, { minimumIntegerDigits: 2, useGrouping: false });
const shift = Number(document.body.dataset.now) * 1000 - Date.now(); // the server's clock counts, not the laptop's
const clock = document.querySelector("[data-ends]");

function say() {
  const left = Math.round(Number(clock.dataset.ends) - (Date.now() + shift) / 1000);
  clock.textContent = left > 0 ? `${numbers.format(Math.floor(left / 60))}:${numbers.format(left % 60)}` : clock.dataset.over;
  clock.classList.toggle("room-late", left <= 60);
  if (left <= 0) setTimeout(() => location.reload(), 3000);
  else setTimeout(say, 1000);
}

if (clock) {
  clock.hidden = false;
  say();
}
const isAsked = document.querySelector(".room-options") !== null;
setTimeout(() => location.reload(), 1000 * (isAsked ? RELOAD_WHILE_ASKED : Math.min(60, Number(document.body.dataset.reload))));
