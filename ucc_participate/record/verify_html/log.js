// The log: entries, their tree, their chains, and what later checks need of them.

const ENTRY = new RegExp(
  '^\\{"actor":"[0-9a-f]{32}","commit":"([0-9a-f]{64})","prev":(?:null|"([0-9a-f]{64})"),' +
    '"process":(?:null|"(process/[A-Za-z0-9_.-]+)"),' +
    '"role":"(?:resident|visitor|delegate|clerk|moderator|coordinator|evaluator|system)",' +
    '"schema":"ucc\\.[a-z_]+/1","subject":"(([a-z_]+/[A-Za-z0-9_.-]+)(?:/[A-Za-z0-9_.-]+)*)",' +
    '"time":"([0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z)",' +
    '"type":"([a-z_]+\\.[a-z_]+)","v":1\\}$',
);
const ENTRY_KEYS = "actor commit prev process role schema subject time type v";
const NEWER_SCHEMA = /^ucc\.[a-z_]+\/[1-9][0-9]*$/;

/** What the checks need of an entry; prev and process are empty for null, root is the subject's first two parts. */
function parseRow(content) {
  const match = ENTRY.exec(content);
  if (!match) return null;
  const [, commit, prev = "", process = "", subject, root, time, kind] = match;
  return { commit: commit === EMPTY_COMMITMENT ? EMPTY_COMMITMENT : commit, prev, process, subject, root, time, kind };
}

/** An entry that the pattern did not match: what can be read of it (newer schema), or what is wrong. */
function parseIrregular(bytes, where) {
  let value;
  try {
    value = parseCanonical(bytes, where);
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    return { row: null, problem: error.statement };
  }
  if (!isObject(value) || Object.keys(value).sort(byName).join(" ") !== ENTRY_KEYS)
    return { row: null, problem: say`it does not have the members of an entry` };
  const { schema } = value;
  if (typeof schema === "string" && NEWER_SCHEMA.test(schema) && !schema.endsWith("/1")) {
    const row = parseRow(jcs({ ...value, schema: "ucc.newer/1" }));
    if (row) return { row, problem: null };
  }
  return { row: null, problem: say`a member does not have the form of the record format` };
}

/** The newest commitment of every subject. Slots of a roll are numbers, kept as numbers: there may be a million. */
class Chains {
  constructor() {
    this.named = new Map();
    this.numbered = new Map();
  }

  /** Put in the newest commitment of a subject; the one before, or nothing. */
  swap(subject, commit) {
    const slash = subject.lastIndexOf("/");
    const tail = subject.slice(slash + 1);
    const isNumber = /^(?:[0-9]{6}|[1-9][0-9]{6,14})$/.test(tail);
    let last = this.named;
    if (isNumber) {
      const prefix = subject.slice(0, slash);
      last = this.numbered.get(prefix) ?? new Map();
      if (!last.size) this.numbered.set(detached(prefix), last);
    }
    const key = isNumber ? Number(tail) : detached(subject);
    const before = last.get(key) ?? "";
    last.set(key, commit === EMPTY_COMMITMENT ? commit : detached(commit));
    return before;
  }
}

/** The secret ballots of one vote as the log shows them: who of the slots voted, not what. */
class Casts {
  cast = 0;
  paper = 0;
  onPaper = new Set();
  returned = new Set();
  recast = 0;
  highest = 0;
  first = -1;
  last = -1;
}

/** The package and what has been read of it so far. */
class RecordFile {
  static async open(pack) {
    const record = new RecordFile();
    record.pack = pack;
    try {
      record.info = parseJson(await pack.read("data/record.json", MAX_JSON), "data/record.json");
      record.process = plainly(must(record.info, "process"));
      record.note = await pack.read(`${LOG}checkpoint`, MIB);
      const where = `${LOG}checkpoint`;
      record.checkpoint = parseCheckpoint(splitNote(record.note, where).text, where);
      if (get(record.info, "format") !== "ucc-record/1")
        throw new Unreadable(say`data/record.json is not of the format ucc-record/1`);
    } catch (error) {
      if (error instanceof Malformed) throw new Unreadable(say`${error.where}: ${error.statement}`);
      if (error instanceof TypeError) throw new Unreadable(say`data/record.json does not describe a record`);
      throw error;
    }
    return record;
  }

