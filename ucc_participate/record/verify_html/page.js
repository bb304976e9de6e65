// The page: files in, a report out, in Persian, English or French. The checking runs in a worker of this same script.

const LANGUAGES = ["fa", "en", "fr"];
const ISOLATED = /^[\x20-\x7e]*$/;

/** What a worker does: check what it is handed, tell how far it is. */
function work() {
  let told = 0;
  const progress = (done, total) => {
    if (Date.now() - told < 80) return;
    told = Date.now();
    postMessage({ done, total });
  };
  onmessage = async ({ data }) => postMessage({ report: await verify(data, progress) });
  postMessage({ ready: true });
}

/** Check in a worker; in the page itself, with pauses, where the browser allows no worker for a file. */
function verifyAside(given, progress) {
  return new Promise((resolve) => {
    let isReady = false;
    const here = () => verify(given, progress, breathe()).then(resolve);
    try {
      const program = document.getElementById("program").textContent;
      const address = URL.createObjectURL(new Blob([program], { type: "text/javascript" }));
      const worker = new Worker(address);
      worker.onmessage = ({ data }) => {
        if (data.ready) {
          isReady = true;
          worker.postMessage(given);
        } else if (data.report) {
          resolve(data.report);
          worker.terminate();
          URL.revokeObjectURL(address);
        } else progress(data.done, data.total);
      };
      worker.onerror = (event) => {
        event.preventDefault();
        worker.terminate();
        if (isReady) resolve({ format: FORMAT, exit: 2, reason: say`the browser gave up: ${event.message ?? ""}` });
        else here();
      };
    } catch {
      here();
    }
  });
}

/** A pause for the page whenever it has waited for 40 milliseconds. */
function breathe() {
  let last = Date.now();
  return async () => {
    if (Date.now() - last < 40) return;
    await new Promise((resolve) => setTimeout(resolve));
    last = Date.now();
  };
}

