/**
 * Implements the RTMP chunk stream, read: Adobe RTMP 1.0 section 5.3. Bytes in any pieces in, whole messages out.
 *
 * Set Chunk Size and Abort are obeyed here, because they change how the next byte is read; both are also handed on.
 */
import { Malformed } from "../bytes/malformed.ts";
import { MESSAGE_TYPE, PlacedMessage, type RtmpMessage } from "./message.ts";

export const DEFAULT_CHUNK_SIZE = 128;
/** Section 5.4.1: a chunk is at most as large as the largest message. */
export const MAX_CHUNK_SIZE = 0xffffff;
/** At or above it the time is in four extra bytes: section 5.3.1.3. */
const EXTENDED_TIMESTAMP = 0xffffff;
/** Real clients use fewer than ten at once; the bound keeps a client from opening 65599. */
const MAX_CHUNK_STREAMS = 64;
/** A larger message is given memory as its bytes come, since its length may be a lie. */
const TRUSTED_LENGTH = 256 * 1024;
/** Basic header 3, message header 11, extended timestamp 4. */
const MAX_HEADER = 18;
/** The header of a message's later chunk is one byte up to this chunk stream: section 5.3.1.1. */
const MAX_SHORT_ID = 63;
const FORMAT_3 = 0xc0;
const NOTHING = new Uint8Array(0);

export type ChunkReaderOptions = {
  /** Called with each whole message: the caller's to keep, or a `PlacedMessage` if `reuse` is set. */
  readonly onMessage: (message: RtmpMessage) => void;
  /** Bytes of the largest message, and of all unfinished ones together. */
  readonly maxMessageBytes: number;
  /** The message and its payload are good only during `onMessage`; their memory is used again for the next message. Default: false. */
  readonly reuse?: boolean;
  /** Gives memory, which need not be zeroed. Default: `new Uint8Array`. */
  readonly allocate?: (size: number) => Uint8Array;
};

type ChunkStream = {
  readonly id: number;
  timestamp: number;
  delta: number;
  length: number;
  type: number;
  streamId: number;
  extended: boolean;
  /** The message being put together; null between messages. */
  buffer: Uint8Array | null;
  filled: number;
  /** Memory of the message before, to be used again. */
  spare: Uint8Array | null;
};

/** Reads a chunk stream: `push` bytes as they come, get whole messages through `onMessage`. */
export class ChunkReader {
  private readonly options: ChunkReaderOptions;
  private readonly reuse: boolean;
  private readonly allocate: (size: number) => Uint8Array;
  private readonly streams = new Map<number, ChunkStream>();
  /** A header that is cut off by the end of the bytes, as far as it has come. */
  private readonly header = new Uint8Array(MAX_HEADER);
  private headerFilled = 0;
  private current: ChunkStream | null = null;
  private chunkLeft = 0;
  private unfinished = 0;
  private chunkSize = DEFAULT_CHUNK_SIZE;
  private maxMessageBytes: number;
  private broken: Malformed | null = null;
  /** Handed to `onMessage` each time, with `reuse`. */
  private readonly message = new PlacedMessage();

  constructor(options: ChunkReaderOptions) {
    this.options = options;
    this.reuse = options.reuse ?? false;
    this.allocate = options.allocate ?? ((size) => new Uint8Array(size));
    this.maxMessageBytes = options.maxMessageBytes;
  }

  /** Changes the bound on messages, as when a peer has shown that it may publish. */
  allowMessages(maxBytes: number): void {
    this.maxMessageBytes = maxBytes;
  }

  /** Reads bytes, which may be changed afterwards. After `Malformed` the connection cannot be understood any more. */
  push(bytes: Uint8Array): Malformed | null {
    let at = 0;
    while (at < bytes.length && !this.broken) {
      at = this.current ? this.readPayload(this.current, bytes, at) : this.readHeader(bytes, at);
    }
    return this.broken;
  }

  /** Reads a chunk's header, in place where all of it is there, as nearly always. */
  private readHeader(bytes: Uint8Array, from: number): number {
    if (this.headerFilled === 0 && bytes.length - from >= MAX_HEADER) return this.startChunk(bytes, from, bytes.length);
    let at = from;
    while (at < bytes.length) {
      this.header[this.headerFilled++] = bytes[at++] ?? 0;
      if (this.headerSize() > this.headerFilled) continue;
      const size = this.headerFilled;
      this.headerFilled = 0;
      const end = this.startChunk(this.header, 0, size);
      // These bytes were taken for a timestamp.
      if (end < size) this.push(this.header.slice(end, size));
      return at;
    }
    return at;
  }

