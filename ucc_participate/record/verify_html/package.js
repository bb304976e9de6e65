// A ZIP file read within bounds: plain names, no links, no bombs; every member read is hashed on the way.

const MAX_MEMBERS = 120_000;
const MAX_DIRECTORY = 12 * MIB;
const MAX_RATIO = 200;
const MAX_JSON = 16 * MIB;
const MAX_LINE = 16 * MIB;
const MAX_TABLE = 256 * MIB;
const END = 22;
const LOCATOR = 20;
const LARGE_END = 56;
const WINDOW = MIB;
const WINDOWS = 4;
const FEED = 16_384; // deflate makes at most 1032 bytes of one: what waits stays below 17 MB
const MEMBER_NAME = /^[A-Za-z0-9_][A-Za-z0-9_.-]*(?:\/[A-Za-z0-9_][A-Za-z0-9_.-]*)*$/;
const [STORED, DEFLATED] = [0, 8];

class Package {
  /** `progress(done, total)` is called as members are read for the first time; `breathe()` between their pieces. */
  static async open(file, progress, breathe) {
    const pack = new Package(file, progress, breathe);
    try {
      await pack.readDirectory();
    } catch (error) {
      if (error instanceof Unreadable) throw error;
      throw new Unreadable(say`${file.name} is not a ZIP file: ${String(error.message)}`);
    }
    return pack;
  }

  constructor(file, progress, breathe) {
    this.file = file;
    this.progress = progress;
    this.breathe = breathe;
    this.digests = new Map();
    this.members = new Map();
    this.windows = new Map();
    this.done = this.total = 0;
  }

  has(name) {
    return this.members.has(name);
  }

  under(prefix) {
    return [...this.members.keys()].filter((name) => name.startsWith(prefix));
  }

  /** The bytes of the file from `start` to `end`; what is read in small parts is read ahead. */
  async bytes(start, end) {
    for (const [first, window] of this.windows)
      if (first <= start && end <= first + window.length) {
        this.windows.delete(first);
        this.windows.set(first, window); // the one used last is the last to go
        return window.subarray(start - first, end - first);
      }
    const window = new Uint8Array(await this.file.slice(start, Math.max(end, start + WINDOW)).arrayBuffer());
    if (window.length < end - start) throw new RangeError("the file ends too early");
    this.windows.set(start, window);
    if (this.windows.size > WINDOWS) this.windows.delete(this.windows.keys().next().value);
    return window.subarray(0, end - start);
  }

  async readDirectory() {
    const { start, size, shift } = await this.findDirectory();
    const directory = await this.bytes(start, start + size);
    const folded = new Set();
    const infos = [];
    for (let place = 0; place < size;) {
      const info = readInfo(directory, place, shift);
      place = info.next;
      checkMember(info);
      if (folded.has(info.name.toLowerCase()))
        throw new Unreadable(say`the package has two files of the name ${info.name}`);
      folded.add(info.name.toLowerCase());
      this.members.set(info.name, info);
      infos.push(info);
      this.total += info.size;
    }
    checkSizes(infos, this.file.size);
  }

  /** Where the table of contents stands; a huge one is refused before it is read into memory. */
  async findDirectory() {
    const length = this.file.size;
    const end = length >= END ? await this.view(length - END, END) : null;
    if (!end || end.getUint32(0, true) !== 0x06054b50 || end.getUint16(20, true))
      throw new Unreadable(say`this is not a ZIP file, or something stands behind its end`);
    let [count, size, offset] = [end.getUint16(10, true), end.getUint32(12, true), end.getUint32(16, true)];
    let start = length - END - size;
    const locator = length >= END + LOCATOR ? await this.view(length - END - LOCATOR, LOCATOR) : null;
    if (locator?.getUint32(0, true) === 0x07064b50) {
      const large = await this.largeEnd(locator);
      [count, size, offset] = [32, 40, 48].map((place) => Number(large.getBigUint64(place, true)));
      start = length - END - LOCATOR - LARGE_END - size;
    }
    if (count > MAX_MEMBERS || size > MAX_DIRECTORY)
      throw new Unreadable(
        say`the package claims ${count} files, listed in ${size} bytes: more than this program reads`,
      );
    if (start < 0 || start < offset) throw new Unreadable(say`the package's table of contents is not where it claims`);
    return { start, size, shift: start - offset };
  }

