/**
 * Implements MPEG program stream, read as it comes: ISO/IEC 13818-1 section 2.5, with the stream types of GB/T 28181-2016 annex C. Bytes in any
 * pieces in, whole PES packets out.
 *
 * It reads what cameras send by RTP, where packets are missing: whatever does not fit is left out, up to the next pack header.
 */

import { ByteReader } from "../bytes/byte-reader.ts";
import { GrowingBytes } from "../bytes/growing-bytes.ts";

export type PesPacket = {
  readonly streamId: number;
  /** `stream_type` of the program stream map; null where no map has come that names the stream. */
  readonly streamType: number | null;
  /** Ticks of 90 kHz, 33 bits; null: the packet has none. */
  readonly pts: number | null;
  readonly dts: number | null;
  /** A view that is good only during the call. */
  readonly data: Uint8Array;
};

export type PsReaderOptions = {
  readonly onPes: (packet: PesPacket) => void;
  /** Bytes have been left out: what is being put together of a stream is not whole. */
  readonly onLoss: () => void;
};

/** Stream types that cameras announce: GB/T 28181-2016 annex C, 13818-1 table 2-34. */
export const PS_STREAM_TYPE = {
  aac: 0x0f,
  mpeg4: 0x10,
  h264: 0x1b,
  hevc: 0x24,
  svac: 0x80,
  g711a: 0x90,
  g711u: 0x91,
} as const;

/** The last byte of start codes: table 2-18 and section 2.5.3. Smaller ones are within pictures. */
const CODE = {
  end: 0xb9,
  pack: 0xba,
  system: 0xbb,
  map: 0xbc,
  privateOne: 0xbd,
  audio: 0xc0,
  video: 0xe0,
  lastVideo: 0xef,
} as const;
const START_SIZE = 4;
const PACK_SIZE = { mpeg1: 12, mpeg2: 14 } as const;
/** Start code and `PES_packet_length`. */
const PES_HEAD = 6;
/** Behind it: two bytes of flags, and the length of the optional fields. */
const PES_FLAGS = 3;
const MAP_CHECKSUM = 4;
/** A PES packet of video that does not tell its length ends before this. */
const MAX_ELEMENT_BYTES = 4 * 1024 * 1024;
/** Table 2-41: no longer map is one, and no system header. */
const MAX_HEADER_BYTES = 1018;

/** Reads a program stream: `push` bytes as they come, get PES packets through `onPes`. */
export class PsReader {
  private readonly options: PsReaderOptions;
  private readonly kept = new GrowingBytes();
  private at = 0;
  private isSynced = false;
  /** Up to here no start code ends a packet whose length is not known. */
  private scanned = 0;
  /** Where the packet before the next byte was one of video, whose length may have been told too short. */
  private tailOf: number | null = null;
  private types: ReadonlyMap<number, number> = new Map();

  constructor(options: PsReaderOptions) {
    this.options = options;
  }

  /** Whether every byte that has come was part of a whole element. */
  get isBetween(): boolean {
    return this.at === this.kept.filled;
  }

  push(bytes: Uint8Array): void {
    this.kept.drop(this.at);
    this.scanned = Math.max(0, this.scanned - this.at);
    this.at = 0;
    this.kept.append(bytes);
    while (this.step());
  }

  /** The sender has marked the end of a frame: a packet that does not tell its length ends here. */
  endFrame(): void {
    if (this.isUnbounded() && this.kept.filled - this.at >= PES_HEAD + PES_FLAGS) this.takePes(this.kept.filled);
    else if (this.isTail()) this.takeTail(this.kept.filled);
  }

  /** Bytes are missing here: begins again with the next pack header. */
  skip(): void {
    this.at = this.kept.filled;
    this.tailOf = null;
    this.isSynced = false;
    this.options.onLoss();
  }

  /** Reads one element; false: more bytes are needed. */
  private step(): boolean {
    if (!this.isSynced) return this.findPack();
    if (this.kept.filled - this.at < START_SIZE) return false;
    if (this.isTail()) return this.readTail();
    const code = this.codeAt(this.at);
    if (code === null || code < CODE.end) return this.lose();
    this.tailOf = null;
    if (code === CODE.end) return this.consume(START_SIZE);
    if (code === CODE.pack) return this.readPack();
    if (this.kept.filled - this.at < PES_HEAD) return false;
    if (this.isUnbounded()) return this.readUnbounded();
    const size = PES_HEAD + this.lengthAt(this.at);
    if ((code === CODE.map || code === CODE.system) && size > PES_HEAD + MAX_HEADER_BYTES) return this.lose();
    return this.readElement(code, size);
  }

  /**
   * An element that another pack begins in is shorter than it says: its code occurs in no picture, and hardly ever in sound, and where packets of the network are
   * missing `skip` is called. Cameras write what they planned to send, or no more than the low 16 bits.
   */
  private readElement(code: number, size: number): boolean {
    const told = this.at + size;
    const next = this.nextCode(this.at + PES_HEAD, Math.min(told, this.kept.filled), isVideo(code) ? CODE.end : CODE.pack);
    if (next === null && this.kept.filled < told) return false;
    const end = next ?? told;
    if (code === CODE.map) this.readMap(this.kept.buffer.subarray(this.at + PES_HEAD, end));
    if (code === CODE.privateOne || (code >= CODE.audio && code <= CODE.lastVideo)) this.takePes(end);
    else this.at = end;
    if (isVideo(code)) this.tailOf = code;
    return true;
  }

  private findPack(): boolean {
    for (let i = this.at; i + START_SIZE <= this.kept.filled; i++) {
      if (this.codeAt(i) !== CODE.pack) continue;
      this.at = i;
      this.isSynced = true;
      return true;
    }
    // A start code may be cut in two.
    this.at = Math.max(this.at, this.kept.filled - (START_SIZE - 1));
    return false;
  }

