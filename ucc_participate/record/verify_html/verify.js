// Evidence from elsewhere, the tables and the summary, and the whole in its order.

const MERGE_SECONDS = 300;
const NOT_READ = ["README.html", "record.pdf", "record.en.pdf", "prov.json", "datapackage.json"].map(
  (n) => `data/${n}`,
);

/** What the verifier got elsewhere: checkpoints and receipts, by the names of their files. */
async function readEvidence(checkpoints, receipts) {
  const evidence = { checkpoints: [], proofs: [], receipts: [] };
  for (const file of checkpoints) evidence.checkpoints.push([file.name, await readSmall(file)]);
  for (const file of receipts) {
    const bytes = await readSmall(file);
    if (byteText(bytes.subarray(0, 23)) === "c2sp.org/tlog-proof@v1\n") {
      evidence.proofs.push([file.name, bytes]);
      continue;
    }
    try {
      evidence.receipts.push([file.name, parseReceipt(bytes, file.name)]);
    } catch (error) {
      if (!(error instanceof Malformed)) throw error;
      throw new Unreadable(say`${file.name} is not a receipt: ${error.statement}`);
    }
  }
  return evidence;
}

async function readSmall(file) {
  if (file.size > MIB) throw new Unreadable(say`${file.name} is too long`);
  try {
    return new Uint8Array(await file.arrayBuffer());
  } catch (error) {
    throw new Unreadable(say`${file.name}: ${error.name}`);
  }
}

function parseReceipt(bytes, path) {
  const receipt = parseJson(bytes, path);
  if (!isObject(receipt) || receipt.format !== "ucc-receipt/1")
    throw new Malformed(path, say`it is not of the format ucc-receipt/1`);
  const { index = null, entry } = receipt;
  if (!["origin", "commit", "subject", "type", "promise"].every((name) => typeof receipt[name] === "string"))
    throw new Malformed(path, say`a member is missing`);
  if (index !== null && (typeof index !== "number" || index < 0 || typeof entry !== "string"))
    throw new Malformed(path, say`a receipt with an index has the entry`);
  return receipt;
}

/** The log of an earlier checkpoint is a prefix of this one. */
async function checkEarlierCheckpoint(record, path, note, keys, report) {
  const { text, names } = openNote(note, keys, path);
  const earlier = parseCheckpoint(text, path);
  const { size } = earlier;
  if (earlier.origin !== record.checkpoint.origin)
    throw new Malformed(path, say`this is a checkpoint of another log: ${clean(earlier.origin)}`);
  if (keys.length && !names.includes(earlier.origin))
    throw new Malformed(path, say`no key that you gave has signed this earlier checkpoint`);
  if (size > record.size)
    throw new Malformed(path, say`the record ends at ${record.size} entries, the checkpoint had ${size}: truncated`);
  if (record.read < size || !sameBytes(await record.rootAt(size), earlier.root))
    throw new Malformed(
      path,
      say`the first ${size} entries are not those of the earlier checkpoint: the log was forked`,
    );
  record.covered = Math.max(record.covered, size);
  report.prove("earlier", say`The first ${size} entries are those of the earlier checkpoint ${clean(path)}.`);
}

/** The entry of a tlog-proof file is in this record, and its checkpoint is of this log. */
async function checkProof(record, path, bytes, keys, report) {
  const content = byteText(bytes);
  const cut = content.indexOf("\n\n");
  const lines = content.slice(0, cut < 0 ? undefined : cut).split("\n");
  const note = cut < 0 ? new Uint8Array() : bytes.subarray(cut + 2);
  if (lines.length < 3 || !lines[1].startsWith("extra ") || !/^index (?:0|[1-9][0-9]{0,17})$/.test(lines[2]))
    throw new Malformed(path, say`this is not a tlog-proof file with the entry in it`);
  const [entry, ...hashes] = [lines[1].slice(6), ...lines.slice(3)].map((line) => decodeBase64(line, path));
  const index = Number(lines[2].slice(6));
  const { size, root } = parseCheckpoint(splitNote(note, path).text, path);
  if (!verifyInclusion(index, size, sha256(Uint8Array.of(0), entry), hashes, root))
    throw new Malformed(path, say`the proof does not lead to the root of its own checkpoint`);
  await checkEarlierCheckpoint(record, path, note, keys, report);
  if (index >= record.read || !sameBytes(await record.entry(index), entry))
    throw new Malformed(path, say`the record has another entry ${index}: the proof contradicts the record`);
  report.prove("receipts", say`The entry of the proof ${clean(path)} is entry ${index} of this record.`);
}