function show() {
  const find = (id) => document.getElementById(id);
  const words = [...document.querySelectorAll("[data-text]")].map((element) => [element, element.textContent.trim()]);
  let language = LANGUAGES.find((known) => known === navigator.language.slice(0, 2).toLowerCase()) ?? "en";
  let shown = null;

  const digits = (number) => number.toLocaleString(language, { useGrouping: number >= 10_000 });

  /** A text of this page as nodes: gaps filled, what is technical kept apart from the direction of the language. */
  function nodes(key, args = []) {
    const words = TEXTS[language]?.[key] ?? key;
    return words
      .split(/(\{\d+\}|`[^`]*`)/)
      .map((part) => {
        if (part.startsWith("`")) return isolated("code", part.slice(1, -1));
        const gap = /^\{(\d+)\}$/.exec(part);
        if (!gap) return part;
        const value = args[gap[1]];
        if (typeof value === "number") return digits(value);
        return isSentence(value) ? nodes(value.key, value.args) : isolated("span", String(value));
      })
      .flat();
  }

  function isolated(tag, content) {
    const bdi = make("bdi", {}, make(tag, {}, content));
    bdi.dir = ISOLATED.test(content) ? "ltr" : "auto";
    return bdi;
  }

  function make(tag, properties, ...children) {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children.flat());
    return element;
  }

  function speak(chosen) {
    language = chosen;
    document.documentElement.lang = language;
    document.documentElement.dir = language === "fa" ? "rtl" : "ltr";
    for (const [element, key] of words) element.replaceChildren(...nodes(key));
    for (const element of document.querySelectorAll("[data-number]"))
      element.textContent = digits(Number(element.dataset.number));
    for (const button of find("languages").children)
      button.setAttribute("aria-pressed", String(button.dataset.language === language));
    document.title = document.querySelector("h1").textContent;
    if (shown) render();
  }

  /** The verdict: never the colour of success unless a key was given and the record is complete as far as outsiders know. */
  function verdict({ data, hasKey }) {
    if (data.exit === 2)
      return ["low", "This could not be read as a record.", nodes(data.reason.key, data.reason.args)];
    if (data.exit === 1)
      return ["low", "Something is wrong with this record.", nodes("{0} checks failed.", [data.failed.length])];
    if (!hasKey)
      return [
        "",
        "Nothing failed, but nobody vouches for this record.",
        nodes("You gave no key: signatures are NOT CHECKED. Anybody could have made this record."),
      ];
    if (data.not_provable.some(({ key }) => key.startsWith("Completeness")))
      return [
        "",
        "Nothing failed. Completeness: NOT PROVABLE.",
        nodes(
          "The key has signed this record, and everything in it adds up. Without a checkpoint or a receipt from elsewhere nobody can prove that its end was not cut off.",
        ),
      ];
    return [
      "done",
      "Nothing failed.",
      nodes("The key has signed this record, everything in it adds up, and all of it was known elsewhere."),
    ];
  }

  function render() {
    const { data } = shown;
    const [kind, title, reason] = verdict(shown);
    const notice = make(
      "div",
      { className: `notice ${kind ? `notice-${kind}` : ""}` },
      make("h2", {}, nodes(title)),
      make("p", {}, reason),
    );
    notice.setAttribute("role", "status");
    find("report").replaceChildren(notice, ...(data.exit === 2 ? [] : [facts(data), columns(data)]), asFile(data));
    find("report").dataset.exit = data.exit;
  }

  function facts({ process, origin, size, root }) {
    const rows = [
      ["Process", isolated("code", String(process))],
      ["Log", isolated("code", origin)],
    ];
    rows.push(["Entries", digits(size)], ["Root", isolated("code", root)]);
    const parts = rows.flatMap(([term, value]) => [make("dt", {}, nodes(term)), make("dd", {}, value)]);
    return make("dl", { className: "facts" }, parts);
  }

  function columns(data) {
    const named = [
      ["failed", "FAILED"],
      ["shown", "SHOWN"],
      ["proved", "PROVED"],
      ["not_provable", "NOT PROVABLE"],
      ["not_checked", "NOT CHECKED"],
    ];
    const filled = named.filter(([name]) => data[name].length);
    return make(
      "div",
      { className: "columns" },
      filled.map(([name, title]) => column(name, title, data[name])),
    );
  }

  function column(name, title, statements) {
    const heading = make("h3", {}, make("span", {}, nodes(title)), make("span", {}, digits(statements.length)));
    const wide = name === "failed" || name === "shown" ? " column-wide" : "";
    const lines = statements.map((statement) =>
      make("li", {}, name === "failed" ? failure(statement) : sentence(statement)),
    );
    return make("section", { className: `column column-${name}${wide}` }, heading, make("ul", {}, lines));
  }

  const sentence = ({ key, args }) => nodes(key, args);

  function failure({ where, what }) {
    const place = where ? [make("span", { className: "where" }, isolated("span", where))] : [];
    return [...place, ...sentence(what)];
  }

  function asFile(data) {
    const content = JSON.stringify(inEnglish(data), null, 1);
    const save = make("button", { type: "button", className: "button button-plain" }, nodes("Save the report"));
    save.onclick = () => {
      const address = URL.createObjectURL(new Blob([content], { type: "application/json" }));
      make("a", { href: address, download: "verification.json" }).click();
      setTimeout(() => URL.revokeObjectURL(address), 10_000);
    };
    const plain = make("pre", { id: "json", dir: "ltr", tabIndex: 0 }, content);
    return make(
      "details",
      {},
      make("summary", {}, nodes("The report as data (as `verify.py --json` prints it)")),
      plain,
      save,
    );
  }

  function progress(done, total) {
    const percent = total ? Math.min(100, Math.floor((100 * done) / total)) : 0;
    find("progress").value = percent;
    find("percent").textContent = (percent / 100).toLocaleString(language, { style: "percent" });
  }

  async function check() {
    const vkeys = find("vkey")
      .value.split("\n")
      .map((line) => line.trim())
      .filter(Boolean);
    const files = (id) => [...find(id).files];
    shown = null;
    find("check").disabled = true;
    find("working").hidden = false;
    find("report").hidden = true;
    progress(0, 1);
    const given = {
      record: find("record").files[0],
      vkeys,
      checkpoints: files("checkpoints"),
      receipts: files("receipts"),
    };
    const data = await verifyAside(given, progress);
    shown = { data, hasKey: vkeys.length > 0 };
    render();
    find("check").disabled = false;
    find("working").hidden = true;
    find("report").hidden = false;
    find("report").focus();
  }

  for (const input of document.querySelectorAll(".file"))
    input.onchange = () => {
      const names = [...input.files].map((file) => isolated("span", file.name));
      find(`${input.id}-names`).replaceChildren(...names.flatMap((name, place) => (place ? [" · ", name] : [name])));
    };
  find("form").onsubmit = (event) => {
    event.preventDefault();
    check();
  };
  find("languages").onclick = ({ target }) => target.dataset.language && speak(target.dataset.language);
  const drop = find("drop");
  for (const [event, isOver] of [
    ["dragenter", true],
    ["dragover", true],
    ["dragleave", false],
    ["drop", false],
  ])
    document.addEventListener(event, (dragged) => {
      dragged.preventDefault();
      drop.classList.toggle("over", isOver);
    });
  document.addEventListener("drop", ({ dataTransfer }) => {
    if (!dataTransfer?.files.length) return;
    find("record").files = dataTransfer.files;
    find("record").dispatchEvent(new Event("change"));
  });
  speak(language);
}

// For whoever wants to check this program with vectors of their own.
globalThis.ucc = Object.freeze({
  verify,
  inEnglish,
  sha256,
  sha512,
  hex,
  unhex,
  verifyEd25519,
  parseCanonical,
  parseJson,
  jcs,
});
if (typeof document === "undefined") work();
else show();
