// Votes: rules fixed before the opening, every ballot from a slot of the roll, and the count again.

const VOTES = "data/votes/";

/** Every vote of the process. */
async function checkVotes(record, report) {
  const { story, pack } = record;
  for (const ref of [...new Set([...record.voteEntries.keys(), ...record.casts.keys()])].sort(byName)) story.vote(ref);
  const known = new Set();
  for (const vote of story.votes.values()) {
    await checkVote(record, vote, report);
    for (const end of ["result.json", "ballots.csv", "pb"]) known.add(`${VOTES}${vote.id}.${end}`);
  }
  for (const name of pack.under(VOTES).sort(byName))
    if (!known.has(name)) report.fail("votes", name, say`the log knows no such vote`);
}

async function checkVote(record, vote, report) {
  const run = (check, step, ...more) => attempt(report, check, vote.ref, () => step(record, vote, ...more, report));
  await run("rules", checkRulesFixed);
  await run("roll", checkRoll);
  await run("order", checkOrder);
  await run("kinds", checkBallotKinds);
  await run("slots", checkSlots);
  nameBoxes(record, vote, report);
  if (!vote.result) {
    report.notChecked.push(say`The ballots of ${vote.ref}: it is not counted yet.`);
    return;
  }
  const secret = get(vote.state, "franchise") !== "organisation";
  const ballots = await run("ballots", secret ? readBallots : readOpenBallots);
  if (!ballots) return;
  if (secret) await run("commitments", checkCommitments, ballots);
  else await run("sectors", checkSectors, ballots);
  await run("recount", checkRecount, ballots);
  await run("pabulib", checkPabulib, ballots);
  await run("rules", nameUnchecked);
}

const hasEntry = (record, vote, wanted) => (record.voteEntries.get(vote.ref) ?? []).some(([, kind]) => kind === wanted);

/** That boxes are not checked against the slots on paper, so that nobody takes silence for a check. */
function nameBoxes(record, vote, report) {
  if (hasEntry(record, vote, "ballots.entered"))
    report.notChecked.push(
      say`The ballot boxes of ${vote.ref}: that each was entered once, and that they hold no more ballots than slots voted on paper. verify.py checks it.`,
    );
}

/** What else verify.py checks of a vote that is counted, and this file does not. */
function nameUnchecked(record, vote, report) {
  const { ref } = vote;
  const rules = rulesOf(vote);
  const kind = get(rules, "ballot");
  const name = (isThere, statement) => isThere && report.notChecked.push(statement);
  name(POINTED.has(kind), say`The points on the ballots of ${ref}: that they keep to their limits. verify.py checks it.`);
  name(kind === "knapsack", say`What each ballot of ${ref} costs: that the money pays for it. verify.py checks it.`);
  name(isWeighed(vote), say`The weights of the ballots of ${ref}: that they are those of the roll. verify.py checks it.`);
  name(
    get(rules, "decides", "person") !== "person",
    say`The sectors that decide ${ref}: that they were fixed on the roll, and none has more ballots than people. verify.py checks it.`,
  );
  name(
    ["lot", "cost_votes_lot"].includes(get(rules, "tie")) || hasEntry(record, vote, "vote.lot_drawn"),
    say`The lot of ${ref}: that it follows from its seal, the public value and all ballots. verify.py checks it.`,
  );
  const isCertified = hasEntry(record, vote, "vote.certified");
  name(
    isCertified,
    say`The certification of ${ref}: that it is of this result, after all days of the canvass, and that nothing followed. verify.py checks it.`,
  );
  name(!isCertified && get(rules, "canvass_days", 0), say`The certification of ${ref}: there is none yet.`);
}

/** Whether ballots of organisations do not all count once. */
function isWeighed(vote) {
  const heavy = (weights) => isObject(weights) && Object.keys(weights).length > 0;
  return (
    vote.rolls.some(([, , roll]) => heavy(get(roll, "weights"))) ||
    [...vote.openBallots.values()].some(([, ballot]) => get(ballot, "weight", 1) !== 1)
  );
}