  /** Size of the header that is being put together, as far as the bytes so far tell; more becomes known as they come. */
  private headerSize(): number {
    const { header, headerFilled } = this;
    const first = header[0] ?? 0;
    const basic = basicSize(first);
    if (headerFilled < basic) return basic;
    const format = first >> 6;
    const size = basic + fieldsSize(format);
    if (headerFilled < size) return size;
    const extended =
      format === 3 ? (this.streams.get(chunkStreamId(header, 0))?.extended ?? false) : u24(header, basic) === EXTENDED_TIMESTAMP;
    return extended ? size + 4 : size;
  }

  /**
   * Reads a chunk's header, and its whole message where it lies in one piece behind it.
   * @param end of the bytes that are there
   * @returns the place behind what was read
   */
  private startChunk(bytes: Uint8Array, at: number, end: number): number {
    const first = bytes[at] ?? 0;
    const format = first >> 6;
    const stream = this.streamOf(chunkStreamId(bytes, at), format);
    let next = at + basicSize(first);
    if (!stream) return next;
    if (stream.buffer !== null) {
      if (format !== 3) this.breakWith("a new message before the last one on its chunk stream was whole");
      // Section 5.3.1.3 wants the extended timestamp again in each later chunk; some encoders leave it out, and then the four
      // bytes in its place are payload.
      else if (stream.extended && u32(bytes, next) === stream.delta) next += 4;
      if (this.broken) return next;
    } else {
      next = this.startMessage(stream, format, bytes, next);
      if (this.broken) return next;
      const messageEnd = next + stream.length;
      if (this.reuse && stream.length <= this.chunkSize && messageEnd <= end) {
        this.deliver(stream, bytes, next, messageEnd);
        return messageEnd;
      }
      this.beginGathering(stream);
    }
    this.chunkLeft = Math.min(this.chunkSize, stream.length - stream.filled);
    if (this.chunkLeft === 0) this.finishMessage(stream);
    else this.current = stream;
    return next;
  }

  private streamOf(id: number, format: number): ChunkStream | null {
    const known = this.streams.get(id);
    if (known) return known;
    // librtmp opens chunk streams with format 1, so only format 2 and 3, which lack the length, are impossible.
    if (format >= 2) this.breakWith("a chunk refers to a message header that was never sent");
    else if (this.streams.size >= MAX_CHUNK_STREAMS) this.breakWith(`more than ${MAX_CHUNK_STREAMS} chunk streams`);
    if (this.broken) return null;
    const fields = { timestamp: 0, delta: 0, length: 0, type: 0, streamId: 0, extended: false };
    const stream: ChunkStream = { id, ...fields, buffer: null, filled: 0, spare: null };
    this.streams.set(id, stream);
    return stream;
  }

  /** Reads the fields of a message's first chunk. Returns the place behind them. */
  private startMessage(stream: ChunkStream, format: number, bytes: Uint8Array, at: number): number {
    let next = at;
    if (format <= 2) {
      const time = u24(bytes, at);
      next += fieldsSize(format);
      stream.extended = time === EXTENDED_TIMESTAMP;
      const value = stream.extended ? u32(bytes, next) : time;
      if (format <= 1) {
        stream.length = u24(bytes, at + 3);
        stream.type = bytes[at + 6] ?? 0;
      }
      if (format === 0) {
        stream.streamId = u32LittleEndian(bytes, at + 7);
        stream.timestamp = value;
      } else {
        stream.timestamp = (stream.timestamp + value) >>> 0;
      }
      // Section 5.3.1.2.4: a format 3 message after a format 0 one takes the absolute time as its difference; FFmpeg writes so.
      stream.delta = value;
    } else {
      stream.timestamp = (stream.timestamp + stream.delta) >>> 0;
    }
    if (stream.length > this.maxMessageBytes) {
      this.breakWith(`a message of ${stream.length} bytes; ${this.maxMessageBytes} are allowed`);
    } else if (this.unfinished + stream.length > 2 * this.maxMessageBytes) this.breakWith("too many unfinished messages");
    return stream.extended ? next + 4 : next;
  }

  private beginGathering(stream: ChunkStream): void {
    const trusted = Math.min(stream.length, TRUSTED_LENGTH);
    this.unfinished += stream.length;
    stream.buffer = stream.spare && stream.spare.length >= trusted ? stream.spare : this.allocate(trusted);
    stream.spare = null;
    stream.filled = 0;
  }

