// What was found, in three columns, and what failed, in the words of verify.py. page.js says them in other languages.

/** The input is not a record, or is too hostile to be read as one. */
class Unreadable extends Error {
  constructor(statement) {
    super(english(statement));
    this.statement = statement;
  }
}

/** A part of the record does not have its form; `where` names the part. */
class Malformed extends Error {
  constructor(where, statement) {
    super(english(statement));
    this.where = where;
    this.statement = statement;
  }
}

/** A sentence with its gaps apart from what fills them: say`${n} entries` is {key: "{0} entries", args: [n]}. */
function say(parts, ...args) {
  return { key: parts.reduce((text, part, at) => `${text}{${at - 1}}${part}`), args };
}

/** A sentence may stand in a gap of another one. */
const isSentence = (value) => typeof value === "object" && value !== null && "key" in value;

function english(statement) {
  return statement.key.replace(/\{(\d+)\}/g, (_, at) => {
    const value = statement.args[at];
    return isSentence(value) ? english(value) : String(value);
  });
}

const MAX_LISTED = 20;
const FORMAT = "ucc-verification/1";

class Report {
  constructor() {
    this.header = { process: null, origin: null, size: null, root: null };
    this.notProvable = [];
    this.notChecked = [];
    this.shown = [];
    this.kept = [];
    this.statements = [];
    this.failures = new Map();
  }

  fail(check, where, what) {
    const number = (this.failures.get(check) ?? 0) + 1;
    this.failures.set(check, number);
    if (number <= MAX_LISTED) this.kept.push({ check, where, what });
  }

  /** The statement holds unless this check fails, now or later. */
  prove(check, statement) {
    this.statements.push([check, statement]);
  }

  get proved() {
    return this.statements.filter(([check]) => !this.failures.has(check)).map(([, statement]) => statement);
  }

  get failed() {
    const more = [...this.failures].filter(([, number]) => number > MAX_LISTED);
    return [
      ...this.kept,
      ...more.map(([check, number]) => ({
        check,
        where: "",
        what: say`… and ${number - MAX_LISTED} more of this kind`,
      })),
    ];
  }

  /** Everything as plain data: sentences stay in their parts, so that a page can say them in another language. */
  asData() {
    return {
      format: FORMAT,
      exit: this.kept.length ? 1 : 0,
      ...this.header,
      proved: this.proved,
      not_provable: this.notProvable,
      not_checked: this.notChecked,
      shown: this.shown,
      failed: this.failed,
    };
  }
}

/** The report as verify.py --json prints it. */
function inEnglish(data) {
  if (data.exit === 2) return { ...data, reason: clean(english(data.reason)) };
  const columns = ["proved", "not_provable", "not_checked", "shown"];
  return {
    ...data,
    ...Object.fromEntries(columns.map((name) => [name, data[name].map(english)])),
    failed: data.failed.map(({ check, where, what }) => ({ check, where, what: english(what) })),
  };
}

/** Run one step; content without the documented form is a failure of the record, never of this program. */
async function attempt(report, check, where, step) {
  try {
    return await step();
  } catch (error) {
    if (error instanceof Malformed) report.fail(check, error.where || where, error.statement);
    else report.fail(check, where, say`not in the documented form (${error?.name ?? "Error"})`);
    return null;
  }
}

const UNPRINTABLE = /[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]|\p{Surrogate}/gu;

/** Without characters that change what a screen shows. */
function clean(text) {
  return text.replace(UNPRINTABLE, (mark) => `\\u${mark.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
