// JSON of the record's profile, and values handled as strictly as the record format means them.

const MAX_DEPTH = 900;

/** A number that is not an integer: it equals nothing that a log yields. */
class Fraction {
  constructor(text) {
    this.text = text;
  }
}

const isObject = (value) =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Fraction);

/** A member that has to be there. */
function must(object, name) {
  if (!isObject(object) || !Object.hasOwn(object, name)) throw new TypeError(`${String(name)} is missing`);
  return object[name];
}

/** A member, or null; the object itself has to be one. */
function get(object, name, otherwise = null) {
  if (!isObject(object)) throw new TypeError("an object is expected");
  return Object.hasOwn(object, name) ? object[name] : otherwise;
}

/** What a loop goes over: items, members' names, or characters. */
function items(value) {
  if (Array.isArray(value)) return value;
  if (typeof value === "string") return [...value];
  if (isObject(value)) return Object.keys(value);
  throw new TypeError("a list is expected");
}

function integer(value) {
  if (typeof value === "boolean") return Number(value);
  if (typeof value !== "number" && typeof value !== "bigint") throw new TypeError("a number is expected");
  return value;
}

function asText(value) {
  if (typeof value !== "string") throw new TypeError("a text is expected");
  return value;
}

/** A value that can name something, as a key. */
function asName(value) {
  if (typeof value === "object" && value !== null) throw new TypeError("a name is expected");
  return value;
}

/** Whether one text or number comes before another one of its kind. */
function comesBefore(one, other) {
  if (typeof one === "string" || typeof other === "string") return compareTexts(asText(one), asText(other)) < 0;
  return integer(one) < integer(other);
}

/** By code points, as every other language compares texts. */
function compareTexts(one, other) {
  const left = utf8(one);
  return compareBytes(left, utf8(other));
}

const byName = (one, other) => (one < other ? -1 : one > other ? 1 : 0);

/** The RFC 8785 text of a value of the profile. */
function jcs(value, depth = 0) {
  if (typeof value === "string") return JSON.stringify(value);
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "number" && Number.isSafeInteger(value)) return String(value);
  if (typeof value !== "object" || value instanceof Fraction) throw new RangeError("not a value of the profile");
  if (depth > MAX_DEPTH) throw new RangeError("nested too deeply");
  if (Array.isArray(value)) return `[${value.map((item) => jcs(item, depth + 1)).join(",")}]`;
  const members = Object.keys(value).sort(byName);
  return `{${members.map((key) => `${JSON.stringify(key)}:${jcs(value[key], depth + 1)}`).join(",")}}`;
}

const jcsBytes = (value) => utf8(jcs(value));
const NOT_ASCII = /[^\x00-\x7f]/;
const HALF = /\p{Surrogate}/u;

/** The value of canonical JSON. Equality with its own encoding also rules out members that are named twice. */
function parseCanonical(bytes, where) {
  let content, value, again;
  try {
    content = utf8Text(bytes);
  } catch {
    throw new Malformed(where, say`not UTF-8`);
  }
  try {
    value = JSON.parse(content);
    again = jcs(value);
  } catch (error) {
    throw new Malformed(where, say`not JSON of the record's profile: ${clean(String(error.message)).slice(0, 120)}`);
  }
  if (again !== content)
    throw new Malformed(where, say`JSON that is not in its canonical form (RFC 8785), or names a member twice`);
  if (content.includes("\\ud")) requireWholeTexts(value, where);
  if (NOT_ASCII.test(content)) requireProfile(value, where);
  return value;
}

function requireWholeTexts(value, where) {
  if (typeof value === "string" && HALF.test(value))
    throw new Malformed(where, say`the text holds half of a surrogate pair`);
  if (typeof value !== "object" || value === null) return;
  for (const [key, member] of Object.entries(value)) {
    requireWholeTexts(key, where);
    requireWholeTexts(member, where);
  }
}

/** Members' names are ASCII, texts are in NFC, at any depth. */
function requireProfile(value, where) {
  if (typeof value === "string" && value.normalize("NFC") !== value)
    throw new Malformed(where, say`a text is not in normalisation form NFC`);
  if (typeof value !== "object" || value === null) return;
  if (!Array.isArray(value) && Object.keys(value).some((key) => NOT_ASCII.test(key)))
    throw new Malformed(where, say`a member name is not ASCII`);
  for (const member of Object.values(value)) requireProfile(member, where);
}

