/**
 * The RTMP chunk stream, read: Adobe RTMP 1.0 section 5.3. Bytes in any pieces in, whole messages out.
 *
 * Set Chunk Size and Abort are obeyed here, because they change how the next byte is read; both are also handed on.
 */
import { Malformed } from "../bytes/malformed.ts";
import { MESSAGE_TYPE, type RtmpMessage } from "./message.ts";

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

export type ChunkReaderOptions = {
  /** Called with each whole message. Its payload is the caller's to keep, unless `reuse` is set. */
  readonly onMessage: (message: RtmpMessage) => void;
  /** Bytes of the largest message, and of all unfinished ones together. */
  readonly maxMessageBytes: number;
  /** Payloads are good only during `onMessage`; their memory is used again for the next message. Default: false. */
  readonly reuse?: boolean;
  /** Gives memory, which need not be zeroed. Default: `new Uint8Array`. */
  readonly allocate?: (size: number) => Uint8Array;
};

type ChunkStream = {
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
  private readonly allocate: (size: number) => Uint8Array;
  private readonly streams = new Map<number, ChunkStream>();
  private readonly header = new Uint8Array(MAX_HEADER);
  private headerFilled = 0;
  private current: ChunkStream | null = null;
  private chunkLeft = 0;
  private unfinished = 0;
  private chunkSize = DEFAULT_CHUNK_SIZE;
  private maxMessageBytes: number;
  private broken: Malformed | null = null;

  constructor(options: ChunkReaderOptions) {
    this.options = options;
    this.allocate = options.allocate ?? ((size) => new Uint8Array(size));
    this.maxMessageBytes = options.maxMessageBytes;
  }

  /** Changes the bound on messages, as when a peer has shown that it may publish. */
  allowMessages(maxBytes: number): void {
    this.maxMessageBytes = maxBytes;
  }

  /** Reads bytes. After `Malformed` the connection cannot be understood any more. */
  push(bytes: Uint8Array): Malformed | null {
    let at = 0;
    while (at < bytes.length && !this.broken) {
      at = this.current ? this.readPayload(this.current, bytes, at) : this.readHeader(bytes, at);
    }
    return this.broken;
  }

  private readHeader(bytes: Uint8Array, from: number): number {
    if (this.headerFilled === 0 && bytes.length - from >= MAX_HEADER) return this.readWholeHeader(bytes, from);
    let at = from;
    while (at < bytes.length) {
      this.header[this.headerFilled++] = bytes[at++] ?? 0;
      const missing = this.headerSize() - this.headerFilled;
      if (missing === 0) {
        this.startChunk();
        return at;
      }
    }
    return at;
  }

  /** Reads a header of which all bytes are there, as nearly all are: without asking after each byte whether it was the last one. */
  private readWholeHeader(bytes: Uint8Array, from: number): number {
    for (let i = 0; i < MAX_HEADER; i++) this.header[i] = bytes[from + i] ?? 0;
    this.headerFilled = MAX_HEADER;
    const size = this.headerSize();
    this.startChunk();
    return from + size;
  }

  /** Size of the header that is being read, as far as the bytes so far tell; more becomes known as they come. */
  private headerSize(): number {
    const first = this.header[0] ?? 0;
    const low = first & 0x3f;
    const basic = low === 0 ? 2 : low === 1 ? 3 : 1;
    if (this.headerFilled < basic) return basic;
    const format = first >> 6;
    const message = format === 0 ? 11 : format === 1 ? 7 : format === 2 ? 3 : 0;
    const size = basic + message;
    if (this.headerFilled < size) return size;
    const extended =
      format === 3 ? (this.streams.get(this.chunkStreamId())?.extended ?? false) : this.u24(basic) === EXTENDED_TIMESTAMP;
    return extended ? size + 4 : size;
  }

  private chunkStreamId(): number {
    const low = (this.header[0] ?? 0) & 0x3f;
    if (low === 0) return 64 + (this.header[1] ?? 0);
    if (low === 1) return 64 + (this.header[1] ?? 0) + (this.header[2] ?? 0) * 256;
    return low;
  }

  private startChunk(): void {
    const id = this.chunkStreamId();
    const format = (this.header[0] ?? 0) >> 6;
    const low = (this.header[0] ?? 0) & 0x3f;
    const basic = low === 0 ? 2 : low === 1 ? 3 : 1;
    let stream = this.streams.get(id);
    if (!stream) {
      // librtmp opens chunk streams with format 1, so only format 2 and 3, which lack the length, are impossible.
      if (format >= 2) return this.breakWith("a chunk refers to a message header that was never sent");
      if (this.streams.size >= MAX_CHUNK_STREAMS) return this.breakWith(`more than ${MAX_CHUNK_STREAMS} chunk streams`);
      stream = { timestamp: 0, delta: 0, length: 0, type: 0, streamId: 0, extended: false, buffer: null, filled: 0, spare: null };
      this.streams.set(id, stream);
    }
    const continued = stream.buffer !== null;
    if (!continued) this.startMessage(stream, format, basic);
    else if (format !== 3) return this.breakWith("a new message before the last one on its chunk stream was whole");
    this.headerFilled = 0;
    if (this.broken) return;
    this.chunkLeft = Math.min(this.chunkSize, stream.length - stream.filled);
    this.current = stream;
    if (this.chunkLeft === 0) this.finishChunk(stream);
    // Section 5.3.1.3 wants the extended timestamp again in each later chunk; some encoders leave it out, and then the four
    // bytes taken for it are payload.
    else if (continued && stream.extended && this.u32(basic) !== stream.delta) {
      this.push(this.header.slice(basic, basic + 4));
    }
  }

  private startMessage(stream: ChunkStream, format: number, basic: number): void {
    if (format <= 2) {
      const time = this.u24(basic);
      const size = basic + (format === 0 ? 11 : format === 1 ? 7 : 3);
      stream.extended = time === EXTENDED_TIMESTAMP;
      const value = stream.extended ? this.u32(size) : time;
      if (format <= 1) {
        stream.length = this.u24(basic + 3);
        stream.type = this.header[basic + 6] ?? 0;
      }
      if (format === 0) {
        stream.streamId = this.u32LittleEndian(basic + 7);
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
      return this.breakWith(`a message of ${stream.length} bytes; ${this.maxMessageBytes} are allowed`);
    }
    const trusted = Math.min(stream.length, TRUSTED_LENGTH);
    this.unfinished += stream.length;
    if (this.unfinished > 2 * this.maxMessageBytes) return this.breakWith("too many unfinished messages");
    stream.buffer = stream.spare && stream.spare.length >= trusted ? stream.spare : this.allocate(trusted);
    stream.spare = null;
    stream.filled = 0;
  }

  private readPayload(stream: ChunkStream, bytes: Uint8Array, from: number): number {
    const count = Math.min(this.chunkLeft, bytes.length - from);
    const buffer = this.roomFor(stream, count);
    buffer.set(count === bytes.length ? bytes : bytes.subarray(from, from + count), stream.filled);
    stream.filled += count;
    this.chunkLeft -= count;
    if (this.chunkLeft === 0) this.finishChunk(stream);
    return from + count;
  }

  private roomFor(stream: ChunkStream, count: number): Uint8Array {
    const old = stream.buffer ?? this.allocate(0);
    const needed = stream.filled + count;
    if (needed <= old.length) return old;
    const grown = this.allocate(Math.min(stream.length, Math.max(needed, old.length * 2)));
    grown.set(old.subarray(0, stream.filled));
    stream.buffer = grown;
    return grown;
  }

  private finishChunk(stream: ChunkStream): void {
    this.current = null;
    if (stream.filled < stream.length || stream.buffer === null) return;
    const payload = stream.buffer.subarray(0, stream.length);
    this.forget(stream);
    this.obey(stream.type, payload);
    if (this.broken) return;
    this.options.onMessage({ type: stream.type, streamId: stream.streamId, timestamp: stream.timestamp, payload });
  }

  private obey(type: number, payload: Uint8Array): void {
    if (type !== MESSAGE_TYPE.setChunkSize && type !== MESSAGE_TYPE.abort) return;
    if (payload.length < 4) return this.breakWith("a protocol control message is cut short");
    const value = new DataView(payload.buffer, payload.byteOffset).getUint32(0);
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
    if (this.options.reuse && stream.buffer.length <= TRUSTED_LENGTH) stream.spare = stream.buffer;
    stream.buffer = null;
    stream.filled = 0;
  }

  private breakWith(rule: string): void {
    this.broken = new Malformed(rule);
  }

  private u24(at: number): number {
    const h = this.header;
    return ((h[at] ?? 0) << 16) | ((h[at + 1] ?? 0) << 8) | (h[at + 2] ?? 0);
  }

  private u32(at: number): number {
    return this.u24(at) * 256 + (this.header[at + 3] ?? 0);
  }

  private u32LittleEndian(at: number): number {
    const h = this.header;
    return (h[at] ?? 0) + (h[at + 1] ?? 0) * 0x100 + (h[at + 2] ?? 0) * 0x10000 + (h[at + 3] ?? 0) * 0x1000000;
  }
}
