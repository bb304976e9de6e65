// What the opened entries of one process say, and the tables that follow from it (docs/record-format.md §6).

const EMPTY_COMMITMENT = hex(sha256(utf8("ucc-c1\0")));

/** One vote as its opened entries tell it, in log order; each list holds [entry index, …]. */
class Vote {
  constructor(ref) {
    this.ref = ref;
    this.states = [];
    this.rolls = [];
    this.committed = [];
    this.imported = 0;
    this.boxed = 0;
    this.superseded = [];
    this.openBallots = new Map();
    this.tallies = [];
  }

  get id() {
    return this.ref.slice(this.ref.indexOf("/") + 1);
  }

  get state() {
    return this.states.at(-1)?.[2] ?? {};
  }

  get result() {
    const result = this.tallies.length ? get(this.tallies.at(-1)[1], "result") : null;
    return isObject(result) ? result : null;
  }

  /** Index, type and state of the opening. */
  get opened() {
    return this.states.find(([, kind]) => kind === "vote.opened") ?? null;
  }

  /** Slots of the roll at the end. */
  get slots() {
    return this.rolls.length ? integer(must(this.rolls.at(-1)[2], "slots")) : 0;
  }
}

/* Tables whose rows are the last states of all subjects of one kind, the subject in the first column. */
const AS_THEY_ARE = {
  plan: "plan",
  initiatives: "initiative",
  plan_versions: "plan_version",
  resources: "resource",
  bodies: "management_body",
  partner_cities: "partner_city",
  exchanges: "exchange",
  practices: "practice",
  attachments: "attachment",
  facts: "fact",
  evaluators: "evaluator",
  questions: "evaluator_question",
  designation: "designation",
  commitments: "commitment",
  readings: "reading",
  conferences: "conference",
};
/* Types of entries that say of such a subject that something was done, not how it stands. */
const NO_STATES = ["designation.reminded"];

/** The last public state of every subject of one process. */
class Story {
  constructor() {
    this.process = {};
    this.stakeholders = new Map();
    this.outreach = new Map();
    this.questions = new Map();
    this.inventory = new Map();
    this.proposals = new Map();
    this.opinionMaps = new Map();
    this.statements = new Map();
    this.comments = new Map();
    this.lineage = new Map();
    this.dissents = new Map();
    this.meetings = new Map();
    this.minutes = new Map();
    this.plain = new Map([...Object.values(AS_THEY_ARE), "answer"].map((noun) => [noun, new Map()]));
    this.votes = new Map();
    this.figures = null;
    this.withheldLists = [];
    this.events = new Map();
  }

  /** One more entry of a type. */
  count(kind, time) {
    const event = this.events.get(kind);
    if (event) {
      event.count++;
      event.last = time;
    } else this.events.set(kind, { count: 1, first: time, last: time });
  }

  vote(ref) {
    if (!this.votes.has(ref)) this.votes.set(ref, new Vote(ref));
    return this.votes.get(ref);
  }

  /** Take in one opened entry; entries come in log order. */
  tell(index, kind, subject, time, fields) {
    const noun = kind.split(".", 1)[0];
    if (noun === "process") this.process = fields;
    else if (noun === "stakeholder") this.tellStakeholder(kind, subject, time, fields);
    else if (noun === "outreach") this.tellOutreach(kind, subject, time, fields);
    else if (noun === "proposal") this.proposals.set(subject, fields);
    else if (noun === "opinion_map") this.opinionMaps.set(subject, fields);
    else if (noun === "statement") this.statements.set(subject, fields);
    else if (noun === "comment") this.comments.set(subject, fields);
    else if (noun === "proposal_field") this.questions.set(subject.slice(subject.lastIndexOf("/") + 1), fields);
    else if (noun === "inventory") this.inventory.set(subject, fields);
    else if (noun === "lineage") this.lineage.set(subject, fields);
    else if (noun === "dissent")
      this.dissents.set(subject, { ...fields, dissent: subject.slice(subject.indexOf("/") + 1) });
    else if (noun === "meeting") this.meetings.set(subject, fields);
    else if (noun === "minutes") this.minutes.set(twoParts(subject), fields);
    else if (NO_STATES.includes(kind)) return;
    else if (this.plain.has(noun)) this.plain.get(noun).set(subject, fields);
    else if (["vote", "roll", "ballot", "ballots"].includes(noun))
      tellVote(this.vote(twoParts(subject)), index, kind, subject, fields);
    else if (kind === "figures.published") this.figures = get(fields, "figures");
    else if (kind === "erasure.executed" || kind === "redaction.declared")
      this.withheldLists.push([index, get(fields, "withheld")]);
  }