/** Any JSON without duplicate names, lone surrogates or non-numbers. */
function parseJson(bytes, where) {
  try {
    const value = new JsonReader(utf8Text(bytes)).whole();
    requireWholeTexts(value, where);
    return value;
  } catch (error) {
    if (error instanceof Malformed) throw error;
    throw new Malformed(where, say`not strict JSON: ${clean(String(error.message)).slice(0, 120)}`);
  }
}

const SPACE = /[ \t\n\r]*/y;
const STRING = /"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const NUMBER = /-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/y;
const WORD = /true|false|null/y;
const MAX_DIGITS = 4300;

/** Reads JSON as JSON.parse does, but refuses a name that occurs twice and keeps integers apart from fractions. */
class JsonReader {
  constructor(content) {
    this.content = content;
    this.place = 0;
  }

  whole() {
    const value = this.value(0);
    if (this.place < this.content.length) this.refuse();
    return value;
  }

  refuse() {
    throw new SyntaxError(`unexpected at ${this.place}`);
  }

  take(pattern) {
    pattern.lastIndex = this.place;
    const match = pattern.exec(this.content);
    if (match) this.place = pattern.lastIndex;
    return match;
  }

  /** Past this mark and white space, if it stands here. */
  skip(mark) {
    if (this.content[this.place] !== mark) return false;
    this.place++;
    this.take(SPACE);
    return true;
  }

  value(depth) {
    if (depth > MAX_DEPTH) throw new RangeError("nested too deeply");
    this.take(SPACE);
    const value = this.bare(depth);
    this.take(SPACE);
    return value;
  }

  bare(depth) {
    if (this.skip("{")) return this.object(depth);
    if (this.skip("[")) return this.list(depth);
    if (this.content[this.place] === '"') return this.string();
    const word = this.take(WORD);
    if (word) return JSON.parse(word[0]);
    return this.number();
  }

  string() {
    const match = this.take(STRING);
    return match ? JSON.parse(match[0]) : this.refuse();
  }

  number() {
    const match = this.take(NUMBER);
    if (!match || match[0].length > MAX_DIGITS) this.refuse();
    if (match[1] || match[2]) return new Fraction(match[0]);
    const value = Number(match[0]);
    return Number.isSafeInteger(value) ? value : BigInt(match[0]);
  }

  list(depth) {
    const list = [];
    if (this.skip("]")) return list;
    do list.push(this.value(depth + 1));
    while (this.skip(","));
    return this.close("]", list);
  }

  object(depth) {
    const members = new Map();
    if (this.skip("}")) return {};
    do {
      this.take(SPACE);
      const key = this.string();
      this.take(SPACE);
      if (members.has(key)) throw new SyntaxError("a member name occurs twice in one object");
      if (!this.skip(":")) this.refuse();
      members.set(key, this.value(depth + 1));
    } while (this.skip(","));
    return this.close("}", Object.fromEntries(members));
  }

  close(mark, value) {
    if (this.content[this.place] !== mark) this.refuse();
    this.place++;
    return value;
  }
}

/** Where two values differ: `counts[2].votes (3, not 4)`. */
function* differences(expected, found, path = "") {
  if (isObject(expected) && isObject(found)) {
    for (const key of [...new Set([...Object.keys(expected), ...Object.keys(found)])].sort(byName))
      yield* differences(get(expected, key), get(found, key), path ? `${path}.${key}` : key);
  } else if (Array.isArray(expected) && Array.isArray(found) && expected.length === found.length) {
    for (const [place, left] of expected.entries()) yield* differences(left, found[place], `${path}[${place}]`);
  } else if (!sameValue(expected, found)) yield `${path} (${short(found)}, not ${short(expected)})`;
}

function sameValue(one, other) {
  if (one === other) return true;
  if (typeof one !== "object" || typeof other !== "object" || !one || !other) return false;
  if (one instanceof Fraction || other instanceof Fraction || Array.isArray(one) !== Array.isArray(other)) return false;
  const names = Object.keys(one);
  return (
    names.length === Object.keys(other).length &&
    names.every((key) => Object.hasOwn(other, key) && sameValue(one[key], other[key]))
  );
}

const short = (value) => clean(loosely(value)).slice(0, 80);

/** JSON with a space behind commas and colons. */
function loosely(value) {
  if (value instanceof Fraction) return value.text;
  if (Array.isArray(value)) return `[${value.map(loosely).join(", ")}]`;
  if (isObject(value))
    return `{${Object.entries(value)
      .map(([key, member]) => `${JSON.stringify(key)}: ${loosely(member)}`)
      .join(", ")}}`;
  return typeof value === "bigint" ? String(value) : JSON.stringify(value ?? null);
}