/** Options and rules were logged before the opening and never changed after it. */
function checkRulesFixed(_record, vote, report) {
  const { ref, opened } = vote;
  const early = vote.states.filter(
    ([index, kind]) => (kind === "vote.announced" || kind === "vote.revised") && (!opened || index < opened[0]),
  );
  if (!early.length) {
    report.fail("rules", ref, say`the rules were not logged before the vote was opened`);
    return;
  }
  const agreed = early.at(-1)[2];
  for (const [index, kind, state] of vote.states) {
    const said = jcsBytes({ options: must(state, "options"), rules: must(state, "rules") });
    if (must(state, "rules_sha256") !== hex(sha256(said)))
      report.fail("rules", `entry ${index}`, say`rules_sha256 of ${ref} is not the hash of its options and rules`);
    if (!opened || index < opened[0]) continue;
    for (const part of ["options", "rules", "rules_sha256"])
      if (!sameValue(get(state, part), get(agreed, part)))
        report.fail("rules", `entry ${index}`, say`${part} of ${ref} changed after they were agreed (${kind})`);
  }
  requireNoEarlierClosing(vote, report);
  if (opened) report.prove("rules", say`Options and rules of ${ref} were logged before it opened and did not change.`);
}

function requireNoEarlierClosing(vote, report) {
  const states = vote.states.filter(([, kind]) => kind !== "vote.closed");
  const closings = states.map(([index, kind, state]) => [index, kind, must(state, "closes_at")]);
  for (const [place, [index, kind, after]] of closings.entries())
    if (place && vote.opened && index > vote.opened[0] && comesBefore(after, closings[place - 1][2]))
      report.fail("rules", `entry ${index}`, say`${vote.ref} closes earlier than it was opened for (${kind})`);
}

/** The roll was frozen once, before the first ballot; extensions are shown, shrinking is refused. */
function checkRoll(record, vote, report) {
  const { ref, opened, rolls } = vote;
  if (!opened) return;
  const casts = record.casts.get(ref);
  const frozen = rolls.filter(([, kind]) => kind === "roll.frozen");
  if (frozen.length !== 1 || (casts && casts.first < frozen[0][0])) {
    report.fail("roll", ref, say`the roll was not frozen exactly once, before the first ballot`);
    return;
  }
  let slots = 0;
  for (const [index, kind, roll] of rolls) {
    const now = must(roll, "slots");
    if (comesBefore(now, slots))
      report.fail("roll", `entry ${index}`, say`the roll of ${ref} shrank from ${slots} to ${now}`);
    if (kind === "roll.extended") {
      const given = get(roll, "reason");
      const reason = given ? clean(plainly(given)) : say`no reason given`;
      report.shown.push(say`The roll of ${ref} was extended in entry ${index}, from ${slots} to ${now}: ${reason}`);
    }
    slots = now;
  }
  const first = must(rolls[0][2], "slots");
  if (must(opened[2], "roll_size") !== first)
    report.fail("roll", `entry ${opened[0]}`, say`roll_size of ${ref} is not the size of the frozen roll, ${first}`);
  report.prove("roll", say`The roll of ${ref} was frozen before the first ballot.`);
}

/** No ballot before the opening; no ballot and no change of the roll after the closing; the tally comes last. */
function checkOrder(record, vote, report) {
  const { ref } = vote;
  const entries = record.voteEntries.get(ref) ?? [];
  const first = (wanted) => entries.find(([, kind]) => kind === wanted)?.[0];
  const opened = first("vote.opened");
  const closed = first("vote.closed") ?? record.size;
  const tallied = first("vote.tallied") ?? record.size;
  const ballots = entries.filter(([, kind]) => kind.startsWith("ballot.")).map(([index]) => index);
  const casts = record.casts.get(ref);
  if (casts) ballots.push(...[casts.first, casts.last].filter((index) => index >= 0));
  for (const index of ballots)
    if (opened === undefined || !(opened < index && index < closed))
      report.fail("order", `entry ${index}`, say`a ballot of ${ref} outside the time between opening and closing`);
  for (const [index, kind] of entries) {
    if (kind.startsWith("roll.") && index > closed)
      report.fail("order", `entry ${index}`, say`${kind} after ${ref} was closed`);
    if (kind.startsWith("ballots.") && kind !== "ballots.unlinked" && index > tallied)
      report.fail("order", `entry ${index}`, say`${kind} after ${ref} was counted`);
  }
  if (tallied < closed) report.fail("order", `entry ${tallied}`, say`${ref} was counted before it was closed`);
  if (entries.filter(([, kind]) => kind === "vote.tallied").length > 1)
    report.fail("order", ref, say`the vote was counted more than once`);
  report.prove("order", say`All ballots of ${ref} were cast between its opening and its closing.`);
}

