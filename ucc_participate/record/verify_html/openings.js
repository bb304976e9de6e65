// Openings: what was said under each commitment, and whether what is withheld is explained.

const OPENINGS = "data/openings.jsonl";
const FIELD_NAME = /^[a-z][a-z0-9_]{0,199}$/;
const HEX_32 = /^[0-9a-f]{64}$/;

/** Read every opening once, check it against the entry's commitment, and let it tell its part of the story. */
async function readOpenings(record, report) {
  const opened = new Set();
  let before = -1;
  let number = 0;
  for await (const line of record.pack.lines(OPENINGS)) {
    const where = `${OPENINGS} line ${++number}`;
    const opening = await attempt(report, "openings", where, () => parseOpening(line, where));
    if (!opening) continue;
    const { index } = opening;
    if (index <= before) report.fail("openings", `entry ${index}`, say`openings are not in the order of their entries`);
    before = index;
    const entry = record.payloads.get(index);
    if (!entry) {
      report.fail("openings", `entry ${index}`, say`there is no payload of this process to be opened`);
      continue;
    }
    opened.add(index);
    checkOpening(entry.commit, opening, report);
    const withheld = Object.keys(opening.withheld);
    if (withheld.length) record.withheld.set(index, withheld);
    const values = Object.fromEntries(Object.entries(opening.fields).map(([name, [, value]]) => [name, value]));
    await attempt(report, "openings", `entry ${index}`, () =>
      record.story.tell(index, entry.kind, entry.subject, entry.time, values),
    );
  }
  for (const [index, { own }] of record.payloads) if (own && !opened.has(index)) record.withheld.set(index, null);
  report.prove("openings", say`${opened.size} opened payloads are those that were committed to when they were logged.`);
}

/** Index, opened fields and withheld digests of one line. */
function parseOpening(line, where) {
  const value = parseCanonical(line, where);
  if (
    !isObject(value) ||
    Object.keys(value).sort(byName).join(" ") !== "fields index withheld" ||
    typeof value.index !== "number"
  )
    throw new Malformed(where, say`this is not an opening`);
  const { fields, withheld, index } = value;
  where = `entry ${index}`;
  if (!isObject(fields) || !isObject(withheld)) throw new TypeError("an object is expected");
  const pairs = Object.values(fields).every((pair) => Array.isArray(pair) && pair.length === 2 && isHex(pair[0]));
  if (
    !pairs ||
    !Object.values(withheld).every(isHex) ||
    Object.keys(fields).some((name) => Object.hasOwn(withheld, name))
  )
    throw new Malformed(where, say`the opening's fields are not salts and values, or its withheld ones not digests`);
  if (![...Object.keys(fields), ...Object.keys(withheld)].every((name) => FIELD_NAME.test(name)))
    throw new Malformed(where, say`the opening has a field of a forbidden name`);
  return value;
}

const isHex = (value) => typeof value === "string" && HEX_32.test(value);

/** The commitment that opened fields and withheld digests make together, in hex. */
function commitmentOf({ fields, withheld }) {
  const digests = Object.values(withheld).map(unhex);
  for (const [name, [salt, value]] of Object.entries(fields)) {
    const length = Uint8Array.of(name.length >> 8, name.length);
    digests.push(sha256(utf8("ucc-f1\0"), unhex(salt), length, utf8(name), jcsBytes(value)));
  }
  return hex(sha256(utf8("ucc-c1\0"), ...digests.sort(compareBytes)));
}

/** What is opened is what was committed to. */
function checkOpening(commit, opening, report) {
  if (commitmentOf(opening) !== commit)
    report.fail("openings", `entry ${opening.index}`, say`the opening does not fit the entry's commitment`);
}

/** Whatever is withheld is covered by a later entry that says so, with a reason. */
function checkWithheld(record, report) {
  const explained = explanations(record.story);
  let count = 0;
  let sealed = 0;
  for (const [index, names] of [...record.withheld].sort(([one], [other]) => one - other)) {
    if (names === null && isSealed(record, index)) {
      sealed++;
      continue;
    }
    for (const name of names ?? [null]) {
      count++;
      if (Math.max(explained.get(`${index} ${name ?? ""}`) ?? -1, explained.get(`${index} `) ?? -1) <= index)
        report.fail("withheld", `entry ${index}`, unexplained(name));
    }
  }
  if (sealed) report.notChecked.push(say`${sealed} ballots of organisations: sealed until their vote closes.`);
  if (count)
    report.prove("withheld", say`${count} withheld fields or payloads are all explained by later entries of the log.`);
}

function unexplained(name) {
  return name === null
    ? say`unexplained withholding: the whole payload is withheld, no later entry says so`
    : say`unexplained withholding: the field ${name} is withheld, no later entry says so`;
}

/** Whether the entry is an organisation's ballot in a vote that the log has not closed yet. */
function isSealed(record, index) {
  const { subject, kind } = record.payloads.get(index);
  const entries = record.voteEntries.get(twoParts(subject)) ?? [];
  const openly = kind === "ballot.cast_openly" || kind === "ballot.recast_openly";
  return openly && entries.every(([, kind]) => kind !== "vote.closed");
}

/** "<entry> <field or nothing>" → the index of the last entry that explains its withholding. */
function explanations(story) {
  const explained = new Map();
  for (const [index, pairs] of story.withheldLists)
    for (const pair of items(pairs || []))
      if (Array.isArray(pair) && pair.length === 2 && typeof pair[0] === "number")
        explained.set(`${pair[0]} ${typeof pair[1] === "string" ? pair[1] : ""}`, index);
  return explained;
}