/** The receipt carries the log's signed word for exactly what it says. */
function checkReceiptPromise(path, receipt, keys, report) {
  const where = `receipt ${path}`;
  const { text, names } = openNote(utf8(receipt.promise), keys, where);
  if (keys.length && !names.includes(receipt.origin))
    throw new Malformed(where, say`the log's key has not signed this receipt: it proves nothing`);
  if (!keys.length) report.notChecked.push(say`The signature of the receipt ${clean(path)}: no --vkey was given.`);
  const ballot = get(receipt, "ballot");
  const { origin, commit, subject, type } = receipt;
  const said = [`${origin}/promise`, commit, subject, type, ballot ? must(ballot, "commitment") : "-"];
  if (!sameValue(text.split("\n").slice(0, -2), said))
    throw new Malformed(where, say`the signed promise says something else than the receipt`);
}

/** The entry of the receipt stands in the record, where the receipt says. */
async function checkReceiptEntry(record, path, receipt, report) {
  const where = `receipt ${path}`;
  if (receipt.origin !== record.checkpoint.origin) throw new Malformed(where, say`the receipt is from another log`);
  const index = get(receipt, "index");
  if (index === null) {
    requirePromised(record, path, receipt, report);
    return;
  }
  const entry = decodeBase64(receipt.entry, where);
  const row = parseRow(byteText(entry));
  if (!row || row.commit !== receipt.commit || row.subject !== receipt.subject || row.kind !== receipt.type)
    throw new Malformed(where, say`the entry in the receipt is not what the receipt says`);
  if (index >= record.size)
    throw new Malformed(where, say`the receipt is for entry ${index}, the record ends at ${record.size}: truncated`);
  if (index >= record.read || !sameBytes(await record.entry(index), entry))
    throw new Malformed(where, say`the record has another entry ${index}: the receipt contradicts the record`);
  report.prove("receipts", say`The entry of the receipt ${clean(path)} is entry ${index} of this record.`);
}

/** A promised entry is in the record, or the record ends before it had to be. */
function requirePromised(record, path, receipt, report) {
  for (const [index, row] of record.watched.get(receipt.subject) ?? [])
    if (row.commit === receipt.commit && row.kind === receipt.type) {
      report.prove(
        "receipts",
        say`The entry promised in the ${say`receipt ${clean(path)}`} is entry ${index} of this record.`,
      );
      return;
    }
  const promised = seconds(asText(receipt.promise.split("\n")[5]));
  if (record.lastTime && seconds(record.lastTime) > promised + MERGE_SECONDS)
    throw new Malformed(`receipt ${path}`, say`the promised entry is missing: the promise was broken`);
  report.notProvable.push(
    say`That the promise of the ${say`receipt ${clean(path)}`} was kept: the record ends before it had to be.`,
  );
}

function seconds(time) {
  const moment = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(time) ? Date.parse(time) : NaN;
  if (Number.isNaN(moment)) throw new RangeError("not a time");
  return moment / 1000;
}

/** The voter's own ballot is among the published ones, or was replaced by a later ballot of theirs. */
async function checkReceiptBallot(record, path, receipt, report) {
  const where = `receipt ${path}`;
  const ballot = get(receipt, "ballot");
  if (!ballot) return;
  const ref = twoParts(receipt.subject);
  const commitment = asText(must(ballot, "commitment"));
  const more = pick(ballot, ["points", "sector"].filter((member) => Object.hasOwn(ballot, member)));
  const choices = jcsBytes({ choices: must(ballot, "choices"), ...more, vote: ref });
  if (hex(sha256(utf8("ucc-b1\0"), unhex(must(ballot, "salt")), choices)) !== commitment)
    throw new Malformed(where, say`the ballot in the receipt does not fit its own commitment`);
  const vote = record.story.votes.get(ref);
  const name = `${VOTES}${ref.slice(ref.indexOf("/") + 1)}.ballots.csv`;
  if (!vote || !record.pack.has(name))
    report.notChecked.push(say`The ballot of the ${say`receipt ${clean(path)}`}: the vote is not counted yet.`);
  else if (vote.superseded.includes(commitment))
    report.prove(
      "receipts",
      say`The ballot of the ${say`receipt ${clean(path)}`} was replaced by a later one of the same voter.`,
    );
  else if (!(await hasBallot(record.pack, name, commitment)))
    throw new Malformed(where, say`the ballot is not among those of ${name}: the receipt contradicts the record`);
  else report.prove("receipts", say`The ballot of the ${say`receipt ${clean(path)}`} is among those counted.`);
}

async function hasBallot(pack, name, commitment) {
  for await (const block of pack.blocks(name)) if (`\n${byteText(block)}`.includes(`\n${commitment},`)) return true;
  return false;
}

