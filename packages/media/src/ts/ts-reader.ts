/**
 * Implements MPEG-TS, read as it comes: ISO/IEC 13818-1. Bytes in any pieces in, whole PES packets out.
 *
 * It reads the first program. From a pipe nothing is lost, and what cannot be read ends it; from a network, what cannot be read is left out, and told
 * to `onFault`.
 */
import { ByteReader } from "../bytes/byte-reader.ts";
import { GrowingBytes } from "../bytes/growing-bytes.ts";
import { Malformed } from "../bytes/malformed.ts";
import { readProgramMap, readPrograms, SectionAssembler, type TsStream } from "./program-tables.ts";

export type TsUnit = {
  /** `stream_type` of the program map: table 2-34. */
  readonly streamType: number;
  /** Ticks of 90 kHz, 33 bits. */
  readonly pts: number;
  readonly dts: number;
  /** Decoding can begin here: `random_access_indicator`. */
  readonly isRandomAccess: boolean;
  /** As the program map has it. */
  readonly stream: TsStream;
  /** Bytes of one access unit, or of several of audio. */
  readonly data: Uint8Array;
};

export type TsReaderOptions = {
  /** The types of the program's streams. Called before their first unit, and when they change. */
  readonly onStreams: (streamTypes: readonly number[], streams: readonly TsStream[]) => void;
  readonly onUnit: (unit: TsUnit) => void;
  /** Bytes of the largest PES packet. */
  readonly maxUnitBytes: number;
  /** For bytes from a network: packets may be missing, and what cannot be read is left out. Absent: it breaks the stream. */
  readonly onFault?: (rule: string) => void;
};

export const STREAM_TYPE = { aac: 0x0f, h264: 0x1b, hevc: 0x24 } as const;

const PACKET_SIZE = 188;
const HEADER_SIZE = 4;
const SYNC_BYTE = 0x47;
const PAT_PID = 0;
const PES_START = 0x000001;
/** Of `stream_id` to `PES_packet_length`, and of the flags with the length of the optional fields. */
const PES_HEAD = 6;
const PES_FLAGS = 3;
/** Of a program; each may have a unit in memory. */
const MAX_STREAMS = 16;

/** The PES packet of a stream that is being put together. */
type Assembly = {
  readonly stream: TsStream;
  readonly bytes: GrowingBytes;
  isRandomAccess: boolean;
  open: boolean;
  /** `continuity_counter` of the packet before; null before the first. */
  counter: number | null;
};

/** Reads MPEG-TS: `push` bytes as they come, get whole PES packets through `onUnit`. */
export class TsReader {
  private readonly options: TsReaderOptions;
  private readonly packet = new Uint8Array(PACKET_SIZE);
  private filled = 0;
  private mapPid: number | null = null;
  private readonly programs = new SectionAssembler();
  private map = new SectionAssembler();
  private readonly streams = new Map<number, Assembly>();
  private broken: Malformed | null = null;

  constructor(options: TsReaderOptions) {
    this.options = options;
  }

  /** Reads bytes. After `Malformed` nothing more can be read. */
  push(bytes: Uint8Array): Malformed | null {
    let at = 0;
    while (!this.broken && at < bytes.length) {
      if (this.filled === 0 && bytes[at] !== SYNC_BYTE) {
        this.fault("an MPEG-TS packet without its sync byte");
        const next = bytes.indexOf(SYNC_BYTE, at);
        at = next < 0 ? bytes.length : next;
        continue;
      }
      if (this.filled === 0 && bytes.length - at >= PACKET_SIZE) {
        this.readPacket(bytes, at);
        at += PACKET_SIZE;
        continue;
      }
      const count = Math.min(PACKET_SIZE - this.filled, bytes.length - at);
      this.packet.set(bytes.subarray(at, at + count), this.filled);
      this.filled += count;
      at += count;
      if (this.filled < PACKET_SIZE) break;
      this.filled = 0;
      this.readPacket(this.packet, 0);
    }
    return this.broken;
  }

  /** Gives the packets that no other one follows. */
  end(): Malformed | null {
    for (const stream of this.streams.values()) this.finish(stream);
    return this.broken;
  }

  /** Section 2.4.3.2. A server reads tens of thousands a second, so that nothing is made but the view of the payload. @param at where it begins */
  private readPacket(bytes: Uint8Array, at: number): void {
    const head = ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    // The demodulator of a broadcast could not repair it.
    if (head & 0x8000) return this.fault("an MPEG-TS packet with a transmission error");
    const begins = (head & 0x4000) !== 0;
    const pid = head & 0x1fff;
    const control = bytes[at + 3] ?? 0;
    let from = HEADER_SIZE;
    let adaptationFlags = 0;
    if (control & 0x20) {
      const length = bytes[at + HEADER_SIZE] ?? 0;
      from += 1 + length;
      if (from > PACKET_SIZE) return this.fault("an MPEG-TS adaptation field is cut short");
      if (length > 0) adaptationFlags = bytes[at + HEADER_SIZE + 1] ?? 0;
    }
    if (!(control & 0x10)) return;
    const payload = bytes.subarray(at + from, at + PACKET_SIZE);
    if (pid === PAT_PID) return this.readPrograms(payload, begins);
    if (pid === this.mapPid) return this.readMap(payload, begins);
    const stream = this.streams.get(pid);
    if (!stream) return;
    if (control & 0xc0) return this.fault("an MPEG-TS stream that is scrambled");
    if (this.continues(stream, control & 15, (adaptationFlags & 0x80) !== 0))
      this.take(stream, payload, begins, (adaptationFlags & 0x40) !== 0);
  }