  tellStakeholder(kind, subject, time, fields) {
    const row = this.stakeholders.get(subject) ?? {};
    Object.assign(row, fields);
    if (kind === "stakeholder.invited") row.invited_at ??= time;
    else if (kind === "stakeholder.answered" || kind === "stakeholder.declined") row.answered_at = time;
    this.stakeholders.set(subject, row);
  }

  tellOutreach(kind, subject, time, fields) {
    const row = this.outreach.get(subject) ?? { activity: subject.slice(subject.lastIndexOf("/") + 1), recorded_at: time };
    Object.assign(row, fields);
    if (kind === "outreach.corrected") row.corrected_at = time;
    this.outreach.set(subject, row);
  }
}

const twoParts = (subject) => subject.split("/", 2).join("/");

const VOTE_STATES = new Set(["vote.announced", "vote.revised", "vote.opened", "vote.extended", "vote.closed"]);

function tellVote(vote, index, kind, subject, fields) {
  if (kind === "vote.tallied") vote.tallies.push([index, fields]);
  else if (VOTE_STATES.has(kind)) vote.states.push([index, kind, fields]);
  else if (kind.startsWith("roll.")) vote.rolls.push([index, kind, fields]);
  else if (["ballots.batched", "ballots.imported", "ballots.entered"].includes(kind)) {
    const commitments = listOfTexts(get(fields, "commitments"), `entry ${index}`);
    for (const commitment of commitments) vote.committed.push(commitment);
    if (kind === "ballots.imported") vote.imported += commitments.length;
    if (kind === "ballots.entered") vote.boxed += commitments.length;
  } else if (kind === "ballots.superseded")
    for (const commitment of listOfTexts(get(fields, "commitments"), `entry ${index}`))
      vote.superseded.push(commitment);
  else if (kind === "ballot.cast_openly" || kind === "ballot.recast_openly")
    vote.openBallots.set(subject, [index, fields]);
}

function listOfTexts(value, where) {
  if (!Array.isArray(value) || value.some((item) => typeof item !== "string"))
    throw new Malformed(where, say`a list of texts is expected`);
  return value;
}

const columns = (names) => names.split(" ");
const TABLES = {
  process: columns(
    "part kind title starts_at ends_at status purpose scope open_questions promise_level promise decision_maker " +
      "responsible min_open_days published_at",
  ),
  stakeholders: columns(
    "organisation name sector subtype is_womens_group is_youth_group channel status invited_at answered_at",
  ),
  proposals: columns(
    "proposal number title summary body kind level objectives areas dimensions for_whom place cost currency proposer " +
      "organisation sector author language status submitted_at outcome reason answered_by answered_at",
  ),
  votes: columns(
    "vote title franchise status opens_at closes_at roll ballots option option_title proposal cost votes rank selected",
  ),
  events: columns("type count first last"),
  presence: columns("stage group count of"),
  outreach: columns(
    "activity kind held_on place district group group_words reached counted done gap is_void recorded_at corrected_at " +
      "corrected_because",
  ),
  statements: columns(
    "statement map map_title number text language by author organisation standing added_at agrees disagrees passes " +
      "is_accepted",
  ),
  comments: columns(
    "comment about in_reply_to stance voice author organisation sector city country language text quote quoted " +
      "quoted_edition edition status standing written_at changed_at",
  ),
  particulars: columns("proposal district latitude longitude needs assets attachments given"),
  answers: columns("proposal field question answer"),
  inventory: columns("item kind title text evidence place author status reason"),
  lineage: columns("from to kind at by reason consent"),
  dissents: columns("dissent on about text language author organisation sector filed_at withdrawn_at standing"),
  meetings: columns(
    "meeting title mode place district starts_at ends_at places is_for_women is_for_youth status people announced_at " +
      "short_notice_because moved_because cancelled_because source",
  ),
  decisions: columns("meeting minutes state decision text proposals organisations"),
  plan: columns("plan begins_on calendar currency vision gap_plan status published_at frozen_at"),
  initiatives: columns(
    "initiative number kind level title summary description objectives areas sdgs beneficiaries access enters effects " +
      "particulars steps owner partners partner_search starts_on ends_on costs uses sources origin added_because " +
      "status dropped_because",
  ),
  indicators: columns(
    "indicator initiative kind title unit baseline target frequency data_source responsible",
  ),
  plan_versions: columns("plan_version number stage note sha256 initiatives overrides"),
  resources: columns(
    "resource kind year source amount certainty basis initiative is_void void_because evidence",
  ),
  bodies: columns("management_body name duties rhythm since until members women men"),
  partner_cities: columns("partner_city name country creative_field since cooperation about status"),
  exchanges: columns("exchange city kind direction held_on what result people is_void corrected_because"),
  practices: columns("practice title parts areas objectives initiative status reason"),
  application: columns("answer section language paragraph text cites"),
  attachments: columns(
    "attachment dossier section number state asked_on received_on signed_on signer photo file void_because",
  ),
  facts: columns("fact definition value size root fixed_at"),
  evaluators: columns("evaluator office until came_at revoked_at"),
  questions: columns("evaluator_question office section text put_at answer answered_by answered_at"),
  designation: columns("designation designated_on decision recorded_by"),
  commitments: columns(
    "commitment kind plan_version initiative indicator year title owner planned_on due_on status note evidence about " +
      "settled_on moved_by",
  ),
  readings: columns(
    "reading initiative indicator period measured_on value note evidence late_by signed_by corrects because files",
  ),
  conferences: columns("conference year held_on place attendance sent achievements recorded_by files"),
};
/* Records made before these tables do not have them: such a record is whole without them, if its log has none of it. */
const LATER_TABLES = new Set([
  ...columns("answers comments decisions dissents inventory lineage meetings outreach particulars statements"),
  ...["indicators", "application", ...Object.keys(AS_THEY_ARE)],
]);