  story = new Story();
  read = 0;
  blockRoots = new Uint8Array(WIDTH * HASH);
  chains = new Chains();
  lastTime = "";
  payloads = new Map();
  casts = new Map();
  voteEntries = new Map();
  ownRoots = new Map();
  otherRoots = new Map();
  words = new Map();
  newer = 0;
  withheld = new Map();
  watched = new Map();
  covered = 0;

  get size() {
    return this.checkpoint.size;
  }

  /** How many entries the bundle of this number must have. */
  width(number) {
    return Math.min(WIDTH, this.size - number * WIDTH);
  }

  /** The entries number·256 … of the log. */
  async entries(number) {
    const name = tileName("entries", number, this.width(number));
    const bundle = await this.pack.read(name, WIDTH * 65_537);
    const entries = decodeBundle(bundle, number * WIDTH, name);
    if (entries.length !== this.width(number))
      throw new Malformed(name, say`the bundle has ${entries.length} entries, not ${this.width(number)}`);
    return entries;
  }

  async entry(index) {
    return (await this.entries(Math.floor(index / WIDTH)))[index % WIDTH];
  }

  addBlockRoot(number, hash) {
    if ((number + 1) * HASH > this.blockRoots.length) {
      const larger = new Uint8Array(this.blockRoots.length * 2);
      larger.set(this.blockRoots);
      this.blockRoots = larger;
    }
    this.blockRoots.set(hash, number * HASH);
  }

  /** The roots of the bundles read so far. */
  get roots() {
    return this.blockRoots.subarray(0, Math.ceil(this.read / WIDTH) * HASH);
  }

  /** The root of the first `size` entries, all of which have been read. */
  async rootAt(size) {
    const full = Math.floor(size / WIDTH);
    const level = this.blockRoots.subarray(0, full * HASH);
    if (size % WIDTH === 0) return merkleRoot(level);
    const rest = (await this.entries(full)).slice(0, size % WIDTH);
    return merkleRoot(concat([level, merkleRoot(leafHashes(rest))]));
  }

  /** One and the same text for a word that occurs often. */
  word(word) {
    const known = this.words.get(word);
    if (known !== undefined) return known;
    const own = detached(word);
    this.words.set(own, own);
    return own;
  }
}

/** The checkpoint is signed by the log's own key, whose name is the checkpoint's origin. */
function checkSignature(record, keys, report) {
  if (!keys.length) {
    report.notChecked.push(say`The signature of the checkpoint: no --vkey was given.`);
    return;
  }
  const where = `${LOG}checkpoint`;
  const { origin } = record.checkpoint;
  if (!openNote(record.note, keys, where).names.includes(origin))
    report.fail("signature", where, say`no key that you gave has signed this checkpoint for its origin`);
  report.prove("signature", say`The checkpoint is signed by ${origin} with the key that you gave.`);
}

/** Read all entries once, bundle by bundle, and check them on the way. */
async function readLog(record, report) {
  for (let number = 0; number * WIDTH < record.size; number++) {
    const start = number * WIDTH;
    const entries = await record.entries(number);
    const leaves = leafHashes(entries);
    await checkLeafTile(record, number, leaves, report);
    record.addBlockRoot(number, merkleRoot(leaves));
    for (const [place, entry] of entries.entries()) takeEntry(record, start + place, entry, report);
    record.read = start + entries.length;
  }
}

function takeEntry(record, index, entry, report) {
  let row = parseRow(byteText(entry));
  if (!row) {
    const found = parseIrregular(entry, `entry ${index}`);
    if (!found.row) {
      report.fail("entry_form", `entry ${index}`, say`this is not an entry: ${found.problem}`);
      return;
    }
    row = found.row;
    record.newer++;
  }
  if (row.time < record.lastTime)
    report.fail("time_order", `entry ${index}`, say`time goes back, from ${record.lastTime} to ${row.time}`);
  record.lastTime = row.time;
  if (record.chains.swap(row.subject, row.commit) !== row.prev)
    report.fail("chains", `entry ${index}`, say`prev does not name the previous entry of ${row.subject}`);
  if (record.watched.has(row.subject)) record.watched.get(row.subject).push([index, row]);
  if (row.process === record.process) collect(record, index, row);
  else collectOther(record, index, row);
}

