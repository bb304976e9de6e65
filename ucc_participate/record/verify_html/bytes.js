// Bytes and the spellings of bytes.

const HASH = 32;
const MIB = 1 << 20;

const encoder = new TextEncoder();
const utf8 = (text) => encoder.encode(text);

/** One character a byte: for bytes that are ASCII, or are refused where they are not. */
const singleByte = new TextDecoder("windows-1252");
const byteText = (bytes) => singleByte.decode(bytes);

/** Strict UTF-8; a TypeError for anything else. */
function utf8Text(bytes) {
  return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
}

function concat(pieces) {
  if (pieces.length === 1) return pieces[0];
  const whole = new Uint8Array(pieces.reduce((length, piece) => length + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

function sameBytes(one, other) {
  if (one.length !== other.length) return false;
  for (let at = 0; at < one.length; at++) if (one[at] !== other[at]) return false;
  return true;
}

function compareBytes(one, other) {
  const length = Math.min(one.length, other.length);
  for (let at = 0; at < length; at++) if (one[at] !== other[at]) return one[at] - other[at];
  return one.length - other.length;
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

function hex(bytes, start = 0, end = bytes.length) {
  let text = "";
  for (let at = start; at < end; at++) text += HEX[bytes[at]];
  return text;
}

/** The bytes of an even number of hexadecimal digits, written into `out`. */
function hexInto(text, out, at) {
  for (let place = 0; place < text.length; place += 2) {
    const byte = digitOf(text.charCodeAt(place)) * 16 + digitOf(text.charCodeAt(place + 1));
    if (!(byte >= 0)) throw new SyntaxError("not hexadecimal");
    out[at++] = byte;
  }
}

function digitOf(code) {
  if (code >= 48 && code <= 57) return code - 48;
  const letter = code | 32;
  return letter >= 97 && letter <= 102 ? letter - 87 : NaN;
}

function unhex(text) {
  if (typeof text !== "string" || text.length % 2) throw new SyntaxError("not hexadecimal");
  const bytes = new Uint8Array(text.length / 2);
  hexInto(text, bytes, 0);
  return bytes;
}

/** A copy that does not keep the long text alive from which it was cut. */
const detached = (text) => (text.length < 13 ? text : `${text} `.slice(0, -1));

function base64(bytes) {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** Standard base64 in its one canonical spelling. */
function decodeBase64(text, where) {
  if (!BASE64.test(text)) throw new Malformed(where, say`not base64`);
  const bytes = Uint8Array.from(atob(text), (mark) => mark.charCodeAt(0));
  if (base64(bytes) !== text) throw new Malformed(where, say`base64 that is not in its canonical form`);
  return bytes;
}

const CRC_TABLES = crcTables();

function crcTables() {
  const tables = Array.from({ length: 4 }, () => new Int32Array(256));
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
    tables[0][byte] = crc;
  }
  for (let table = 1; table < 4; table++)
    for (let byte = 0; byte < 256; byte++) {
      const before = tables[table - 1][byte];
      tables[table][byte] = (before >>> 8) ^ tables[0][before & 255];
    }
  return tables;
}

/** CRC-32 of ZIP, continued from `before`; four bytes a step. */
function crc32(bytes, before = 0) {
  const [one, two, three, four] = CRC_TABLES;
  const even = bytes.length & ~3;
  let crc = ~before;
  let at = 0;
  for (; at < even; at += 4) {
    crc ^= bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24);
    crc = four[crc & 255] ^ three[(crc >>> 8) & 255] ^ two[(crc >>> 16) & 255] ^ one[crc >>> 24];
  }
  for (; at < bytes.length; at++) crc = (crc >>> 8) ^ one[(crc ^ bytes[at]) & 255];
  return ~crc >>> 0;
}