/** The tables of what has been told, header rows first, by name. */
function tablesOf(story) {
  const kinds = [...story.events.keys()].sort(byName);
  const rows = {
    process: [...processRows(story.process)],
    stakeholders: [...story.stakeholders.values()],
    proposals: [...story.proposals].map(([proposal, state]) => ({ ...state, proposal })),
    votes: [...story.votes.values()].flatMap((vote) => [...voteRows(vote)]),
    events: kinds.map((type) => ({ type, ...story.events.get(type) })),
    presence: [...presenceRows(story.figures)],
    outreach: [...story.outreach.values()],
    statements: [...statementRows(story)],
    comments: [...story.comments].map(([comment, state]) => ({ ...state, comment })),
    particulars: [...story.proposals].flatMap(([proposal, state]) => [...particularsRows(proposal, state)]),
    answers: [...story.proposals].flatMap(([proposal, state]) => [...answerRows(story, proposal, state)]),
    inventory: [...story.inventory].map(([item, state]) => ({ ...state, item })),
    lineage: [...story.lineage.values()],
    dissents: [...story.dissents.values()],
    meetings: [...story.meetings].map(([meeting, state]) => meetingRow(meeting, state)),
    decisions: [...decisionRows(story)],
    indicators: [...story.plain.get("initiative")].flatMap(([initiative, state]) => [...indicatorRows(initiative, state)]),
    application: [...story.plain.get("answer")].flatMap(([answer, state]) => [...paragraphRows(answer, state)]),
  };
  for (const [name, noun] of Object.entries(AS_THEY_ARE))
    rows[name] = [...story.plain.get(noun)].map(([subject, state]) => ({ ...state, [noun]: subject }));
  return new Map(
    Object.entries(TABLES).map(([name, heads]) => [
      name,
      [heads, ...rows[name].map((row) => heads.map((head) => cell(get(row, head))))],
    ]),
  );
}

const pick = (object, names) => Object.fromEntries(names.map((name) => [name, get(object, name)]));

/** Statements of opinion maps, with what a closed map found of each. */
function* statementRows(story) {
  const lines = new Map([...story.opinionMaps].map(([ref, state]) => [ref, foundOfStatements(get(state, "result"))]));
  for (const [statement, state] of story.statements) {
    const ref = String(get(state, "map"));
    const line = lines.get(ref)?.get(String(get(state, "number"))) ?? {};
    const map_title = get(story.opinionMaps.get(ref) ?? {}, "title");
    yield { ...state, ...pick(line, ["agrees", "disagrees", "passes", "is_accepted"]), statement, map_title };
  }
}

/** The lines of a result by the number of the statement. */
function foundOfStatements(result) {
  const lines = isObject(result) ? get(result, "statements") : [];
  const found = Array.isArray(lines) ? lines.filter(isObject) : [];
  return new Map(found.map((line) => [String(get(line, "number")), line]));
}

/** A meeting, with how many people came; null: fewer than five, or it was not held. */
function meetingRow(meeting, state) {
  const counts = get(state, "counts");
  return { ...state, meeting, people: isObject(counts) ? get(counts, "people") : null };
}

