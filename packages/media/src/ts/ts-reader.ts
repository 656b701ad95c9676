/**
 * MPEG-TS, read as it comes: ISO/IEC 13818-1. Bytes in any pieces in, whole PES packets out.
 *
 * It reads what ffmpeg writes into a pipe: one program, whose tables fit into a packet each, and nothing lost. A transport stream from a
 * network is for ffmpeg.
 */
import { ByteReader } from "../bytes/byte-reader.ts";
import { Malformed } from "../bytes/malformed.ts";

export type TsUnit = {
  /** `stream_type` of the program map: table 2-34. */
  readonly streamType: number;
  /** Ticks of 90 kHz, 33 bits. */
  readonly pts: number;
  readonly dts: number;
  /** Decoding can begin here: `random_access_indicator`. */
  readonly isRandomAccess: boolean;
  /** Bytes of one access unit, or of several of audio. */
  readonly data: Uint8Array;
};

export type TsReaderOptions = {
  /** The types of the program's streams. Called before their first unit, and when they change. */
  readonly onStreams: (streamTypes: readonly number[]) => void;
  readonly onUnit: (unit: TsUnit) => void;
  /** Bytes of the largest PES packet. */
  readonly maxUnitBytes: number;
};

export const STREAM_TYPE = { aac: 0x0f, h264: 0x1b, hevc: 0x24 } as const;

const PACKET_SIZE = 188;
const SYNC_BYTE = 0x47;
const PAT_PID = 0;
const TABLE_ID = { programs: 0, map: 2 } as const;
/** Bytes of a section before the first entry, from `table_id` on, and its checksum. */
const SECTION_HEADER = 8;
const CHECKSUM_SIZE = 4;
const PES_START = 0x000001;
/** Of `stream_id` to `PES_packet_length`, and of the flags with the length of the optional fields. */
const PES_HEAD = 6;
const PES_FLAGS = 3;
const GROWTH_STEP = 64 * 1024;

/** The PES packet of a stream that is being put together. */
type Assembly = { streamType: number; buffer: Uint8Array; filled: number; isRandomAccess: boolean; open: boolean };

/** Reads MPEG-TS: `push` bytes as they come, get whole PES packets through `onUnit`. */
export class TsReader {
  private readonly options: TsReaderOptions;
  private readonly packet = new Uint8Array(PACKET_SIZE);
  private filled = 0;
  private mapPid: number | null = null;
  private readonly streams = new Map<number, Assembly>();
  private broken: Malformed | null = null;

  constructor(options: TsReaderOptions) {
    this.options = options;
  }

  /** Reads bytes. After `Malformed` nothing more can be read. */
  push(bytes: Uint8Array): Malformed | null {
    let at = 0;
    while (!this.broken && at < bytes.length) {
      if (this.filled === 0 && bytes.length - at >= PACKET_SIZE) {
        this.readPacket(bytes.subarray(at, at + PACKET_SIZE));
        at += PACKET_SIZE;
        continue;
      }
      const count = Math.min(PACKET_SIZE - this.filled, bytes.length - at);
      this.packet.set(bytes.subarray(at, at + count), this.filled);
      this.filled += count;
      at += count;
      if (this.filled < PACKET_SIZE) break;
      this.filled = 0;
      this.readPacket(this.packet);
    }
    return this.broken;
  }

  /** Gives the packets that no other one follows. */
  end(): Malformed | null {
    for (const stream of this.streams.values()) this.finish(stream);
    return this.broken;
  }

  private readPacket(packet: Uint8Array): void {
    const reader = new ByteReader(packet);
    if (reader.u8() !== SYNC_BYTE) return this.breakWith("an MPEG-TS packet without its sync byte");
    const head = reader.u16();
    const begins = (head & 0x4000) !== 0;
    const pid = head & 0x1fff;
    const control = (reader.u8() >> 4) & 3;
    let isRandomAccess = false;
    if (control & 2) {
      const adaptation = reader.view(reader.u8());
      isRandomAccess = ((adaptation[0] ?? 0) & 0x40) !== 0;
    }
    if (reader.failed) return this.breakWith("an MPEG-TS adaptation field is cut short");
    if (!(control & 1)) return;
    const payload = reader.rest();
    if (pid === PAT_PID) return this.readPrograms(payload, begins);
    if (pid === this.mapPid) return this.readMap(payload, begins);
    const stream = this.streams.get(pid);
    if (stream) this.take(stream, payload, begins, isRandomAccess);
  }

  /** Section 2.4.4.3. */
  private readPrograms(payload: Uint8Array, begins: boolean): void {
    const entries = this.readSection(payload, begins, TABLE_ID.programs);
    if (!entries) return;
    while (entries.left >= 4) {
      const program = entries.u16();
      const pid = entries.u16() & 0x1fff;
      // Program 0 is the network's.
      if (program === 0) continue;
      this.mapPid = pid;
      return;
    }
  }