/** The stored leaf hashes are those of the stored entries. */
async function checkLeafTile(record, number, leaves, report) {
  const name = tileName(0, number, leaves.length / HASH);
  const stored = await attempt(report, "leaf_tile", name, () => record.pack.read(name, WIDTH * HASH));
  if (!stored || sameBytes(stored, leaves)) return;
  for (let place = 0; place < Math.max(stored.length, leaves.length); place += HASH)
    if (!sameBytes(stored.subarray(place, place + HASH), leaves.subarray(place, place + HASH))) {
      const index = number * WIDTH + place / HASH;
      report.fail("leaf_tile", `entry ${index}`, say`the entry and its hash in ${name} do not agree`);
    }
}

const OF_THE_WHOLE_SERVER = /^(?:account|organisation|log)\//;
const VOTING = /^(?:vote\.|roll\.|ballot(?!_box\.))/;

/** Keep what later checks need: counts by type, who voted, commitments that wait for their opening. */
function collect(record, index, row) {
  const kind = record.word(row.kind);
  record.story.count(kind, row.time);
  if (!record.ownRoots.has(row.root) && !OF_THE_WHOLE_SERVER.test(row.root))
    record.ownRoots.set(record.word(row.root), index);
  if (row.commit !== EMPTY_COMMITMENT) keepPayload(record, index, row, true);
  if (kind === "ballot.cast" || kind === "ballot.cast_on_paper") collectCast(record, index, row, kind);
  else if (VOTING.test(kind)) collectVoteEntry(record, index, row);
}

function keepPayload(record, index, row, own) {
  const [commit, subject] = [detached(row.commit), detached(row.subject)];
  record.payloads.set(index, { commit, subject, time: detached(row.time), kind: record.word(row.kind), own });
}

/** Entries of the whole server or of other processes. */
function collectOther(record, index, row) {
  if (!record.otherRoots.has(row.root)) record.otherRoots.set(record.word(row.root), index);
  if (!row.process && row.commit !== EMPTY_COMMITMENT) keepPayload(record, index, row, false);
}

function castsOf(record, ref) {
  if (!record.casts.has(ref)) record.casts.set(record.word(ref), new Casts());
  return record.casts.get(ref);
}

function voteEntriesOf(record, ref) {
  if (!record.voteEntries.has(ref)) record.voteEntries.set(record.word(ref), []);
  return record.voteEntries.get(ref);
}

/** A paper that came back unused leaves its slot as free as before. */
function collectReturn(record, index, row) {
  const casts = castsOf(record, row.root);
  const slot = detached(row.subject);
  if (casts.onPaper.delete(slot)) casts.paper--;
  else voteEntriesOf(record, row.root).push([index, "returned without paper"]);
  casts.returned.add(slot);
  casts.last = index;
}

function collectVoteEntry(record, index, row) {
  if (row.kind === "ballot.paper_returned") return collectReturn(record, index, row);
  if (row.kind !== "ballot.recast") {
    voteEntriesOf(record, row.root).push([index, record.word(row.kind)]);
    return;
  }
  const casts = castsOf(record, row.root);
  casts.recast++;
  casts.last = index;
  const entries = voteEntriesOf(record, row.root);
  if (!row.prev) entries.push([index, "recast without cast"]);
  if (casts.onPaper.has(row.subject)) entries.push([index, "recast of paper"]);
}

function collectCast(record, index, row, kind) {
  const casts = castsOf(record, row.root);
  if (casts.first < 0) casts.first = index;
  const again = row.prev && !casts.returned.delete(row.subject);
  if (kind === "ballot.cast") casts.cast++;
  else {
    casts.paper++;
    casts.onPaper.add(detached(row.subject));
  }
  casts.last = index;
  const tail = row.subject.slice(row.root.length);
  const number = /^\/slot\/(?:[0-9]{6}|[1-9][0-9]{6,})$/.test(tail) ? Number(tail.slice(6)) : 0;
  if (again || !number) voteEntriesOf(record, row.root).push([index, again ? "again" : "no slot"]);
  else if (number > casts.highest) casts.highest = number;
}