  /** Gathers payload, also that of the message's next chunks where nothing but their headers of one byte is in between. */
  private readPayload(stream: ChunkStream, bytes: Uint8Array, from: number): number {
    let at = from;
    for (;;) {
      const count = Math.min(this.chunkLeft, bytes.length - at);
      const buffer = this.payloadFor(stream, count);
      buffer.set(count === bytes.length ? bytes : bytes.subarray(at, at + count), stream.filled);
      stream.filled += count;
      this.chunkLeft -= count;
      at += count;
      if (this.chunkLeft > 0) return at;
      if (stream.filled === stream.length) {
        this.current = null;
        this.finishMessage(stream);
        return at;
      }
      if (stream.extended || stream.id > MAX_SHORT_ID || bytes[at] !== (FORMAT_3 | stream.id)) {
        this.current = null;
        return at;
      }
      at++;
      this.chunkLeft = Math.min(this.chunkSize, stream.length - stream.filled);
    }
  }

  private payloadFor(stream: ChunkStream, count: number): Uint8Array {
    const old = stream.buffer ?? this.allocate(0);
    const needed = stream.filled + count;
    if (needed <= old.length) return old;
    const grown = this.allocate(Math.min(stream.length, Math.max(needed, old.length * 2)));
    grown.set(old.subarray(0, stream.filled));
    stream.buffer = grown;
    return grown;
  }

  private finishMessage(stream: ChunkStream): void {
    const bytes = stream.buffer ?? NOTHING;
    this.forget(stream);
    this.deliver(stream, bytes, 0, stream.length);
  }

  private deliver({ type, streamId, timestamp }: ChunkStream, bytes: Uint8Array, from: number, to: number): void {
    if (type === MESSAGE_TYPE.setChunkSize || type === MESSAGE_TYPE.abort) this.obey(type, bytes.subarray(from, to));
    if (this.broken) return;
    const { message } = this;
    if (!this.reuse) return this.options.onMessage({ type, streamId, timestamp, payload: bytes.subarray(from, to) });
    message.type = type;
    message.streamId = streamId;
    message.timestamp = timestamp;
    message.bytes = bytes;
    message.from = from;
    message.to = to;
    this.options.onMessage(message);
  }

  private obey(type: number, payload: Uint8Array): void {
    if (payload.length < 4) return this.breakWith("a protocol control message is cut short");
    const value = u32(payload, 0);
    if (type === MESSAGE_TYPE.abort) {
      const aborted = this.streams.get(value);
      if (aborted) this.forget(aborted);
    } else if (value < 1 || value > 0x7fffffff) {
      this.breakWith(`a chunk size of ${value}`);
    } else {
      this.chunkSize = Math.min(value, MAX_CHUNK_SIZE);
    }
  }

  private forget(stream: ChunkStream): void {
    if (stream.buffer === null) return;
    this.unfinished -= stream.length;
    if (this.reuse && stream.buffer.length <= TRUSTED_LENGTH) stream.spare = stream.buffer;
    stream.buffer = null;
    stream.filled = 0;
  }

  private breakWith(rule: string): void {
    this.broken ??= new Malformed(rule);
  }
}

/** Size of the basic header: section 5.3.1.1. */
function basicSize(first: number): number {
  const low = first & 0x3f;
  return low === 0 ? 2 : low === 1 ? 3 : 1;
}

/** Size of the message header without the extended timestamp: section 5.3.1.2. */
function fieldsSize(format: number): number {
  return format === 0 ? 11 : format === 1 ? 7 : format === 2 ? 3 : 0;
}

function chunkStreamId(bytes: Uint8Array, at: number): number {
  const low = (bytes[at] ?? 0) & 0x3f;
  if (low === 0) return 64 + (bytes[at + 1] ?? 0);
  if (low === 1) return 64 + (bytes[at + 1] ?? 0) + (bytes[at + 2] ?? 0) * 256;
  return low;
}

function u24(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
}

function u32(bytes: Uint8Array, at: number): number {
  return u24(bytes, at) * 256 + (bytes[at + 3] ?? 0);
}

function u32LittleEndian(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) + (bytes[at + 1] ?? 0) * 0x100 + (bytes[at + 2] ?? 0) * 0x10000 + (bytes[at + 3] ?? 0) * 0x1000000;
}
