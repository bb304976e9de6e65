// SHA-256 and SHA-512 [FIPS 180-4], at once and without waiting: a leaf of the log is too small to ask anybody for.

const PRIMES = firstPrimes(80);
const ROUNDS_512 = PRIMES.map((prime) => nthRoot(3n, prime << 192n) & 0xffffffffffffffffn);
const START_512 = PRIMES.slice(0, 8).map((prime) => nthRoot(2n, prime << 128n) & 0xffffffffffffffffn);
const ROUNDS_256 = Int32Array.from(ROUNDS_512.slice(0, 64), (word) => Number(word >> 32n) | 0);
const START_256 = Int32Array.from(START_512, (word) => Number(word >> 32n) | 0);

function firstPrimes(number) {
  const primes = [];
  for (let candidate = 2n; primes.length < number; candidate++)
    if (primes.every((prime) => candidate % prime)) primes.push(candidate);
  return primes;
}

/** The whole part of a root, by halving. */
function nthRoot(degree, value) {
  let low = 0n;
  let high = 1n << 72n;
  while (high - low > 1n) {
    const middle = (low + high) >> 1n;
    if (middle ** degree <= value) low = middle;
    else high = middle;
  }
  return low;
}

const schedule = new Int32Array(64);

/** One block of 64 bytes. */
function compress256(state, bytes, at) {
  const w = schedule;
  const k = ROUNDS_256;
  for (let i = 0; i < 16; i++, at += 4)
    w[i] = (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3];
  for (let i = 16; i < 64; i++) {
    const x = w[i - 15];
    const y = w[i - 2];
    const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    w[i] = (w[i - 16] + s0 + w[i - 7] + s1) | 0;
  }
  let a = state[0],
    b = state[1],
    c = state[2],
    d = state[3],
    e = state[4],
    f = state[5],
    g = state[6],
    h = state[7];
  for (let i = 0; i < 64; i++) {
    const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const t1 = (h + s1 + (g ^ (e & (f ^ g))) + k[i] + w[i]) | 0;
    const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const t2 = (s0 + ((a & b) | (c & (a | b)))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + t2) | 0;
  }
  state[0] = (state[0] + a) | 0;
  state[1] = (state[1] + b) | 0;
  state[2] = (state[2] + c) | 0;
  state[3] = (state[3] + d) | 0;
  state[4] = (state[4] + e) | 0;
  state[5] = (state[5] + f) | 0;
  state[6] = (state[6] + g) | 0;
  state[7] = (state[7] + h) | 0;
}

/** SHA-256 of what comes piece by piece. */
class Sha256 {
  constructor() {
    this.state = START_256.slice();
    this.block = new Uint8Array(128);
    this.filled = 0;
    this.length = 0;
  }

  update(bytes) {
    let at = 0;
    this.length += bytes.length;
    if (this.filled) {
      at = Math.min(64 - this.filled, bytes.length);
      this.block.set(bytes.subarray(0, at), this.filled);
      this.filled += at;
      if (this.filled < 64) return this;
      compress256(this.state, this.block, 0);
      this.filled = 0;
    }
    for (; at + 64 <= bytes.length; at += 64) compress256(this.state, bytes, at);
    this.block.set(bytes.subarray(at));
    this.filled = bytes.length - at;
    return this;
  }

  digest() {
    finish256(this.state, this.block, this.filled, this.length);
    const out = new Uint8Array(HASH);
    writeState(this.state, out, 0);
    return out;
  }
}

/** Pad the last bytes of a message, which stand at the start of `block`, and take them in. */
function finish256(state, block, filled, length) {
  const end = filled < 56 ? 64 : 128;
  block[filled] = 128;
  block.fill(0, filled + 1, end);
  const view = new DataView(block.buffer);
  view.setUint32(end - 8, Math.floor(length / 0x20000000));
  view.setUint32(end - 4, (length << 3) >>> 0);
  for (let at = 0; at < end; at += 64) compress256(state, block, at);
}

function writeState(state, out, at) {
  for (let i = 0; i < 8; i++, at += 4) {
    out[at] = state[i] >>> 24;
    out[at + 1] = state[i] >>> 16;
    out[at + 2] = state[i] >>> 8;
    out[at + 3] = state[i];
  }
}

const scratch = new Uint8Array(66_000);
const scratchState = new Int32Array(8);
const scratchEnd = new Uint8Array(128);

/** SHA-256 of the first `length` bytes of `scratch`, written into `out`: no object is made for it. */
function hashScratch(length, out, at) {
  const whole = length - (length % 64);
  scratchState.set(START_256);
  for (let block = 0; block < whole; block += 64) compress256(scratchState, scratch, block);
  for (let i = whole; i < length; i++) scratchEnd[i - whole] = scratch[i];
  finish256(scratchState, scratchEnd, length - whole, length);
  writeState(scratchState, out, at);
}

/** SHA-256(prefix byte ‖ bytes), written into `out`; at most 65,536 bytes. */
function hashAfter(prefix, bytes, out, at) {
  scratch[0] = prefix;
  scratch.set(bytes, 1);
  hashScratch(bytes.length + 1, out, at);
}

function sha256(...pieces) {
  const hash = new Sha256();
  for (const piece of pieces) hash.update(piece);
  return hash.digest();
}

const MASK_64 = 0xffffffffffffffffn;
const turn = (word, by) => ((word >> by) | (word << (64n - by))) & MASK_64;

/** SHA-512, for signatures only: plain, not fast. */
function sha512(...pieces) {
  const message = concat([...pieces, Uint8Array.of(128)]);
  const padded = new Uint8Array(Math.ceil((message.length + 16) / 128) * 128);
  padded.set(message);
  const view = new DataView(padded.buffer);
  view.setBigUint64(padded.length - 8, BigInt(message.length - 1) * 8n);
  const state = START_512.slice();
  for (let at = 0; at < padded.length; at += 128) compress512(state, view, at);
  const out = new DataView(new ArrayBuffer(64));
  state.forEach((word, place) => out.setBigUint64(place * 8, word));
  return new Uint8Array(out.buffer);
}

function compress512(state, view, at) {
  const w = Array.from({ length: 16 }, (_, i) => view.getBigUint64(at + 8 * i));
  for (let i = 16; i < 80; i++) {
    const s0 = turn(w[i - 15], 1n) ^ turn(w[i - 15], 8n) ^ (w[i - 15] >> 7n);
    const s1 = turn(w[i - 2], 19n) ^ turn(w[i - 2], 61n) ^ (w[i - 2] >> 6n);
    w.push((w[i - 16] + s0 + w[i - 7] + s1) & MASK_64);
  }
  let [a, b, c, d, e, f, g, h] = state;
  for (let i = 0; i < 80; i++) {
    const s1 = turn(e, 14n) ^ turn(e, 18n) ^ turn(e, 41n);
    const t1 = h + s1 + (g ^ (e & (f ^ g))) + ROUNDS_512[i] + w[i];
    const s0 = turn(a, 28n) ^ turn(a, 34n) ^ turn(a, 39n);
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + t1) & MASK_64, c, b, a, (t1 + s0 + ((a & b) | (c & (a | b)))) & MASK_64];
  }
  [a, b, c, d, e, f, g, h].forEach((word, place) => (state[place] = (state[place] + word) & MASK_64));
}
