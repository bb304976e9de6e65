// Keeps a draft while somebody types. The buttons of the form do the same without this file.

const PAUSE = 3_000; // after the last key
const BETWEEN = 10_000; // between two keepings at least
const AGAIN = 15_000; // after one that failed

const line = document.querySelector("[data-keep]");
const form = line?.closest("form");

/** One form and what the server knows of it. */
class Keeper {
  constructor() {
    this.timer = null;
    this.lastAt = 0;
    this.isBusy = false;
    this.hasNew = false;
    this.isStopped = false;
    this.clock = new Intl.DateTimeFormat(document.documentElement.lang === "fa" ? "fa-IR" : document.documentElement.lang, { timeStyle: "short" });
  }

  say(words, isWrong = false) {
    line.hidden = false;
    line.textContent = words;
    line.classList.toggle("keeping-wrong", isWrong);
  }

  typed() {
    if (this.isStopped) return;
    if (!this.hasNew) this.say(line.dataset.typing);
    this.hasNew = true;
    this.later(Math.max(PAUSE, this.lastAt + BETWEEN - Date.now()));
  }

  later(wait) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.keep(), wait);
  }

  async keep() {
    if (this.isBusy || this.isStopped || !this.hasNew) return;
    if (!navigator.onLine) return this.say(line.dataset.offline, true);
    this.isBusy = true;
    this.hasNew = false;
    this.lastAt = Date.now();
    this.say(line.dataset.sending);
    try {
      await this.answered(await fetch(line.dataset.keep, { method: "POST", body: this.body(), headers: { Accept: "application/json" }, redirect: "manual" }));
    } catch {
      this.failed(line.dataset[navigator.onLine ? "failed" : "offline"]);
    } finally {
      this.isBusy = false;
      if (this.hasNew && !this.isStopped) this.later(BETWEEN);
    }
  }

  body() {
    const typed = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (typeof value === "string") typed.append(name, value);
    return typed;
  }

  async answered(answer) {
    if (answer.type === "opaqueredirect") return this.stop(line.dataset.signedOut);
    const isJson = (answer.headers.get("Content-Type") ?? "").includes("json");
    if (!isJson) return this.failed(line.dataset.failed);
    const told = await answer.json();
    if (answer.ok) return this.kept(told);
    if (answer.status === 409) return this.stop(told.said);
    this.say(told.said, true); // what is typed has to change first
  }

  kept(told) {
    form.elements.based_on.value = told.stamp;
    line.dataset.keep = told.keep;
    form.action = told.page;
    history.replaceState(null, "", told.page);
    if (!this.hasNew) this.say(line.dataset.kept.replace("{time}", this.clock.format(new Date())));
  }

  failed(words) {
    this.hasNew = true;
    this.say(words, true);
    this.later(AGAIN);
  }

  /** Nothing more by itself: the buttons of the form show both texts, or ask to sign in. */
  stop(words) {
    this.isStopped = true;
    this.say(words, true);
  }
}

if (form) {
  const keeper = new Keeper();
  form.addEventListener("input", () => keeper.typed());
  form.addEventListener("submit", () => { keeper.isStopped = true; });
  addEventListener("online", () => keeper.later(0));
  addEventListener("pageshow", (event) => { if (event.persisted) keeper.isStopped = false; });
}
