/**
 * Muxes frames of H.264 or HEVC, and AAC or Opus, into MPEG-TS: ISO/IEC 13818-1. Frames and their times in, whole packets out; each key frame is preceded by
 * the tables, so that reading can begin there.
 */
import { STREAM_TYPE } from "./ts-reader.ts";

export type TsTrack = {
  readonly streamType: number;
  /** Descriptors of the program map, as they stand there. */
  readonly descriptors: Uint8Array;
};

export type TsFrame = {
  readonly track: "video" | "audio";
  /** Ticks of 90 kHz; 33 bits of them are written. */
  readonly dts: number;
  readonly pts: number;
  readonly key: boolean;
  readonly payload: Uint8Array;
};

const PACKET_SIZE = 188;
const HEADER_SIZE = 4;
const PID = { programs: 0, map: 0x1000, video: 0x100, audio: 0x101 } as const;
const STREAM_ID = { video: 0xe0, audio: 0xc0, private: 0xbd } as const;
/** `stream_type` of private streams, which Opus is one of. */
const PRIVATE = 0x06;
/** Length, flags and a clock reference. */
const REFERENCE_SIZE = 8;
/** The clock reference is so far before the decode time: what receivers hold before they decode. */
const REFERENCE_AHEAD = 9000;
const MAX_PES_LENGTH = 0xffff;
const WRAP = 2 ** 33;

/** Opus as a private stream: opus-codec.org's "Opus in MPEG-TS", section 4.3. */
export function opusTsTrack(channels: number): TsTrack {
  const registration = [0x05, 4, 0x4f, 0x70, 0x75, 0x73];
  return { streamType: PRIVATE, descriptors: Uint8Array.from([...registration, 0x7f, 2, 0x80, channels]) };
}

/** A track of H.264, HEVC or AAC. */
export function tsTrack(codec: keyof typeof STREAM_TYPE): TsTrack {
  return { streamType: STREAM_TYPE[codec], descriptors: new Uint8Array(0) };
}

/** Muxes one program, whose continuity counters it counts. */
export class TsMuxer {
  private video: TsTrack | null = null;
  private audio: TsTrack | null = null;
  private version = 0;
  private readonly counters = new Map<number, number>();

  /** The tracks from here on. */
  setTracks(video: TsTrack | null, audio: TsTrack | null): void {
    if (isSame(video, this.video) && isSame(audio, this.audio)) return;
    this.video = video;
    this.audio = audio;
    this.version = (this.version + 1) & 31;
  }

  /** The tables: two packets. */
  tables(): Uint8Array {
    const out = new Uint8Array(2 * PACKET_SIZE);
    this.writeSection(out, 0, PID.programs, this.section(0x00, 1, [0, 1, 0xe0 | (PID.map >> 8), PID.map & 0xff]));
    const { video, audio } = this;
    const clock = video ? PID.video : PID.audio;
    const entries = [0xe0 | (clock >> 8), clock & 0xff, 0xf0, 0];
    if (video) entries.push(...entryOf(video, PID.video));
    if (audio) entries.push(...entryOf(audio, PID.audio));
    this.writeSection(out, PACKET_SIZE, PID.map, this.section(0x02, 1, entries));
    return out;
  }

  /** Bytes of a frame, in whole packets. */
  sizeOf(frame: TsFrame): number {
    const size = pesHeaderSize(frame) + frame.payload.length + (this.hasReference(frame) ? REFERENCE_SIZE : 0);
    return Math.ceil(size / (PACKET_SIZE - HEADER_SIZE)) * PACKET_SIZE;
  }

  /** Writes a frame. @param out `sizeOf` bytes */
  writeInto(out: Uint8Array, frame: TsFrame): void {
    const pid = PID[frame.track];
    const header = this.pesHeader(frame);
    let left = header.length + frame.payload.length;
    let taken = 0;
    for (let at = 0; at < out.length; at += PACKET_SIZE) {
      const isFirst = at === 0;
      const reference = isFirst && this.hasReference(frame) ? REFERENCE_SIZE : 0;
      const room = PACKET_SIZE - HEADER_SIZE - reference;
      const count = Math.min(room, left);
      const stuffing = room - count;
      this.writeHeader(out, at, pid, isFirst, reference + stuffing > 0);
      let to = at + HEADER_SIZE;
      if (reference + stuffing > 0) to = writeAdaptation(out, to, reference + stuffing, reference > 0 ? frame : null);
      const ofHeader = Math.max(0, Math.min(count, header.length - taken));
      if (ofHeader > 0) out.set(header.subarray(taken, taken + ofHeader), to);
      const from = taken + ofHeader - header.length;
      if (count > ofHeader) out.set(frame.payload.subarray(from, from + count - ofHeader), to + ofHeader);
      taken += count;
      left -= count;
    }
  }

