// The ballot on a phone: says how it stands, keeps it at each tap, orders, counts, finds. Every ballot works without it.

const LANGUAGE = document.documentElement.lang;
const NUMBERS = new Intl.NumberFormat(LANGUAGE === "fa" ? "fa-IR" : LANGUAGE);
const PAUSE = 400; // after the last tap
const AGAIN = 10_000; // after a failure

const form = document.getElementById("ballot");
const told = JSON.parse(form.dataset.ballot);
const options = [...form.querySelectorAll("[data-option]")];
const byCode = new Map(options.map((option) => [option.dataset.option, option]));

const plain = (text) => text.replace(/[۰-۹]/g, (sign) => "۰۱۲۳۴۵۶۷۸۹".indexOf(sign)).replace(/[٠-٩]/g, (sign) => "٠١٢٣٤٥٦٧٨٩".indexOf(sign)).trim();
const title = (option) => option.querySelector(".choice-text").textContent;

/** The input of an option that takes a place or points. */
const field = (option) => option.querySelector("select, input[inputmode]");

/** What stands beside an option: "" for nothing. */
function given(option) {
  const box = field(option);
  if (box) return plain(box.value);
  return option.querySelector("input:checked")?.value ?? "";
}

/** How many options are named, and what that costs or how many points it takes. */
function count() {
  const named = options.filter((option) => given(option) !== "" && !(told.kind === "cumulative" && Number(given(option)) === 0));
  const used = named.reduce((sum, option) => sum + (told.unit === "money" ? Number(option.dataset.cost) : Number(given(option)) || 0), 0);
  return { chosen: named.length, used };
}

function say() {
  const line = form.querySelector("[data-sum]");
  if (!line) return;
  const { chosen, used } = count();
  const isOver = chosen > told.most || (told.total !== null && used > told.total);
  const isFull = told.total !== null ? used === told.total : chosen === told.most;
  const money = (n) => (told.unit === "money" ? told.money.replace("{n}", NUMBERS.format(n)) : NUMBERS.format(n));
  const numbers = {
    chosen: NUMBERS.format(chosen), most: NUMBERS.format(told.most), left: NUMBERS.format(Math.abs(told.most - chosen)),
    used: money(used), total: money(told.total ?? 0), rest: money(Math.abs((told.total ?? 0) - used)),
  };
  const kind = isOver ? (chosen > told.most ? "many" : "over") : !chosen ? "none" : isFull ? "full" : "some";
  const words = told[kind].replace(/{(\w+)}/g, (_all, name) => numbers[name]);
  if (line.textContent !== words) line.textContent = words;
  line.classList.toggle("ballot-over", isOver);
}

/** Keeps the draft on the server; whoever opens the page on another device finds it there. */
const keeper = {
  timer: null, isBusy: false, hasNew: false, isStopped: false, line: form.querySelector("[data-kept]"),

  changed() {
    if (this.isStopped) return;
    this.hasNew = true;
    this.later(PAUSE);
  },
  later(wait) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.keep(), wait);
  },
  tell(words, isWrong) {
    this.line.hidden = false;
    this.line.textContent = words;
    this.line.classList.toggle("ballot-over", isWrong);
  },
  async keep() {
    if (this.isBusy || this.isStopped || !this.hasNew) return;
    this.isBusy = true;
    this.hasNew = false;
    try {
      const body = new URLSearchParams([...new FormData(form), ["act", "keep"]]);
      const answer = await fetch(form.dataset.draft, { method: "POST", body, headers: { Accept: "application/json" }, redirect: "manual" });
      const said = (answer.headers.get("Content-Type") ?? "").includes("json") ? await answer.json() : null;
      if (answer.ok && said) {
        form.elements.based_on.value = said.stamp;
        this.tell(form.dataset.saved, false);
      } else if (answer.status === 409 && said) {
        this.isStopped = true;
        this.tell(said.said, true);
      } else throw new Error(answer.status);
    } catch {
      this.hasNew = true;
      this.tell(form.dataset.failed, true);
      this.later(AGAIN);
    } finally {
      this.isBusy = false;
      if (this.hasNew && !this.isStopped) this.later(AGAIN / 10);
    }
  },
};

function changed() {
  say();
  keeper.changed();
}

/** Points: one more or less without leaving the page. */
function step(option, by) {
  const box = field(option);
  const next = Math.max(0, (Number(plain(box.value)) || 0) + by);
  box.value = next ? NUMBERS.format(next).replace(/[^\p{Nd}]/gu, "") : "";
  changed();
}