/** What meetings decided, by the newest version of the minutes of each. */
function* decisionRows(story) {
  for (const [meeting, state] of story.minutes) {
    const decisions = get(state, "decisions");
    for (const decision of Array.isArray(decisions) ? decisions.filter(isObject) : [])
      yield {
        ...pick(decision, ["text", "proposals", "organisations"]),
        ...{ meeting, minutes: get(state, "number"), state: get(state, "state"), decision: get(decision, "number") },
      };
  }
}

/** A text of the application, paragraph by paragraph, with what each rests on. */
function* paragraphRows(answer, state) {
  const told = get(state, "paragraphs");
  for (const [place, paragraph] of (Array.isArray(told) ? told : []).entries())
    if (isObject(paragraph))
      yield {
        ...{ answer, section: get(state, "section"), language: get(state, "language"), paragraph: place + 1 },
        ...pick(paragraph, ["text", "cites"]),
      };
}

/** What an initiative is measured by. */
function* indicatorRows(initiative, state) {
  const told = get(state, "indicators");
  for (const indicator of Array.isArray(told) ? told.filter(isObject) : [])
    yield { ...indicator, indicator: `indicator/${get(indicator, "id")}`, initiative };
}

function* processRows(state) {
  if (!Object.keys(state).length) return;
  const [kind, starts_at, ends_at] = ["creative_field", "opened_at", "closed_at"].map((name) => get(state, name));
  yield { ...state, kind, starts_at, ends_at, part: "process" };
  for (const phase of items(get(state, "phases") || []))
    yield { ...pick(phase, ["kind", "title", "starts_at", "ends_at"]), part: "phase" };
}

function* voteRows(vote) {
  const { state } = vote;
  const result = vote.result ?? {};
  const lines = new Map(items(get(result, "counts", [])).map((line) => [asName(must(line, "id")), line]));
  for (const option of items(get(state, "options") || [])) {
    const id = must(option, "id");
    yield {
      ...pick(state, ["title", "franchise", "status", "opens_at", "closes_at"]),
      ...pick(lines.get(asName(id)) ?? {}, ["votes", "rank", "selected"]),
      ballots: get(result, "ballots"),
      roll: get(result, "roll", get(state, "roll_size")),
      vote: vote.ref,
      option: id,
      option_title: get(option, "title"),
      proposal: get(option, "proposal"),
      cost: get(option, "cost"),
    };
  }
}

function* particularsRows(proposal, state) {
  const row = pick(state, TABLES.particulars.slice(1));
  if (Object.values(row).some((value) => value !== null && value !== undefined)) yield { ...row, proposal };
}

function* answerRows(story, proposal, state) {
  const answers = get(state, "fields");
  if (!isObject(answers)) return;
  for (const field of Object.keys(answers).sort()) {
    const asked = story.questions.get(field) ?? {};
    const answer = answerOf(answers[field], get(asked, "options"));
    yield { proposal, field, question: get(asked, "label"), answer };
  }
}

/** Choices as their labels, anything else as it is. */
function answerOf(value, options) {
  const labels = new Map();
  for (const one of Array.isArray(options) ? options : [])
    if (isObject(one) && typeof get(one, "id") === "string") labels.set(one.id, get(one, "label"));
  const chosen = Array.isArray(value) ? value : [value];
  if (chosen.length && chosen.every((one) => typeof one === "string" && labels.has(one)))
    return chosen.map((one) => cell(labels.get(one))).join("|");
  return value;
}

function* presenceRows(figures) {
  for (const stage of items(get(figures || {}, "stages", [])))
    for (const counted of items(must(stage, "cells"))) {
      if (!isObject(counted)) throw new TypeError("a cell is expected");
      yield { stage: must(stage, "stage"), ...counted };
    }
}

const LANGUAGES_IN_CELLS = ["fa", "en", "fr"];

/** The text of one cell. */
function cell(value) {
  if (value === null || value === undefined) return "";
  if (typeof value !== "object") return String(value);
  if (Array.isArray(value) && value.every((item) => item !== null && typeof item !== "object"))
    return value.map(plainly).join("|");
  const names = isObject(value) ? Object.keys(value) : [];
  if (names.length && names.every((name) => LANGUAGES_IN_CELLS.includes(name)))
    return LANGUAGES_IN_CELLS.filter((name) => names.includes(name))
      .map((name) => plainly(value[name]))
      .join(" / ");
  return jcs(value);
}