  private hasReference({ track }: TsFrame): boolean {
    return track === "video" || this.video === null;
  }

  private writeHeader(out: Uint8Array, at: number, pid: number, begins: boolean, hasAdaptation: boolean): void {
    const counter = this.counters.get(pid) ?? 0;
    this.counters.set(pid, (counter + 1) & 15);
    out[at] = 0x47;
    out[at + 1] = (begins ? 0x40 : 0) | (pid >> 8);
    out[at + 2] = pid & 0xff;
    out[at + 3] = (hasAdaptation ? 0x30 : 0x10) | counter;
  }

  private writeSection(out: Uint8Array, at: number, pid: number, section: readonly number[]): void {
    this.writeHeader(out, at, pid, true, false);
    out.fill(0xff, at + HEADER_SIZE, at + PACKET_SIZE);
    out[at + HEADER_SIZE] = 0;
    out.set(section, at + HEADER_SIZE + 1);
  }

  /** Section 2.4.4.1, with its checksum. */
  private section(tableId: number, id: number, content: readonly number[]): readonly number[] {
    const length = content.length + 9;
    const section = [
      tableId,
      0xb0 | (length >> 8),
      length & 0xff,
      id >> 8,
      id & 0xff,
      0xc1 | (this.version << 1),
      0,
      0,
      ...content,
    ];
    const sum = crc32(section);
    return [...section, sum >>> 24, (sum >>> 16) & 0xff, (sum >>> 8) & 0xff, sum & 0xff];
  }

  /** Section 2.4.3.6. */
  private pesHeader(frame: TsFrame): Uint8Array {
    const { track, dts, pts, payload } = frame;
    const header = new Uint8Array(pesHeaderSize(frame));
    const isOpus = track === "audio" && this.audio?.streamType === PRIVATE;
    const length = header.length - 6 + payload.length;
    header.set([0, 0, 1, isOpus ? STREAM_ID.private : STREAM_ID[track]]);
    // Only a picture's packet may have none.
    if (length <= MAX_PES_LENGTH) header.set([length >> 8, length & 0xff], 4);
    header[6] = 0x84;
    header[7] = dts === pts ? 0x80 : 0xc0;
    header[8] = header.length - 9;
    writeTime(header, 9, dts === pts ? 2 : 3, pts);
    if (dts !== pts) writeTime(header, 14, 1, dts);
    return header;
  }
}

function isSame(one: TsTrack | null, other: TsTrack | null): boolean {
  return one?.streamType === other?.streamType && `${one?.descriptors}` === `${other?.descriptors}`;
}

function entryOf({ streamType, descriptors }: TsTrack, pid: number): readonly number[] {
  return [streamType, 0xe0 | (pid >> 8), pid & 0xff, 0xf0, descriptors.length, ...descriptors];
}

function pesHeaderSize({ dts, pts }: TsFrame): number {
  return dts === pts ? 14 : 19;
}

/** @param size of all, with the byte for its length; @param frame whose clock reference it has */
function writeAdaptation(out: Uint8Array, at: number, size: number, frame: TsFrame | null): number {
  out[at] = size - 1;
  if (size === 1) return at + 1;
  out[at + 1] = frame ? (frame.key ? 0x50 : 0x10) : 0;
  out.fill(0xff, at + 2, at + size);
  if (frame) {
    const base = (((frame.dts - REFERENCE_AHEAD) % WRAP) + WRAP) % WRAP;
    const high = Math.floor(base / 2);
    out.set([high >>> 24, (high >>> 16) & 0xff, (high >>> 8) & 0xff, high & 0xff, ((base % 2) << 7) | 0x7e, 0], at + 2);
  }
  return at + size;
}

function writeTime(out: Uint8Array, at: number, prefix: number, time: number): void {
  const ticks = ((time % WRAP) + WRAP) % WRAP;
  const low = ticks % 0x8000;
  const middle = Math.floor(ticks / 0x8000) % 0x8000;
  const high = Math.floor(ticks / 0x40000000);
  out[at] = (prefix << 4) | (high << 1) | 1;
  out[at + 1] = middle >> 7;
  out[at + 2] = ((middle & 0x7f) << 1) | 1;
  out[at + 3] = low >> 7;
  out[at + 4] = ((low & 0x7f) << 1) | 1;
}

/** Annex A: the CRC of MPEG-2. */
function crc32(bytes: readonly number[]): number {
  let sum = 0xffffffff;
  for (const byte of bytes) {
    sum ^= byte << 24;
    for (let i = 0; i < 8; i++) sum = (sum << 1) ^ (sum & 0x80000000 ? 0x04c11db7 : 0);
  }
  return sum >>> 0;
}
