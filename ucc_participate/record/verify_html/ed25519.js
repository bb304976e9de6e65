// Ed25519 verification [RFC 8032 §5.1.7], without the cofactor, S below the group order. One way for every browser.

const P = 2n ** 255n - 19n;
const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;
const modulo = (number) => ((number % P) + P) % P;

function power(base, exponent) {
  let result = 1n;
  for (base = modulo(base); exponent; exponent >>= 1n) {
    if (exponent & 1n) result = (result * base) % P;
    base = (base * base) % P;
  }
  return result;
}

const inverse = (number) => power(number, P - 2n);
const D = modulo(-121665n * inverse(121666n));
const SQRT_MINUS_1 = power(2n, (P - 1n) / 4n);

function littleEndian(bytes) {
  let number = 0n;
  for (let at = bytes.length - 1; at >= 0; at--) number = (number << 8n) | BigInt(bytes[at]);
  return number;
}

function addPoints([x1, y1, z1, t1], [x2, y2, z2, t2]) {
  const left = modulo((y1 - x1) * (y2 - x2));
  const right = modulo((y1 + x1) * (y2 + x2));
  const t = modulo(2n * t1 * t2 * D);
  const z = modulo(2n * z1 * z2);
  const [e, f, g, h] = [right - left, z - t, z + t, right + left];
  return [modulo(e * f), modulo(g * h), modulo(f * g), modulo(e * h)];
}

function multiplyPoint(scalar, point) {
  let result = [0n, 1n, 1n, 0n];
  for (; scalar; scalar >>= 1n) {
    if (scalar & 1n) result = addPoints(result, point);
    point = addPoints(point, point);
  }
  return result;
}

/** RFC 8032 §5.1.3; null for what is not the canonical encoding of a point. */
function decodePoint(bytes) {
  const number = littleEndian(bytes);
  const sign = number >> 255n;
  const y = number & ((1n << 255n) - 1n);
  if (y >= P) return null;
  const square = modulo((y * y - 1n) * inverse(D * y * y + 1n));
  let x = power(square, (P + 3n) / 8n);
  if (modulo(x * x) !== square) x = modulo(x * SQRT_MINUS_1);
  if (modulo(x * x) !== square || (x === 0n && sign)) return null;
  if ((x & 1n) !== sign) x = P - x;
  return [x, y, 1n, modulo(x * y)];
}

function encodePoint([x, y, z]) {
  const flat = inverse(z);
  let number = modulo(y * flat) | ((modulo(x * flat) & 1n) << 255n);
  return Uint8Array.from({ length: HASH }, () => {
    const byte = Number(number & 255n);
    number >>= 8n;
    return byte;
  });
}

const BASE_POINT = decodePoint(Uint8Array.from({ length: HASH }, (_, at) => (at ? 0x66 : 0x58)));

/** Whether the signature is by this key. */
function verifyEd25519(key, message, signature) {
  if (key.length !== 32 || signature.length !== 64) return false;
  const point = decodePoint(key);
  const scalar = littleEndian(signature.subarray(32));
  if (!point || scalar >= ORDER) return false;
  const challenge = littleEndian(sha512(signature.subarray(0, 32), key, message)) % ORDER;
  const minus = [P - point[0], point[1], point[2], P - point[3]];
  const sum = addPoints(multiplyPoint(scalar, BASE_POINT), multiplyPoint(challenge, minus));
  return sameBytes(encodePoint(sum), signature.subarray(0, 32));
}