  /** The ZIP64 end record, which stands right before its locator and nowhere else. */
  async largeEnd(locator) {
    const place = this.file.size - END - LOCATOR - LARGE_END;
    const large = place >= 0 ? await this.view(place, LARGE_END) : null;
    if (large?.getUint32(0, true) !== 0x06064b50 || Number(locator.getBigUint64(8, true)) !== place)
      throw new Unreadable(say`the package's table of contents is not where it claims`);
    return large;
  }

  async view(start, length) {
    const bytes = await this.bytes(start, start + length);
    return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** The content of a member, piece by piece; Malformed when it is missing or damaged. */
  async *chunks(name) {
    const digest = this.digests.has(name) ? null : new Sha256();
    for await (const piece of this.checked(name)) {
      digest?.update(piece);
      yield piece;
    }
    if (digest) this.digests.set(name, hex(digest.digest()));
  }

  async *checked(name) {
    const info = this.members.get(name);
    if (!info) throw new Malformed(name, say`the file is missing`);
    const isNew = !this.digests.has(name);
    let crc = 0;
    let size = 0;
    for await (const piece of this.unpacked(info)) {
      size += piece.length;
      if (size > info.size) throw new Malformed(name, say`the file is longer than the package says`);
      crc = crc32(piece, crc);
      if (isNew) this.progress((this.done += piece.length), this.total);
      await this.breathe();
      yield piece;
    }
    if (size !== info.size || crc !== info.crc)
      throw new Malformed(name, say`the file is damaged: its length or checksum is wrong`);
  }

  async *unpacked(info) {
    const start = await this.contentStart(info);
    const end = start + info.packed;
    if (end > this.file.size) throw new Malformed(info.name, say`the file is damaged: its length or checksum is wrong`);
    if (info.method === DEFLATED) {
      yield* this.inflated(info, start, end);
      return;
    }
    for (let place = start; place < end; place += WINDOW) yield await this.bytes(place, Math.min(place + WINDOW, end));
  }

  async *inflated(info, start, end) {
    const stream = new DecompressionStream("deflate-raw");
    const reader = stream.readable.getReader();
    const feeding = this.feed(stream.writable.getWriter(), start, end);
    try {
      for (;;) {
        const { value, done } = await reader.read();
        if (done) return;
        yield value;
      }
    } catch (error) {
      if (error instanceof Malformed) throw error;
      throw new Malformed(info.name, say`the file is damaged: it cannot be decompressed`);
    } finally {
      await reader.cancel().catch(() => {});
      await feeding;
    }
  }

  /** Hand the packed bytes over in small parts; whatever goes wrong is told by the other end of the stream. */
  async feed(writer, start, end) {
    try {
      for (let place = start; place < end; place += FEED) {
        const part = await this.bytes(place, Math.min(place + FEED, end));
        await writer.ready;
        await writer.write(part);
      }
      await writer.close();
    } catch (error) {
      await writer.abort(error).catch(() => {});
    }
  }

  /** Where the member's data begin, which must be the ones that the table of contents names. */
  async contentStart({ name, offset }) {
    const header = offset + 30 <= this.file.size ? await this.view(offset, 30) : null;
    const length = header?.getUint16(26, true);
    const behind = offset + 30 + length;
    if (header?.getUint32(0, true) === 0x04034b50 && length === name.length && behind <= this.file.size)
      if (byteText(await this.bytes(offset + 30, behind)) === name) return behind + header.getUint16(28, true);
    throw new Malformed(name, say`the file's own header does not agree with the table of contents`);
  }

  /** A whole member of at most `limit` bytes. */
  async read(name, limit) {
    const info = this.members.get(name);
    if (info && info.size > limit)
      throw new Malformed(name, say`the file has ${info.size} bytes, at most ${limit} are allowed`);
    const pieces = [];
    for await (const piece of this.checked(name)) pieces.push(piece);
    const content = concat(pieces.length ? pieces : [new Uint8Array()]);
    if (!this.digests.has(name)) this.digests.set(name, await nativeDigest(content));
    return content;
  }

  /** The content of a text member in pieces that end with a line; a line has at most 16 MiB. */
  async *blocks(name) {
    let rest = [];
    let waiting = 0;
    for await (const piece of this.chunks(name)) {
      const cut = piece.lastIndexOf(10) + 1;
      if (cut) {
        yield concat([...rest, piece.subarray(0, cut)]);
        rest = [piece.slice(cut)];
        waiting = piece.length - cut;
      } else {
        rest.push(piece.slice());
        waiting += piece.length;
      }
      if (waiting > MAX_LINE) throw new Malformed(name, say`a line is longer than ${MAX_LINE} bytes`);
    }
    if (waiting) throw new Malformed(name, say`the last line has no end`);
  }

  /** The lines of a text member without their ends. */
  async *lines(name) {
    for await (const block of this.blocks(name))
      for (let start = 0; start < block.length;) {
        const end = block.indexOf(10, start);
        yield block.subarray(start, end);
        start = end + 1;
      }
  }

  /** SHA-256 of a member in hex, read for it if nobody has read it before. */
  async digest(name) {
    if (!this.digests.has(name)) for await (const _ of this.chunks(name));
    return this.digests.get(name);
  }
}

/** SHA-256 in hex by the browser's own code where the page may use it. */
async function nativeDigest(bytes) {
  if (globalThis.crypto?.subtle && bytes.length > 4096)
    return hex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
  return hex(sha256(bytes));
}

const HEADER = 46;

/** One line of the table of contents; `shift`: how far the ZIP stands behind the beginning of the file. */
function readInfo(directory, place, shift) {
  const view = new DataView(directory.buffer, directory.byteOffset + place, directory.length - place);
  if (view.byteLength < HEADER || view.getUint32(0, true) !== 0x02014b50) throw new RangeError("bad table of contents");
  const short = (offset) => view.getUint16(offset, true);
  const long = (offset) => view.getUint32(offset, true);
  const [name, extra, comment] = [short(28), short(30), short(32)];
  const next = place + HEADER + name + extra + comment;
  if (next > directory.length) throw new RangeError("bad table of contents");
  if (view.getUint8(6) > 63) throw new RangeError("a file needs a newer program");
  const info = {
    name: byteText(directory.subarray(place + HEADER, place + HEADER + name)),
    flags: short(8),
    method: short(10),
    crc: long(16),
    packed: long(20),
    size: long(24),
    mode: long(38) >>> 16,
    offset: long(42),
    next,
  };
  readLarge(info, new DataView(view.buffer, view.byteOffset + HEADER + name, extra));
  info.offset += shift;
  return info;
}

/** The sizes and the offset that do not fit into 32 bits stand in an extra field of the kind 1, in this order. */
function readLarge(info, extra) {
  for (let place = 0; place + 4 <= extra.byteLength;) {
    const [kind, length] = [extra.getUint16(place, true), extra.getUint16(place + 2, true)];
    if (place + 4 + length > extra.byteLength) throw new RangeError("a damaged extra field");
    if (kind === 1) {
      const field = new DataView(extra.buffer, extra.byteOffset + place + 4, length);
      let used = 0;
      for (const part of ["size", "packed", "offset"])
        if (info[part] === 0xffffffff) {
          info[part] = Number(field.getBigUint64(used, true));
          used += 8;
        }
    }
    place += 4 + length;
  }
}

/** A plain file of a plain name, packed in a known way, whose size can be true. */
function checkMember({ name, mode, flags, method, size, packed }) {
  if (name.length > 255 || !MEMBER_NAME.test(name))
    throw new Unreadable(say`the package has a file of a forbidden name: ${clean(name.slice(0, 100))}`);
  if ((mode & 0o170000) !== 0 && (mode & 0o170000) !== 0o100000)
    throw new Unreadable(say`${name} is a link or a special file`);
  if (flags & 1 || (method !== STORED && method !== DEFLATED))
    throw new Unreadable(say`${name} is encrypted or packed in an unknown way`);
  if (size > MIB + MAX_RATIO * packed)
    throw new Unreadable(say`${name} claims ${size} bytes out of ${packed}: this looks like a bomb`);
}

/** The files fit into the package, and what comes out of it stays in proportion. */
function checkSizes(infos, length) {
  const packed = infos.reduce((sum, info) => sum + info.packed, 0);
  const unpacked = infos.reduce((sum, info) => sum + info.size, 0);
  if (packed > length) throw new Unreadable(say`files overlap inside the package`);
  if (unpacked > 64 * MIB + (MAX_RATIO / 2) * length)
    throw new Unreadable(say`the package claims ${unpacked} bytes out of ${length}: this looks like a bomb`);
}