/** A ranking: the places in the selects are what is sent; the list above shows their order. */
const order = {
  section: form.querySelector("[data-ranking]"),

  codes() {
    const placed = options.filter((option) => Number(given(option)) > 0);
    return placed.sort((one, other) => Number(given(one)) - Number(given(other))).map((option) => option.dataset.option);
  },
  write(codes, moved) {
    for (const option of options) {
      const place = codes.indexOf(option.dataset.option) + 1;
      field(option).value = place && place <= told.most ? place : "";
    }
    this.draw();
    const line = this.section.querySelector("[data-said]");
    const place = codes.indexOf(moved) + 1;
    line.textContent = (place ? line.dataset.said : line.dataset.out).replace("{title}", title(byCode.get(moved))).replace("{place}", NUMBERS.format(place));
    changed();
  },
  act(verb, code) {
    const codes = this.codes();
    const at = codes.indexOf(code);
    if (verb === "add" && at < 0 && codes.length < told.most) codes.push(code);
    if (verb === "remove" && at >= 0) codes.splice(at, 1);
    if (verb === "up" && at > 0) codes.splice(at - 1, 0, ...codes.splice(at, 1));
    if (verb === "down" && at >= 0) codes.splice(at + 1, 0, ...codes.splice(at, 1));
    this.write(codes, code);
    const again = this.section.querySelector(`li[data-code="${CSS.escape(code)}"] [data-act="${verb}"]:not(:disabled)`) ?? this.section.querySelector(`li[data-code="${CSS.escape(code)}"] button:not(:disabled)`);
    if (verb !== "add") (again ?? field(byCode.get(code))).focus();
  },
  /** A place chosen in a select: whoever had it and those after move on by one. */
  chosen(option) {
    const wanted = Number(option.querySelector("select").value);
    const code = option.dataset.option;
    const codes = this.codes().filter((each) => each !== code);
    if (wanted) codes.splice(Math.min(wanted, codes.length + 1) - 1, 0, code);
    this.write(codes, code);
  },
  draw() {
    const list = this.section.querySelector("ol");
    const codes = this.codes();
    list.replaceChildren(...codes.map((code, at) => this.line(code, at, codes.length)));
    this.section.querySelector("[data-none]").hidden = codes.length > 0;
  },
  line(code, at, all) {
    const item = document.createElement("li");
    item.dataset.code = code;
    const words = document.createElement("span");
    words.dir = "auto";
    words.textContent = title(byCode.get(code));
    const moves = document.createElement("span");
    moves.className = "ranking-moves";
    moves.append(this.button("up", "↑", code, at === 0), this.button("down", "↓", code, at === all - 1), this.button("remove", "×", code, false));
    item.append(words, moves);
    return item;
  },
  button(verb, sign, code, isOff) {
    const button = document.createElement("button");
    Object.assign(button, { className: "button button-small", type: "button", disabled: isOff });
    Object.assign(button.dataset, { act: verb, code });
    const drawn = document.createElement("span");
    drawn.ariaHidden = "true";
    drawn.textContent = sign;
    const words = document.createElement("span");
    words.className = "visually-hidden";
    words.textContent = `${this.section.dataset[verb]}: ${title(byCode.get(code))}`;
    button.append(drawn, words);
    return button;
  },
};

/** Hides what does not match; what is hidden keeps its ticks and is sent. */
function offerFinding(box) {
  const search = box.querySelector("input[type=search]");
  const mine = box.querySelector("input[type=checkbox]");
  const line = box.querySelector("[data-found]");
  const find = () => {
    const words = search.value.trim().toLocaleLowerCase();
    let shown = 0;
    for (const option of options) {
      option.hidden = !(option.textContent.toLocaleLowerCase().includes(words) && (!mine.checked || given(option) !== ""));
      shown += option.hidden ? 0 : 1;
    }
    line.textContent = line.dataset.found.replace("{n}", NUMBERS.format(shown));
  };
  box.hidden = false;
  search.addEventListener("input", find);
  mine.addEventListener("change", find);
  search.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
}

form.addEventListener("change", (event) => {
  if (event.target.name === "organisation" || !event.target.name) return;
  if (order.section && event.target.matches("select")) return order.chosen(event.target.closest("[data-option]"));
  changed();
});
form.addEventListener("input", (event) => { if (event.target.inputMode) changed(); });
form.addEventListener("click", (event) => {
  const button = event.target.closest("[data-act]");
  if (!button) return;
  event.preventDefault();
  const { act, code } = button.dataset;
  if (order.section) return order.act(act, code);
  step(byCode.get(code), act === "more" ? 1 : -1);
});
form.addEventListener("submit", () => { keeper.isStopped = true; });
addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); say(); });
const found = form.querySelector("[data-find]");
if (found) offerFinding(found);