  /** False for a packet that is sent twice. After a missing one, the unit that it belonged to is left out: section 2.4.3.3. */
  private continues(stream: Assembly, counter: number, isNewCount: boolean): boolean {
    const before = stream.counter;
    stream.counter = counter;
    if (!this.options.onFault || before === null || isNewCount) return true;
    if (counter === before) return false;
    if (counter === ((before + 1) & 15)) return true;
    this.fault("MPEG-TS packets are missing");
    stream.open = false;
    stream.bytes.filled = 0;
    return true;
  }

  private readPrograms(payload: Uint8Array, begins: boolean): void {
    const section = this.programs.take(payload, begins);
    const pid = section && readPrograms(section);
    if (pid === null || pid === this.mapPid) return;
    this.mapPid = pid;
    this.map = new SectionAssembler();
  }

  private readMap(payload: Uint8Array, begins: boolean): void {
    const section = this.map.take(payload, begins);
    const all = section && readProgramMap(section);
    if (all instanceof Malformed) return this.fault(all.rule);
    if (!all) return;
    const found = all.slice(0, MAX_STREAMS);
    const isKnown =
      found.length === this.streams.size &&
      found.every(({ pid, streamType }) => this.streams.get(pid)?.stream.streamType === streamType);
    if (isKnown) return;
    for (const stream of this.streams.values()) this.finish(stream);
    this.streams.clear();
    for (const stream of found)
      this.streams.set(stream.pid, {
        stream,
        bytes: new GrowingBytes(),
        isRandomAccess: false,
        open: false,
        counter: null,
      });
    this.options.onStreams(
      found.map(({ streamType }) => streamType),
      found,
    );
  }

  private take(stream: Assembly, payload: Uint8Array, begins: boolean, isRandomAccess: boolean): void {
    if (begins) {
      this.finish(stream);
      stream.open = true;
      stream.isRandomAccess = isRandomAccess;
    }
    if (!stream.open) return;
    const needed = stream.bytes.filled + payload.length;
    if (needed > this.options.maxUnitBytes) {
      stream.open = false;
      stream.bytes.filled = 0;
      return this.fault(`a PES packet of more than ${this.options.maxUnitBytes} bytes`);
    }
    stream.bytes.append(payload);
    const { buffer } = stream.bytes;
    const length = ((buffer[4] ?? 0) << 8) + (buffer[5] ?? 0);
    // Without a length it ends where the next one begins.
    if (needed >= PES_HEAD && length > 0 && needed >= PES_HEAD + length) this.finish(stream);
  }

  private finish(stream: Assembly): void {
    const { open, bytes } = stream;
    const { filled } = bytes;
    stream.open = false;
    stream.bytes.filled = 0;
    if (open && !this.broken) this.readPes(stream, bytes.buffer.subarray(0, filled));
  }

  /** Section 2.4.3.6. */
  private readPes({ stream, isRandomAccess }: Assembly, bytes: Uint8Array): void {
    const reader = new ByteReader(bytes);
    if (reader.u24() !== PES_START) return this.fault("a PES packet without its start code");
    reader.skip(PES_HEAD - 3);
    reader.skip(1);
    const flags = reader.u8() >> 6;
    const fields = new ByteReader(reader.view(reader.u8()));
    const pts = flags & 2 ? readTime(fields) : null;
    const dts = flags === 3 ? readTime(fields) : pts;
    const data = reader.rest();
    if (reader.failed || fields.failed || bytes.length < PES_HEAD + PES_FLAGS) return this.fault("a PES packet is cut short");
    if (pts === null || dts === null) return this.fault("a PES packet without a time");
    this.options.onUnit({ streamType: stream.streamType, stream, pts, dts, isRandomAccess, data: data.slice() });
  }

  /** What cannot be read ends the stream, or is left out. */
  private fault(rule: string): void {
    if (this.options.onFault) this.options.onFault(rule);
    else this.broken ??= new Malformed(rule);
  }
}

/** 33 bits in five bytes, with marker bits between them. */
function readTime(reader: ByteReader): number {
  const high = (reader.u8() >> 1) & 7;
  const middle = reader.u16() >> 1;
  const low = reader.u16() >> 1;
  return high * 0x40000000 + middle * 0x8000 + low;
}