const BALLOT_KINDS = new Set(
  [
    "ballot.cast ballot.recast ballot.cast_openly ballot.recast_openly ballot.statement_filed",
    "ballot.cast_on_paper ballot.paper_returned",
    "ballot.proposed_openly ballot.confirmed_openly ballot.agreement_withdrawn",
    "ballots.batched ballots.superseded ballots.unlinked ballots.lapsed ballots.imported ballots.entered",
  ].flatMap((kinds) => kinds.split(" ")),
);

/** Of ballots the log tells what the format knows and nothing else: no drafts, nothing that might count besides. */
function checkBallotKinds(record, { ref }, report) {
  for (const [index, kind] of record.voteEntries.get(ref) ?? [])
    if (kind.startsWith("ballot") && !BALLOT_KINDS.has(kind))
      report.fail("kinds", `entry ${index}`, say`${kind} of ${ref}: the log may not tell this of a ballot`);
}

/** Every secret ballot has a slot of the roll, no slot casts twice. */
function checkSlots(record, vote, report) {
  const { ref } = vote;
  const wrong = {
    again: say`${ref}: a slot casts a second ballot without replacing the first`,
    "no slot": say`${ref}: a ballot without a slot of the roll`,
    "recast without cast": say`${ref}: a ballot is replaced that was never cast`,
    "recast of paper": say`${ref}: a ballot is replaced whose paper went into the box`,
    "returned without paper": say`${ref}: a paper comes back that was never handed out`,
  };
  for (const [index, kind] of record.voteEntries.get(ref) ?? [])
    if (Object.hasOwn(wrong, kind)) report.fail("slots", `entry ${index}`, wrong[kind]);
  const casts = record.casts.get(ref);
  if (!casts) return;
  if (casts.highest > vote.slots)
    report.fail("slots", ref, say`slot ${casts.highest} has voted, the roll has ${vote.slots} slots`);
  report.prove("slots", say`${casts.cast + casts.paper} slots of ${ref} voted, none twice, none beyond the roll.`);
}

/** The ballots of a vote that count: how many there are of each choice, and their commitments when secret. */
class Ballots {
  choices = new Map();
  commitments = [];
  sectors = new Map();

  add(picked, number, choices = this.choices) {
    const key = JSON.stringify(picked);
    if (!choices.has(key)) choices.set(key, { picked, number: 0 });
    choices.get(key).number += number;
  }

  get number() {
    return countOf(this.choices);
  }
}

const countOf = (choices) => [...choices.values()].reduce((sum, { number }) => sum + number, 0);
const BALLOT_LINE = /^([0-9a-f]{64}),([0-9a-f]{64}),([A-Za-z0-9_.:/|-]*)$/;
const LONG_LINE = /^([0-9a-f]{64}),([0-9a-f]{64}),([A-Za-z0-9_.:/|-]*(?:,[0-9|]*)?(?:,[a-z_+]*)?)$/;
const POINTED = new Set(["score", "cumulative", "yesno"]);
const PLAIN_MEMBERS = new Set(
  "method ballot min_choices max_choices budget currency scale winners skip threshold group_floor tie order canvass_days"
    .split(" "),
);

const rulesOf = (vote) => must(vote.opened ? vote.opened[2] : vote.state, "rules");