  /** Section 2.4.4.8. */
  private readMap(payload: Uint8Array, begins: boolean): void {
    const entries = this.readSection(payload, begins, TABLE_ID.map);
    if (!entries) return;
    // PCR_PID
    entries.skip(2);
    entries.skip(entries.u16() & 0xfff);
    const found = new Map<number, number>();
    while (entries.left >= 5) {
      const streamType = entries.u8();
      const pid = entries.u16() & 0x1fff;
      entries.skip(entries.u16() & 0xfff);
      found.set(pid, streamType);
    }
    if (entries.failed) return this.breakWith("an MPEG-TS program map is cut short");
    const isKnown =
      found.size === this.streams.size && [...found].every(([pid, type]) => this.streams.get(pid)?.streamType === type);
    if (isKnown) return;
    for (const stream of this.streams.values()) this.finish(stream);
    this.streams.clear();
    for (const [pid, streamType] of found)
      this.streams.set(pid, { streamType, buffer: new Uint8Array(GROWTH_STEP), filled: 0, isRandomAccess: false, open: false });
    this.options.onStreams([...found.values()]);
  }

  /** The entries of a table; null for a packet that has no such table. */
  private readSection(payload: Uint8Array, begins: boolean, tableId: number): ByteReader | null {
    if (!begins) return null;
    const reader = new ByteReader(payload);
    reader.skip(reader.u8());
    const start = reader.at;
    const found = reader.u8();
    const length = reader.u16() & 0xfff;
    if (reader.failed || found !== tableId) return null;
    const end = start + 3 + length - CHECKSUM_SIZE;
    if (length < SECTION_HEADER - 3 + CHECKSUM_SIZE || end + CHECKSUM_SIZE > payload.length) {
      this.breakWith("an MPEG-TS table that does not fit into its packet");
      return null;
    }
    return new ByteReader(payload, start + SECTION_HEADER, end);
  }

  private take(stream: Assembly, payload: Uint8Array, begins: boolean, isRandomAccess: boolean): void {
    if (begins) {
      this.finish(stream);
      stream.open = true;
      stream.isRandomAccess = isRandomAccess;
    }
    if (!stream.open) return;
    const needed = stream.filled + payload.length;
    if (needed > this.options.maxUnitBytes) return this.breakWith(`a PES packet of more than ${this.options.maxUnitBytes} bytes`);
    if (needed > stream.buffer.length) {
      const grown = new Uint8Array(Math.max(needed, stream.buffer.length * 2));
      grown.set(stream.buffer.subarray(0, stream.filled));
      stream.buffer = grown;
    }
    stream.buffer.set(payload, stream.filled);
    stream.filled = needed;
    const { buffer } = stream;
    const length = ((buffer[4] ?? 0) << 8) + (buffer[5] ?? 0);
    // Without a length it ends where the next one begins.
    if (needed >= PES_HEAD && length > 0 && needed >= PES_HEAD + length) this.finish(stream);
  }

  private finish(stream: Assembly): void {
    const { open, filled } = stream;
    stream.open = false;
    stream.filled = 0;
    if (open && !this.broken) this.readPes(stream, stream.buffer.subarray(0, filled));
  }

  /** Section 2.4.3.6. */
  private readPes({ streamType, isRandomAccess }: Assembly, bytes: Uint8Array): void {
    const reader = new ByteReader(bytes);
    if (reader.u24() !== PES_START) return this.breakWith("a PES packet without its start code");
    reader.skip(PES_HEAD - 3);
    reader.skip(1);
    const flags = reader.u8() >> 6;
    const fields = new ByteReader(reader.view(reader.u8()));
    const pts = flags & 2 ? readTime(fields) : null;
    const dts = flags === 3 ? readTime(fields) : pts;
    const data = reader.rest();
    if (reader.failed || fields.failed || bytes.length < PES_HEAD + PES_FLAGS) return this.breakWith("a PES packet is cut short");
    if (pts === null || dts === null) return this.breakWith("a PES packet without a time");
    this.options.onUnit({ streamType, pts, dts, isRandomAccess, data: data.slice() });
  }

  private breakWith(rule: string): void {
    this.broken ??= new Malformed(rule);
  }
}

/** 33 bits in five bytes, with marker bits between them. */
function readTime(reader: ByteReader): number {
  const high = (reader.u8() >> 1) & 7;
  const middle = reader.u16() >> 1;
  const low = reader.u16() >> 1;
  return high * 0x40000000 + middle * 0x8000 + low;
}