/** Say how far evidence from outside reaches: a log cannot prove on its own that its end was not cut off. */
function judgeCompleteness(record, report) {
  if (record.covered >= record.size && record.size > 0) return;
  report.notProvable.push(
    record.covered
      ? say`Completeness after entry ${record.covered - 1}: no checkpoint from elsewhere covers the rest.`
      : say`Completeness: without a checkpoint or a receipt from elsewhere a shortened log looks the same.`,
  );
}

/** Every table is what the log yields, cell by cell. */
async function checkTables(record, tables, report) {
  for (const [name, table] of tables) {
    const path = `data/tables/${name}.csv`;
    if (LATER_TABLES.has(name) && table.length === 1 && !record.pack.has(path)) continue;
    const content = tableCsv(table);
    const listed = get(get(record.info, "tables", {}), name, {});
    if (!sameValue(listed, { rows: table.length - 1, sha256: await nativeDigest(content) }))
      report.fail("tables", `data/record.json tables.${name}`, say`not the table that the log yields`);
    const found = await attempt(report, "tables", path, () => record.pack.read(path, MAX_TABLE));
    if (found && !sameBytes(found, content))
      await attempt(report, "tables", path, () => nameCells(path, table, found, content, report));
  }
  report.prove("tables", say`The ${tables.size} tables are those that the log yields.`);
}

function nameCells(path, table, found, content, report) {
  const [rows, expected] = [found, content].map((bytes) => [...csvRows(linesOf(utf8Text(bytes)), ",")]);
  for (const [place, left] of expected.slice(0, rows.length).entries()) {
    const right = rows[place];
    for (const [at, column] of table[0].slice(0, Math.min(left.length, right.length)).entries())
      if (left[at] !== right[at])
        report.fail(
          "tables",
          `${path} row ${place + 1} ${column}`,
          say`${short(right[at])}, not ${short(left[at])} as in the log`,
        );
    if (left.length !== right.length)
      report.fail("tables", `${path} row ${place + 1}`, say`another number of cells than the log yields`);
  }
  if (rows.length !== expected.length)
    report.fail("tables", path, say`${rows.length - 1} rows, the log yields ${expected.length - 1}`);
  if (sameValue(rows, expected))
    report.fail("tables", path, say`the same cells as the log yields, written in another way`);
}