/** Whether this file can count by the rules; verify.py counts by all of them. */
function isPlain(rules) {
  const isSet = ["approval", "choose"].includes(get(rules, "ballot"));
  const isMethod = ["votes", "greedy"].includes(get(rules, "method"));
  const isTie = ["option_order", "cost_then_order"].includes(get(rules, "tie"));
  const isAll = Object.keys(rules).every((member) => PLAIN_MEMBERS.has(member));
  return isSet && isMethod && isTie && isAll && !(get(rules, "method") === "votes" && get(rules, "threshold"));
}

/** Which columns the lines of a vote's ballots have. */
function formOf(vote) {
  const rules = rulesOf(vote);
  const hasPoints = POINTED.has(get(rules, "ballot"));
  const hasSector = get(rules, "decides", "person") !== "person";
  const header = `commitment,salt,choices${hasPoints ? ",points" : ""}${hasSector ? ",sector" : ""}\n`;
  return { hasPoints, hasSector, header, line: hasPoints || hasSector ? LONG_LINE : BALLOT_LINE };
}

/** The published secret ballots, each checked against its commitment. */
async function readBallots(record, vote, report) {
  const name = `${VOTES}${vote.id}.ballots.csv`;
  const ballots = new Ballots();
  const choices = new Map();
  const form = formOf(vote);
  const check = ballotCheck(vote, name, form, report);
  let line = 2;
  let isFirst = true;
  for await (const bytes of record.pack.blocks(name)) {
    let block = byteText(bytes);
    if (NOT_ASCII.test(block)) throw new TypeError("not ASCII");
    if (isFirst && !block.startsWith(form.header)) throw new Malformed(name, say`the first line is not the header`);
    if (isFirst) block = block.slice(form.header.length);
    isFirst = false;
    const rows = block
      .split("\n")
      .slice(0, -1)
      .map((row) => form.line.exec(row));
    if (rows.includes(null)) {
      const end = line + rows.filter(Boolean).length;
      throw new Malformed(`${name} lines ${line}-${end}`, say`a line is not commitment, salt and choices`);
    }
    for (const [, commitment, salt, picked] of rows) {
      check(commitment, salt, picked, line++);
      ballots.commitments.push(commitment);
      choices.set(picked, (choices.get(picked) ?? 0) + 1);
    }
  }
  checkBallotOrder(name, ballots.commitments, report);
  for (const [content, number] of choices) {
    const [named] = content.split(",");
    const picked = named ? named.split("|") : [];
    checkChoices(vote, name, picked, report);
    ballots.add(picked, number);
  }
  report.prove("ballots", say`${line - 2} ballots of ${vote.ref} fit the commitments that were logged.`);
  return ballots;
}

/** A function that checks that salt and choices of one line give its commitment. */
function ballotCheck(vote, name, form, report) {
  const head = utf8("ucc-b1\0");
  const suffixes = new Map();
  const digest = new Uint8Array(HASH);
  return (commitment, salt, choices, line) => {
    let suffix = suffixes.get(choices);
    if (!suffix) {
      const [named, ...more] = choices.split(",");
      const ids = named ? `"${named.replaceAll("|", '","')}"` : "";
      const points = form.hasPoints ? `"points":[${more[0].replaceAll("|", ",")}],` : "";
      const sector = form.hasSector ? `"sector":"${more.at(-1)}",` : "";
      suffix = utf8(`{"choices":[${ids}],${points}${sector}"vote":"${vote.ref}"}`);
      suffixes.set(detached(choices), suffix);
    }
    const length = head.length + HASH + suffix.length;
    if (length > scratch.length) {
      const long = sha256(head, unhex(salt), suffix);
      digest.set(long);
    } else {
      scratch.set(head);
      hexInto(salt, scratch, head.length);
      scratch.set(suffix, head.length + HASH);
      hashScratch(length, digest, 0);
    }
    if (hex(digest) !== commitment)
      report.fail("ballots", `${name} line ${line}`, say`the ballot does not fit its commitment`);
  };
}

