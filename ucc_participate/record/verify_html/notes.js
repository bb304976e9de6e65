// Signed notes and checkpoints [C2SP signed-note, tlog-checkpoint], and the tree that they sign [RFC 6962, tlog-tiles].

const LOG = "data/log/";
const CHECKPOINTS = `${LOG}checkpoints/`;
const WIDTH = 256;
const SIGNATURE_LINE = /^— ([^\s+]+) ([A-Za-z0-9+/=]+)$/;
const SIZE = /^(?:0|[1-9][0-9]{0,17})$/;

/** `<name>+<8 hex>+<base64 of 0x01 ‖ public key>`. */
function parseVkey(given) {
  const match = /^([^+\s]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(given.trim());
  if (!match) throw new Malformed("--vkey", say`this is not a verification key`);
  const blob = decodeBase64(match[3], "--vkey");
  if (blob.length !== 33 || blob[0] !== 1)
    throw new Malformed("--vkey", say`only Ed25519 keys (type 0x01) can be checked`);
  if (hex(sha256(utf8(`${match[1]}\n`), blob), 0, 4) !== match[2])
    throw new Malformed("--vkey", say`the key does not match its own id`);
  return { name: match[1], id: match[2], bytes: blob.slice(1) };
}

/** Text and signatures of a note, none of them verified. */
function splitNote(bytes, where) {
  let content;
  try {
    content = utf8Text(bytes);
  } catch {
    throw new Malformed(where, say`a signed note is UTF-8 text`);
  }
  const cut = content.lastIndexOf("\n\n");
  const tail = content.slice(cut + 2);
  const lines = tail.split("\n").slice(0, -1);
  if (cut < 0 || !tail.endsWith("\n") || !lines.length || lines.length > 100 || bytes.length > MIB)
    throw new Malformed(where, say`this is not a signed note`);
  if (/[\x00-\x09\x0b-\x1f]/.test(content)) throw new Malformed(where, say`a signed note has no control characters`);
  return { text: `${content.slice(0, cut)}\n`, signatures: lines.map((line) => parseSignature(line, where)) };
}

function parseSignature(line, where) {
  const match = SIGNATURE_LINE.exec(line);
  if (!match) throw new Malformed(where, say`a line of the note is not a signature line`);
  const blob = decodeBase64(match[2], where);
  if (blob.length < 5) throw new Malformed(where, say`a signature is shorter than its key's id`);
  return { name: match[1], id: hex(blob, 0, 4), bytes: blob.slice(4) };
}

/** The text of a note and who of `keys` signed it, each once; unknown keys are ignored, wrong signatures are not. */
function openNote(bytes, keys, where) {
  const { text, signatures } = splitNote(bytes, where);
  const known = new Map(keys.map((key) => [`${key.name}+${key.id}`, key]));
  const signed = new Map();
  for (const { name, id, bytes: signature } of signatures) {
    const key = known.get(`${name}+${id}`);
    if (!key || signed.has(key)) continue;
    if (!verifyEd25519(key.bytes, utf8(text), signature))
      throw new Malformed(where, say`the signature of ${name} is not valid`);
    signed.set(key, name);
  }
  return { text, names: [...signed.values()] };
}

function parseCheckpoint(text, where) {
  const lines = text.split("\n").slice(0, -1);
  if (lines.length < 3 || lines.some((line) => !line) || !SIZE.test(lines[1]))
    throw new Malformed(where, say`this is not a checkpoint`);
  const root = decodeBase64(lines[2], where);
  if (root.length !== HASH) throw new Malformed(where, say`a checkpoint's root has 32 bytes`);
  return { origin: lines[0], size: Number(lines[1]), root };
}

/** The root over hashes of equal, complete subtrees (the last one may be smaller), concatenated [RFC 6962 §2.1]. */
function merkleRoot(hashes) {
  if (!hashes.length) return sha256();
  const level = hashes.slice();
  for (let length = level.length; length > HASH;) {
    let out = 0;
    for (let place = 0; place < length; place += 2 * HASH, out += HASH)
      if (place + HASH < length) hashAfter(1, level.subarray(place, place + 2 * HASH), level, out);
      else level.copyWithin(out, place, place + HASH);
    length = out;
  }
  return level.slice(0, HASH);
}

/** The leaf hashes of entries, concatenated. */
function leafHashes(entries) {
  const leaves = new Uint8Array(entries.length * HASH);
  entries.forEach((entry, place) => hashAfter(0, entry, leaves, place * HASH));
  return leaves;
}

const nodeHash = (left, right) => sha256(Uint8Array.of(1), left, right);

/** RFC 9162 §2.1.3.2. */
function verifyInclusion(index, size, leaf, proof, root) {
  if (!(index >= 0 && index < size) || [leaf, root, ...proof].some((hash) => hash.length !== HASH)) return false;
  let [place, last] = [BigInt(index), BigInt(size - 1)];
  for (const sibling of proof) {
    if (!last) return false;
    if (place & 1n || place === last) {
      leaf = nodeHash(sibling, leaf);
      while (place && !(place & 1n)) [place, last] = [place >> 1n, last >> 1n];
    } else leaf = nodeHash(leaf, sibling);
    [place, last] = [place >> 1n, last >> 1n];
  }
  return !last && sameBytes(leaf, root);
}

/** The member that holds a tile (level 0 …) or an entry bundle (level "entries"). */
function tileName(level, number, width) {
  let groups = String(number % 1000).padStart(3, "0");
  for (let more = Math.floor(number / 1000); more; more = Math.floor(more / 1000))
    groups = `x${String(more % 1000).padStart(3, "0")}/${groups}`;
  return `${LOG}tile/${level}/${groups}${width === WIDTH ? "" : `.p/${width}`}`;
}

/** The entries of a bundle whose first entry has the index `start`. */
function decodeBundle(bundle, start, where) {
  const entries = [];
  for (let place = 0; place < bundle.length;) {
    const begin = place + 2;
    place = begin + ((bundle[begin - 2] << 8) | bundle[begin - 1]);
    if (place > bundle.length || begin > bundle.length)
      throw new Malformed(where, say`the bundle ends in the middle of entry ${start + entries.length}`);
    entries.push(bundle.subarray(begin, place));
  }
  return entries;
}