/** The tree over the stored entries has the root that the checkpoint signs. */
function checkRoot(record, report) {
  if (record.read !== record.size || !sameBytes(merkleRoot(record.roots), record.checkpoint.root))
    report.fail("root", `${LOG}checkpoint`, say`the entries do not give the root of the checkpoint`);
  const { size } = record;
  report.prove("root", say`All ${size} entries are unaltered: their Merkle tree has the root of the checkpoint.`);
  report.prove("entry_form", say`Every entry is canonical and of a documented form.`);
  report.prove("chains", say`Every subject's entries form a gapless chain.`);
  report.prove("time_order", say`Time never goes back along the log.`);
  if (record.newer) report.notChecked.push(say`${record.newer} entries follow a newer schema than this program knows.`);
}

/** The stored inner nodes are those of the tree, and there are no other files of the log. */
async function checkUpperTiles(record, report) {
  const expected = new Set();
  let hashes = new Uint8Array();
  for (let level = 0, count = record.size; count; level++, count = Math.floor(count / WIDTH)) {
    for (let number = 0; number * WIDTH < count; number++) {
      const width = Math.min(WIDTH, count - number * WIDTH);
      const name = tileName(level, number, width);
      expected.add(name);
      if (!level) expected.add(tileName("entries", number, width));
      else await checkTile(record, name, hashes.subarray(number * WIDTH * HASH).subarray(0, width * HASH), report);
    }
    hashes = (level ? tileRoots(hashes) : record.roots).subarray(0, Math.floor(count / WIDTH) * HASH);
  }
  for (const name of record.pack.under(`${LOG}tile/`).sort(byName))
    if (!expected.has(name)) report.fail("upper_tiles", name, say`the log of this size has no such file`);
  report.prove("upper_tiles", say`The tiles are those of the tree.`);
}

async function checkTile(record, name, content, report) {
  const stored = await attempt(report, "upper_tiles", name, () => record.pack.read(name, WIDTH * HASH));
  if (!stored || !sameBytes(stored, content))
    report.fail("upper_tiles", name, say`the tile does not hold the hashes of the tree`);
}

function tileRoots(hashes) {
  const step = WIDTH * HASH;
  const roots = [];
  for (let place = 0; place < hashes.length; place += step)
    roots.push(merkleRoot(hashes.subarray(place, place + step)));
  return concat(roots.length ? roots : [hashes]);
}

/** The checkpoints of the process's milestones that lie in the package are of the beginnings of this very log. */
async function checkStoredCheckpoints(record, keys, report) {
  const names = record.pack.under(CHECKPOINTS);
  for (const name of names) await attempt(report, "checkpoints", name, () => checkStoredCheckpoint(record, name, keys));
  if (names.length)
    report.prove("checkpoints", say`${names.length} earlier checkpoints in the package are of this very log.`);
}

async function checkStoredCheckpoint(record, name, keys) {
  const { text, names } = openNote(await record.pack.read(name, MIB), keys, name);
  const { origin, size, root } = parseCheckpoint(text, name);
  if (origin !== record.checkpoint.origin || name !== `${CHECKPOINTS}${size}`)
    throw new Malformed(name, say`this is a checkpoint of another log, or of another size than its name says`);
  if (keys.length && !names.includes(origin))
    throw new Malformed(name, say`no key that you gave has signed this checkpoint for its origin`);
  if (size > record.read || !sameBytes(await record.rootAt(size), root))
    throw new Malformed(name, say`the first ${size} entries are not those of this checkpoint: the log was forked`);
}

/** Nothing of this process is logged outside it, where its opening would not be asked for. */
function checkScopes(record, report) {
  for (const root of [...record.ownRoots.keys()].sort(byName))
    if (record.otherRoots.has(root)) {
      const index = record.otherRoots.get(root);
      report.fail("scopes", `entry ${index}`, say`${root} belongs to this process, but not in this entry`);
    }
}