/** Lines are sorted and none occurs twice. */
function checkBallotOrder(name, commitments, report) {
  if (commitments.some((commitment, place) => place && commitments[place - 1] >= commitment))
    report.fail("ballots", name, say`the lines are not sorted, or a ballot occurs twice`);
}

/** A ballot is blank, or names as many options as the rules allow, in ballot order, each once. */
function checkChoices(vote, where, picked, report) {
  const options = items(must(vote.state, "options"));
  const order = new Map(options.map((option, place) => [asName(must(option, "id")), place]));
  const places = picked.map((choice) => order.get(choice) ?? -1);
  const rules = must(vote.state, "rules");
  const most = must(rules, "max_choices") || order.size;
  const isRanked = get(rules, "ballot") === "ranked";
  const isTwice = new Set(places).size < places.length;
  if (isTwice || places.some((place, at) => place < 0 || (at && !isRanked && places[at - 1] >= place))) {
    const names = picked.join("|").slice(0, 200);
    report.fail("choices", where, say`a ballot names ${names}: unknown, repeated or not in ballot order`);
  } else if (places.length && !(integer(must(rules, "min_choices")) <= places.length && places.length <= integer(most)))
    report.fail("choices", where, say`a ballot names ${places.length} options, the rules allow another number`);
}

function tallyOf(texts) {
  const tally = new Map();
  for (const content of texts) tally.set(content, (tally.get(content) ?? 0) + 1);
  return tally;
}

/** The ballots counted are exactly those committed to while the vote was open, but for those that were replaced. */
function checkCommitments(record, vote, ballots, report) {
  const counted = tallyOf(ballots.commitments);
  const left = tallyOf(vote.committed);
  const replaced = tallyOf(vote.superseded);
  for (const [commitment, number] of replaced) left.set(commitment, (left.get(commitment) ?? 0) - number);
  const wrongly = [...replaced.keys()].some((commitment) => counted.has(commitment) || left.get(commitment) < 0);
  if (wrongly || [...left.values()].some((number) => number < 0))
    report.fail(
      "commitments",
      vote.ref,
      say`a ballot is called replaced that was never logged, or that is still counted`,
    );
  nameDifferences(vote, left, counted, report);
  compareNumbers(record, vote, ballots, report);
  report.prove(
    "commitments",
    say`The ${ballots.number} ballots of ${vote.ref} are those logged while it was open, each once.`,
  );
}

function nameDifferences(vote, expected, found, report) {
  const isExpected = (commitment) => (expected.get(commitment) ?? 0) > 0;
  const strange = [...found.keys()].filter((commitment) => !isExpected(commitment));
  const lost = [...expected].filter(([commitment, number]) => number > 0 && !found.has(commitment));
  for (const [commitment] of lost.sort(([one], [other]) => byName(one, other)))
    report.fail(
      "commitments",
      `ballot ${commitment}`,
      say`the ballot was logged, but is not among those of ${vote.ref}`,
    );
  for (const commitment of strange.sort(byName))
    report.fail("commitments", `ballot ${commitment}`, say`the ballot of ${vote.ref} was never logged`);
  const uneven = [...found].some(([commitment, number]) => expected.get(commitment) !== number);
  if (!lost.length && !strange.length && uneven)
    report.fail("commitments", vote.ref, say`a ballot occurs a different number of times than it was logged`);
}

function compareNumbers(record, vote, ballots, report) {
  const { cast, recast } = record.casts.get(vote.ref) ?? new Casts();
  const { number } = ballots;
  const replaced = vote.superseded.length;
  if (number > vote.slots)
    report.fail("commitments", vote.ref, say`${number} ballots, but the roll has ${vote.slots} slots`);
  if (cast + vote.imported + vote.boxed !== number)
    report.fail(
      "commitments",
      vote.ref,
      say`${cast} slots voted and ${vote.imported + vote.boxed} ballots were imported, but ${number} are counted`,
    );
  if (recast !== replaced)
    report.fail("commitments", vote.ref, say`${recast} ballots were cast again, but ${replaced} replaced`);
}