/** As Python writes what is no text, for the exporter is written in it. */
function plainly(value) {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  return typeof value === "object" ? jcs(value) : String(value);
}

/** A table as CSV: UTF-8, comma, \n; cells that a spreadsheet would take for a formula begin with an apostrophe. */
function tableCsv(table) {
  return utf8(table.map((row) => `${row.map(csvCell).join(",")}\n`).join(""));
}

function csvCell(content) {
  if (/^[=+\-@]/.test(content)) content = `'${content}`;
  return /[,"\n\r]/.test(content) ? `"${content.replaceAll('"', '""')}"` : content;
}

/** Rows of CSV out of lines with or without their ends; a quoted cell may go on in the next line. */
function* csvRows(lines, separator) {
  let row = [];
  let open = null;
  for (const whole of lines) {
    const [, line, end] = /^([^]*?)(\r?\n|\r|)$/.exec(whole);
    if (line.length > 131_072) throw new RangeError("a line of a table is too long");
    let place = 0;
    for (;;) {
      if (open === null && line[place] === '"') [open, place] = ["", place + 1];
      if (open !== null) {
        const quote = closingQuote(line, place);
        open += line.slice(place, quote).replaceAll('""', '"');
        if (quote === line.length) break;
        place = quote + 1;
      }
      const next = line.indexOf(separator, place);
      const rest = line.slice(place, next < 0 ? line.length : next);
      if (rest.includes("\r")) throw new SyntaxError("a line break inside a cell without quotes");
      if (line) row.push((open ?? "") + rest);
      open = null;
      if (next < 0) break;
      place = next + 1;
    }
    if (open === null) {
      yield row;
      row = [];
    } else open += end;
  }
  if (open !== null || row.length) yield [...row, open ?? ""];
}

/** Where the quote that ends a cell stands; the end of the line when it goes on in the next one. */
function closingQuote(line, place) {
  for (;;) {
    const quote = line.indexOf('"', place);
    if (quote < 0) return line.length;
    if (line[quote + 1] !== '"') return quote;
    place = quote + 2;
  }
}

/** The reference count: `ballots` holds {picked, number} for each choice; options in ballot order. */
function countBallots(ballots, options, rules) {
  const votes = new Map(options.map((option) => [asName(must(option, "id")), 0]));
  for (const { picked, number } of ballots)
    for (const choice of picked) votes.set(choice, (votes.get(choice) ?? 0) + number);
  const byCost = must(rules, "tie") === "cost_then_order";
  const cost = (place) => (byCost ? integer(must(options[place], "cost") || 0) : 0);
  const number = (option) => votes.get(option.id);
  const order = [...options.keys()].sort(
    (one, other) => number(options[other]) - number(options[one]) || cost(one) - cost(other) || one - other,
  );
  const ranked = order.map((place) => options[place]);
  const taken = take(ranked, votes, rules);
  return outcome(options, ranked, taken, votes, rules);
}

function take(ranked, votes, rules) {
  const method = must(rules, "method");
  if (method === "greedy") return takeAffordable(ranked, votes, rules);
  if (method !== "votes") throw new TypeError("an unknown way of counting");
  const winners = must(rules, "winners");
  return ranked.slice(0, winners === null ? undefined : integer(winners)).map((option) => option.id);
}

function takeAffordable(ranked, votes, rules) {
  let left = integer(must(rules, "budget"));
  const taken = [];
  for (const option of ranked) {
    if (votes.get(option.id) < integer(must(rules, "threshold"))) continue;
    if (integer(must(option, "cost")) <= left) {
      left -= option.cost;
      taken.push(option.id);
    } else if (!must(rules, "skip")) break;
  }
  return taken;
}

function outcome(options, ranked, taken, votes, rules) {
  const rank = new Map(ranked.map((option, place) => [option.id, place + 1]));
  const chosen = new Set(taken);
  const reached = new Set(taken.map((id) => votes.get(id)));
  const costs = options.filter((option) => chosen.has(option.id)).map((option) => must(option, "cost"));
  return {
    counts: options.map((option) => ({
      ...Object.fromEntries(["id", "title", "cost"].map((part) => [part, must(option, part)])),
      votes: votes.get(option.id),
      rank: rank.get(option.id),
      selected: chosen.has(option.id),
    })),
    winners: taken,
    spent: rules.method === "greedy" ? costs.reduce((sum, cost) => sum + integer(cost), 0) : 0,
    tie_broken: [...rank.keys()].some((id) => !chosen.has(id) && reached.has(votes.get(id))),
  };
}