/** The lines of a text with their ends, whichever these are. */
const linesOf = (content) => content.match(/[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+$/g) ?? [];

/** record.json says of the record what the record is. */
function checkSummary(record, report) {
  const { checkpoint, info, story } = record;
  const { origin, size } = checkpoint;
  const root = base64(checkpoint.root);
  const expected = {
    origin,
    size,
    root,
    title: get(story.process, "title"),
    process_state: story.process,
    presence: story.figures,
  };
  for (const path of differences(expected, pick(info, Object.keys(expected))))
    report.fail("summary", `data/record.json ${path.split(" ", 1)[0]}`, say`not as in the log: ${path}`);
  if (!plainly(get(info, "citation")).startsWith(`${origin} · ${size} · ${root} · `))
    report.fail("summary", "data/record.json citation", say`it does not name origin, size and root of the checkpoint`);
  report.prove("summary", say`The summary in record.json is that of the log.`);
}

/** Manifests name every file with its digest, and nothing else [RFC 8493]. */
async function checkBag(record, report) {
  const { pack } = record;
  const declaration = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n";
  if (byteText(await pack.read("bagit.txt", MIB)) !== declaration)
    report.fail("bag", "bagit.txt", say`this is not a BagIt 1.0 bag`);
  const payload = await readManifest(pack, "manifest-sha256.txt");
  const tags = await readManifest(pack, "tagmanifest-sha256.txt");
  const names = [...pack.members.keys()];
  await compareManifest(pack, report, payload, new Set(names.filter((name) => name.startsWith("data/"))));
  const outside = names.filter((name) => !name.startsWith("data/") && name !== "tagmanifest-sha256.txt");
  await compareManifest(pack, report, tags, new Set(outside));
  report.prove(
    "bag",
    say`The package is whole: ${payload.size} files have the digests of its manifests, and there are no others.`,
  );
}

async function readManifest(pack, name) {
  const digests = new Map();
  for await (const line of pack.lines(name)) {
    const match = /^([0-9a-f]{64}) {2}([\x21-\x7e]+)$/.exec(byteText(line));
    if (!match || digests.has(match[2]))
      throw new Malformed(name, say`a line is not a digest and a file name, or names a file again`);
    digests.set(match[2], match[1]);
  }
  return digests;
}

async function compareManifest(pack, report, listed, present) {
  for (const name of [...present].sort(byName)) {
    if (!listed.has(name)) {
      report.fail("bag", name, say`the file is in no manifest`);
      continue;
    }
    const digest = await attempt(report, "bag", name, () => pack.digest(name));
    if (digest && digest !== listed.get(name))
      report.fail("bag", name, say`the file differs from its digest in the manifest`);
  }
  for (const name of [...listed.keys()].sort(byName))
    if (!present.has(name)) report.fail("bag", name, say`the manifest names a file that is not there`);
}

const LIMITS = [
  say`That a person is real, eligible, single or uncoerced.`,
  say`That something which never entered the log did not happen, or that statements in it are true.`,
  say`That slots of people who did not vote were not used by somebody who controls the roll.`,
  say`Figures by sex and age: the log holds no personal data, they are the server's statement.`,
];

/**
 * Verify a package with what was got elsewhere: {record, vkeys, checkpoints, receipts}, files and texts.
 * Never throws: what cannot be read at all is a report with the exit 2 and a reason.
 */
async function verify(given, progress = () => {}, breathe = async () => {}) {
  try {
    return (await verified(given, progress, breathe)).asData();
  } catch (error) {
    const reason = error instanceof Unreadable ? error.statement : say`${given.record?.name ?? ""}: ${String(error)}`;
    return { format: FORMAT, exit: 2, reason };
  }
}

async function verified({ record: file, vkeys, checkpoints, receipts }, progress, breathe) {
  const report = new Report();
  const keys = vkeys.map(givenKey);
  const evidence = await readEvidence(checkpoints, receipts);
  if (!file) throw new Unreadable(say`no package was given`);
  const record = await RecordFile.open(await Package.open(file, progress, breathe));
  await verifyLog(record, keys, evidence, report);
  if (record.read === record.size) await verifyContent(record, report);
  else report.notChecked.push(say`Openings, votes, tables and the summary: the log could not be read to its end.`);
  await verifyEvidence(record, keys, evidence, report);
  await attempt(report, "bag", "manifest-sha256.txt", () => checkBag(record, report));
  stateLimits(record, report);
  return report;
}

function givenKey(vkey) {
  try {
    return parseVkey(vkey);
  } catch (error) {
    throw new Unreadable(say`--vkey: ${error.statement}`);
  }
}

async function verifyLog(record, keys, evidence, report) {
  const { origin, size, root } = record.checkpoint;
  Object.assign(report.header, { process: record.process, origin, size, root: base64(root) });
  for (const [, receipt] of evidence.receipts)
    if (get(receipt, "index") === null) record.watched.set(receipt.subject, []);
  const where = `${LOG}checkpoint`;
  await attempt(report, "signature", where, () => checkSignature(record, keys, report));
  await attempt(report, "bundles", `${LOG}tile/entries`, () => readLog(record, report));
  await attempt(report, "root", where, () => checkRoot(record, report));
  if (record.read === record.size)
    await attempt(report, "upper_tiles", `${LOG}tile`, () => checkUpperTiles(record, report));
  await attempt(report, "checkpoints", CHECKPOINTS, () => checkStoredCheckpoints(record, keys, report));
  await attempt(report, "scopes", LOG, () => checkScopes(record, report));
}

async function verifyContent(record, report) {
  await attempt(report, "openings", OPENINGS, () => readOpenings(record, report));
  await attempt(report, "withheld", OPENINGS, () => checkWithheld(record, report));
  await attempt(report, "votes", VOTES, () => checkVotes(record, report));
  const tables = await attempt(report, "tables", "data/tables", () => tablesOf(record.story));
  if (tables) await attempt(report, "tables", "data/tables", () => checkTables(record, tables, report));
  await attempt(report, "summary", "data/record.json", () => checkSummary(record, report));
}

async function verifyEvidence(record, keys, evidence, report) {
  for (const [path, note] of evidence.checkpoints)
    await attempt(report, "earlier", path, () => checkEarlierCheckpoint(record, path, note, keys, report));
  for (const [path, bytes] of evidence.proofs)
    await attempt(report, "receipts", path, () => checkProof(record, path, bytes, keys, report));
  for (const [path, receipt] of evidence.receipts) {
    const where = `receipt ${path}`;
    await attempt(report, "receipts", where, () => checkReceiptPromise(path, receipt, keys, report));
    await attempt(report, "receipts", where, () => checkReceiptEntry(record, path, receipt, report));
    await attempt(report, "receipts", where, () => checkReceiptBallot(record, path, receipt, report));
  }
}

function stateLimits(record, report) {
  judgeCompleteness(record, report);
  report.notProvable.push(...LIMITS);
  const unread = NOT_READ.filter((name) => record.pack.has(name));
  if (unread.length)
    report.notChecked.push(say`What these files say (only that they are unchanged): ${unread.join(", ")}.`);
  report.notChecked.push(say`Time stamps and witnesses' signatures.`);
  if (record.otherRoots.size)
    report.notChecked.push(say`Payloads of entries that belong to the whole server or to other processes.`);
}