/** The organisations' ballots, on the record by name; an organisation's last one counts. */
function readOpenBallots(_record, vote, report) {
  const ballots = new Ballots();
  for (const [subject, [index, ballot]] of vote.openBallots) {
    const where = `entry ${index}`;
    const picked = listOfTexts(must(ballot, "choices"), where);
    checkChoices(vote, where, picked, report);
    if (subject !== `${vote.ref}/${plainly(must(ballot, "organisation"))}`)
      report.fail("ballots", where, say`the ballot names another organisation than its subject`);
    const sector = plainly(must(ballot, "sector"));
    if (!ballots.sectors.has(sector)) ballots.sectors.set(sector, new Map());
    ballots.add(picked, 1);
    ballots.add(picked, 1, ballots.sectors.get(sector));
  }
  return ballots;
}

/** No more ballots of a sector than the roll has organisations of it, and the result's sectors are those cast. */
function checkSectors(_record, vote, ballots, report) {
  const { ref } = vote;
  const roll = vote.rolls.at(-1)?.[2] ?? {};
  if (ballots.number > vote.slots)
    report.fail("sectors", ref, say`${ballots.number} ballots, but the roll has ${vote.slots} slots`);
  for (const [sector, cast] of ballots.sectors)
    if (countOf(cast) > integer(get(get(roll, "by_sector") || {}, sector, 0)))
      report.fail("sectors", ref, say`more ballots of the sector ${sector} than the roll allows`);
  const options = items(must(vote.state, "options")).map((option) => must(option, "id"));
  for (const [place, group] of items(get(vote.result ?? {}, "groups", [])).entries()) {
    const [dimension, ...rest] = asText(must(group, "group")).split(":");
    const sector = rest.join(":");
    const cast = ballots.sectors.get(sector) ?? new Map();
    const figures = options.map((option) =>
      countOf(new Map([...cast].filter(([, { picked }]) => picked.includes(option)))),
    );
    const said = [must(group, "voters"), must(group, "counts")];
    if (dimension === "sector" && !sameValue(said, [countOf(cast), figures]))
      report.fail("sectors", `${ref} groups[${place}]`, say`the figures of ${sector} are not those of its ballots`);
  }
  report.prove("sectors", say`${ballots.number} organisations voted in ${ref}, by name, none twice.`);
}

/** Counting again gives the published result. */
async function checkRecount(record, vote, ballots, report) {
  const state = vote.opened ? vote.opened[2] : vote.state;
  const rules = must(state, "rules");
  const name = `${VOTES}${vote.id}.result.json`;
  const file = parseJson(await record.pack.read(name, MAX_JSON), name);
  for (const path of differences(vote.result ?? {}, file))
    report.fail("recount", name, say`the file differs from the logged result in ${path}`);
  if (!isPlain(rules) || isWeighed(vote)) {
    report.notChecked.push(say`The count of ${vote.ref} by its rules: verify.py, which lies beside, counts it again.`);
    return;
  }
  const expected = {
    vote: vote.ref,
    title: must(vote.state, "title"),
    franchise: must(state, "franchise"),
    rules,
    rules_sha256: must(state, "rules_sha256"),
    budget: must(rules, "budget"),
    roll: vote.slots,
    ballots: ballots.number,
    blank: ballots.choices.get("[]")?.number ?? 0,
    ...countBallots([...ballots.choices.values()], items(must(state, "options")), rules),
  };
  const logged = vote.result ?? {};
  for (const path of differences(expected, pick(logged, Object.keys(expected))))
    report.fail(
      "recount",
      `entry ${vote.tallies.at(-1)[0]}`,
      say`the logged result of ${vote.ref} differs from the recount in ${path}`,
    );
  report.prove("recount", say`Counting ${ballots.number} ballots of ${vote.ref} again gives the published result.`);
}