  private readPack(): boolean {
    if (this.kept.filled - this.at <= START_SIZE) return false;
    // MPEG-1 has `0010` here.
    if ((this.byteAt(START_SIZE) & 0xf0) === 0x20)
      return this.kept.filled - this.at >= PACK_SIZE.mpeg1 && this.consume(PACK_SIZE.mpeg1);
    if (this.kept.filled - this.at < PACK_SIZE.mpeg2) return false;
    const size = PACK_SIZE.mpeg2 + (this.byteAt(PACK_SIZE.mpeg2 - 1) & 7);
    return this.kept.filled - this.at >= size && this.consume(size);
  }

  /** Table 2-41. Its checksum is not looked at: many cameras write zeros. */
  private readMap(bytes: Uint8Array): void {
    const reader = new ByteReader(bytes, 2, Math.max(2, bytes.length - MAP_CHECKSUM));
    reader.skip(reader.u16());
    const entries = new ByteReader(reader.view(reader.u16()));
    const types = new Map<number, number>();
    while (entries.left >= 4) {
      const type = entries.u8();
      types.set(entries.u8(), type);
      entries.skip(entries.u16());
    }
    if (!reader.failed && !entries.failed) this.types = types;
  }

  /** Table 2-21. */
  private takePes(end: number): void {
    const bytes = this.kept.buffer.subarray(this.at, end);
    this.at = end;
    const streamId = bytes[START_SIZE - 1] ?? 0;
    const reader = new ByteReader(bytes, PES_HEAD);
    // What is scrambled, or of MPEG-1, is of no use.
    if ((reader.u8() & 0xf0) !== 0x80) return;
    const flags = reader.u8() >> 6;
    const fields = new ByteReader(reader.view(reader.u8()));
    const pts = flags & 2 ? readTime(fields) : null;
    const dts = flags === 3 ? readTime(fields) : pts;
    const data = reader.rest();
    if (reader.failed || fields.failed) return this.options.onLoss();
    this.options.onPes({ streamId, streamType: this.types.get(streamId) ?? null, pts, dts, data });
  }

  /** Some cameras write a length of 0 where a picture has more than 65535 bytes. */
  private isUnbounded(): boolean {
    if (!this.isSynced || this.kept.filled - this.at < PES_HEAD || this.lengthAt(this.at) > 0) return false;
    return isVideo(this.codeAt(this.at) ?? 0);
  }

  /** It ends with the next start code that is not a picture's. */
  private readUnbounded(): boolean {
    const end = this.nextCode(this.at + PES_HEAD, this.kept.filled, CODE.end);
    if (end !== null) {
      this.takePes(end);
      return true;
    }
    return this.kept.filled - this.at > MAX_ELEMENT_BYTES ? this.lose() : false;
  }

  /** Whether the next bytes continue a packet of video that said that it was shorter. */
  private isTail(): boolean {
    if (this.tailOf === null || this.kept.filled - this.at < START_SIZE) return false;
    const code = this.codeAt(this.at);
    return code === null || code < CODE.end;
  }

  private readTail(): boolean {
    const end = this.nextCode(this.at, this.kept.filled, CODE.end);
    if (end === null && this.kept.filled - this.at <= MAX_ELEMENT_BYTES) return false;
    if (end === null) return this.lose();
    this.takeTail(end);
    return true;
  }

  private takeTail(end: number): void {
    const streamId = this.tailOf ?? 0;
    const data = this.kept.buffer.subarray(this.at, end);
    this.at = end;
    this.options.onPes({ streamId, streamType: this.types.get(streamId) ?? null, pts: null, dts: null, data });
  }

  /**
   * Where a pack begins, or with `least` of `CODE.end` anything else whose start code no picture has; null: nowhere yet. What was looked at is not looked at again.
   */
  private nextCode(from: number, to: number, least: typeof CODE.end | typeof CODE.pack): number | null {
    const { buffer } = this.kept;
    let i = Math.max(from, this.scanned);
    for (; i + START_SIZE <= to; i++) {
      // Most bytes are larger: the third one of a start code is 1.
      if ((buffer[i + 2] ?? 0) > 1) {
        i += 2;
        continue;
      }
      const code = this.codeAt(i);
      if (code !== null && (code === CODE.pack || (least === CODE.end && code >= least))) return i;
    }
    this.scanned = Math.max(from, Math.min(i, to - START_SIZE + 1));
    return null;
  }

  private lose(): true {
    this.at++;
    this.tailOf = null;
    this.isSynced = false;
    this.options.onLoss();
    return true;
  }

  private consume(size: number): true {
    this.at += size;
    return true;
  }

  private byteAt(offset: number): number {
    return this.kept.buffer[this.at + offset] ?? 0;
  }

  private lengthAt(index: number): number {
    return ((this.kept.buffer[index + 4] ?? 0) << 8) | (this.kept.buffer[index + 5] ?? 0);
  }

  /** The last byte of a start code; null where there is none. */
  private codeAt(index: number): number | null {
    const { buffer } = this.kept;
    return buffer[index] === 0 && buffer[index + 1] === 0 && buffer[index + 2] === 1 ? (buffer[index + 3] ?? 0) : null;
  }
}

function isVideo(code: number): boolean {
  return code >= CODE.video && code <= CODE.lastVideo;
}

/** 33 bits in five bytes, with marker bits between them. */
function readTime(reader: ByteReader): number {
  const high = (reader.u8() >> 1) & 7;
  const middle = reader.u16() >> 1;
  const low = reader.u16() >> 1;
  return high * 0x40000000 + middle * 0x8000 + low;
}