/** The Pabulib file has the ballots and the numbers of the result. */
async function checkPabulib(record, vote, ballots, report) {
  const name = `${VOTES}${vote.id}.pb`;
  if (!record.pack.has(name)) {
    report.notChecked.push(say`${name}: there is none.`);
    return;
  }
  if (!["approval", "choose", "knapsack"].includes(get(rulesOf(vote), "ballot"))) {
    report.notChecked.push(say`${name}: that it holds the same ballots and numbers. verify.py checks it.`);
    return;
  }
  const { meta, projects, votes } = await readPabulib(record.pack, name);
  const result = new Map(items(must(vote.result, "counts")).map((line) => [asName(must(line, "id")), line]));
  if (result.size !== projects.size || [...result.keys()].some((id) => !projects.has(id)))
    report.fail("pabulib", name, say`PROJECTS are not the options of the vote`);
  for (const [project, row] of projects) {
    const line = result.get(project) ?? { votes: null, selected: null };
    const selected = must(line, "selected") ? ["1", "2"] : ["0"];
    for (const [column, [value, other]] of [
      ["votes", [plainly(must(line, "votes"))]],
      ["selected", selected],
    ])
      if (row.get(column) !== value && (other === undefined || row.get(column) !== other))
        report.fail("pabulib", `${name} PROJECTS ${project} ${column}`, say`${short(row.get(column))}, not ${value}`);
  }
  const cast = new Map();
  for (const { picked, number } of ballots.choices.values()) if (picked.length) addChoices(cast, picked, number);
  const numbers = [countAll(cast), ballots.number].map(String);
  if (!sameTally(votes, cast) || !numbers.includes(meta.get("num_votes")))
    report.fail("pabulib", `${name} VOTES`, say`these are not the ballots of the vote`);
  report.prove("pabulib", say`${name} holds the same ballots and numbers.`);
}

/** Add to a tally of sets of projects, whatever their order. */
function addChoices(tally, picked, number) {
  const key = JSON.stringify([...new Set(picked)].sort(byName));
  tally.set(key, (tally.get(key) ?? 0) + number);
}

const countAll = (tally) => [...tally.values()].reduce((sum, number) => sum + number, 0);
const sameTally = (one, other) =>
  one.size === other.size && [...one].every(([key, number]) => other.get(key) === number);

/** META, PROJECTS by id, and how many VOTES there are of each set of projects (blank ones left out). */
async function readPabulib(pack, name) {
  const sections = { "": [], META: [], PROJECTS: [], VOTES: [] };
  const texts = new Map();
  let section = "";
  let place = -1;
  for await (const row of csvMember(pack, name)) {
    if (section !== "VOTES") {
      if (row.length === 1 && Object.hasOwn(sections, row[0])) {
        section = row[0];
        if (section === "VOTES") continue;
      }
      sections[section].push(row);
    } else if (place < 0) {
      place = row.indexOf("vote");
      if (place < 0) throw new TypeError("VOTES have no column vote");
    } else {
      if (row.length <= place) throw new TypeError("a vote is cut short");
      texts.set(row[place], (texts.get(row[place]) ?? 0) + 1);
    }
  }
  if (place < 0) throw new TypeError("there are no VOTES");
  const votes = new Map();
  for (const [content, number] of texts) if (content) addChoices(votes, content.split(","), number);
  return { ...headsOf(sections), votes };
}

function headsOf(sections) {
  const meta = new Map(sections.META.slice(2).map((row) => [row[0], asText(row[1])]));
  const [, header, ...lines] = sections.PROJECTS;
  const id = header.indexOf("project_id");
  if (id < 0) throw new TypeError("PROJECTS have no column project_id");
  const projects = lines.map((line) => [
    asText(line[id]),
    new Map(header.slice(0, line.length).map((column, at) => [column, line[at]])),
  ]);
  return { meta, projects: new Map(projects) };
}

async function* csvMember(pack, name) {
  let open = [];
  for await (const block of pack.blocks(name)) {
    const lines = utf8Text(block).split("\n").slice(0, -1);
    // A quoted cell may go on in the next block: wait until its quotes come in pairs.
    open.push(...lines);
    if (quotes(open) % 2) continue;
    yield* csvRows(open, ";");
    open = [];
  }
  yield* csvRows(open, ";");
}

const quotes = (lines) => lines.reduce((sum, line) => sum + (line.includes('"') ? line.split('"').length - 1 : 0), 0);
