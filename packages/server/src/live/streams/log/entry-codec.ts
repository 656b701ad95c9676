/**
 * A record as bytes, for the wire and the disk, with a checksum over everything that it says and its epoch. What describes a
 * configuration is read from the configuration again, not believed.
 */
import { crc32 } from "node:zlib";
import { ByteReader, decodeAmf0, encodeAmf0, isAmfObject, Malformed } from "@lectern/media";
import { readAudioConfiguration, readVideoConfiguration } from "../ingest/codec-configuration.ts";
import { muxConfiguration } from "../ingest/flv-mux.ts";
import type { Configuration, LogEntry, LogPosition, MediaEntry, SegmentHead, Targets } from "./log-entry.ts";

const KIND = { term: 1, segment: 2, part: 3, video: 4, audio: 5, metadata: 6, media: 7, gap: 8, end: 9 } as const;
const TRACKS = ["video", "audio", "data"] as const;
const FLAG = { key: 1, disposable: 2 } as const;
const CRC_BYTES = 4;

/** A record as bytes, its checksum last. */
export function encodeEntry(epoch: string, record: LogEntry): Buffer {
  const writer = new Writer();
  writer.u8(kindOf(record));
  writer.stamp(record);
  encodeBody(writer, record);
  const bytes = writer.bytes(CRC_BYTES);
  const end = bytes.length - CRC_BYTES;
  bytes.writeUInt32BE(crc32(bytes.subarray(0, end), crc32(epoch)), end);
  return bytes;
}

/** The record that bytes are. `Malformed` when they are not one of this epoch. Its frame is a view of them. */
export function decodeEntry(epoch: string, bytes: Uint8Array): LogEntry | Malformed {
  const end = bytes.length - CRC_BYTES;
  if (end < 0) return new Malformed("a record is cut short");
  const sum = new ByteReader(bytes, end).u32();
  if (crc32(bytes.subarray(0, end), crc32(epoch)) !== sum) return new Malformed("a record's checksum is wrong");
  const reader = new ByteReader(bytes, 0, end);
  const kind = reader.u8();
  const stamp = readStamp(reader);
  const record = decodeBody(reader, kind, stamp, epoch);
  if (record instanceof Malformed) return record;
  if (reader.left > 0) return new Malformed("a record is longer than what it says");
  return reader.checked("a record") ?? record;
}

function kindOf(record: LogEntry): number {
  return record.kind === "configuration" ? KIND[record.track] : KIND[record.kind];
}

function encodeBody(writer: Writer, record: LogEntry): void {
  switch (record.kind) {
    case "term":
      writer.optional(record.previousEnd, (stamp) => writer.stamp(stamp));
      return writer.targets(record.targets);
    case "segment":
      writer.u32(record.msn);
      writer.u32(record.discontinuity);
      writer.f64(record.utc);
      writer.text(record.initialisation);
      writer.u8(record.independent ? 1 : 0);
      writer.f64(record.time);
      writer.positions(record.start);
      return writer.targets(record.targets);
    case "part":
      writer.u32(record.index);
      writer.u8(record.independent ? 1 : 0);
      return writer.positions(record.previousEnd);
    case "configuration":
      return encodeConfiguration(writer, record);
    case "media":
      return encodeMedia(writer, record);
    case "gap":
      return writer.f64(record.from);
    case "end":
      return writer.text(record.reason);
  }
}

function encodeConfiguration(writer: Writer, record: Configuration): void {
  writer.f64(record.time);
  if (record.track === "metadata") return writer.data(encodeAmf0(record.properties));
  writer.text(record.codec);
  writer.data(record.data);
  if (record.track !== "video") return;
  writer.u32(record.format?.width ?? 0);
  writer.u32(record.format?.height ?? 0);
}

function encodeMedia(writer: Writer, record: MediaEntry): void {
  writer.u8(TRACKS.indexOf(record.track));
  writer.u8((record.key ? FLAG.key : 0) | (record.disposable ? FLAG.disposable : 0));
  writer.text(record.codec);
  writer.f64(record.decodeTime);
  writer.f64(record.compositionOffset);
  writer.u32(record.payload.byteOffset - record.tag.byteOffset);
  writer.u32(record.payload.length);
  writer.data(record.tag);
}

function decodeBody(reader: ByteReader, kind: number, stamp: LogPosition, epoch: string): LogEntry | Malformed {
  switch (kind) {
    case KIND.term:
      return {
        ...stamp,
        kind: "term",
        epoch,
        previousEnd: readOptional(reader, () => readStamp(reader)),
        targets: readTargets(reader),
      };
    case KIND.segment:
      return {
        ...stamp,
        kind: "segment",
        msn: reader.u32(),
        discontinuity: reader.u32(),
        utc: reader.f64(),
        initialisation: readText(reader),
        independent: reader.u8() === 1,
        time: reader.f64(),
        start: readPositions(reader),
        targets: readTargets(reader),
      };
    case KIND.part:
      return {
        ...stamp,
        kind: "part",
        index: reader.u32(),
        independent: reader.u8() === 1,
        previousEnd: readPositions(reader),
      };
    case KIND.video:
    case KIND.audio:
    case KIND.metadata:
      return decodeConfiguration(reader, kind, stamp);
    case KIND.media:
      return decodeMedia(reader, stamp);
    case KIND.gap:
      return { ...stamp, kind: "gap", from: reader.f64() };
    case KIND.end:
      return { ...stamp, kind: "end", reason: readText(reader) };
    default:
      return new Malformed(`a record of the unknown kind ${kind}`);
  }
}

function decodeConfiguration(reader: ByteReader, kind: number, stamp: LogPosition): LogEntry | Malformed {
  const time = reader.f64();
  if (kind === KIND.metadata) {
    const values = decodeAmf0(readData(reader));
    const properties = values instanceof Malformed ? values : values[0];
    if (properties instanceof Malformed) return properties;
    if (!isAmfObject(properties)) return new Malformed("metadata that are no object");
    return { ...stamp, kind: "configuration", track: "metadata", time, properties };
  }
  const codec = readText(reader);
  const data = Uint8Array.from(readData(reader));
  if (kind === KIND.audio) {
    const format = readAudioConfiguration(codec, data);
    if (format instanceof Malformed) return format;
    return {
      ...stamp,
      kind: "configuration",
      track: "audio",
      time,
      codec,
      data,
      format,
      tag: muxConfiguration("audio", codec, data),
    };
  }
  const [width, height] = [reader.u32(), reader.u32()];
  const described = readVideoConfiguration(codec, data);
  if (described instanceof Malformed) return described;
  // VP9's size is in no configuration.
  const format = described && { ...described, width, height };
  return {
    ...stamp,
    kind: "configuration",
    track: "video",
    time,
    codec,
    data,
    format,
    tag: muxConfiguration("video", codec, data),
  };
}

function decodeMedia(reader: ByteReader, stamp: LogPosition): LogEntry | Malformed {
  const track = TRACKS[reader.u8()];
  const flags = reader.u8();
  const codec = readText(reader);
  const decodeTime = reader.f64();
  const compositionOffset = reader.f64();
  const [from, length] = [reader.u32(), reader.u32()];
  const tag = readData(reader);
  if (!track) return new Malformed("a frame of an unknown track");
  if (from + length > tag.length) return new Malformed("a frame's payload lies outside its tag");
  return {
    ...stamp,
    kind: "media",
    track,
    codec,
    decodeTime,
    compositionOffset,
    key: (flags & FLAG.key) !== 0,
    disposable: (flags & FLAG.disposable) !== 0,
    payload: tag.subarray(from, from + length),
    tag,
  };
}

function readStamp(reader: ByteReader): LogPosition {
  return { term: reader.u32(), sequence: reader.u32() * 0x10000 + reader.u16() };
}

function readOptional<T>(reader: ByteReader, read: () => T): T | null {
  return reader.u8() === 1 ? read() : null;
}

function readPositions(reader: ByteReader): SegmentHead["start"] {
  return { video: readOptional(reader, () => reader.f64()), audio: readOptional(reader, () => reader.f64()) };
}

function readTargets(reader: ByteReader): Targets | null {
  return readOptional(reader, () => ({ partMs: reader.f64(), segmentSeconds: reader.f64() }));
}

function readText(reader: ByteReader): string {
  return Buffer.from(reader.view(reader.u8())).toString();
}

function readData(reader: ByteReader): Uint8Array {
  return reader.view(reader.u32());
}

/** Collects fields, and puts them into one piece of memory. */
class Writer {
  /** Enough for every record's fields but its data. */
  private readonly head = Buffer.allocUnsafe(512);
  private at = 0;
  private pieces: Uint8Array[] = [];
  private from = 0;

  u8(value: number): void {
    this.at = this.head.writeUInt8(value, this.at);
  }

  u32(value: number): void {
    this.at = this.head.writeUInt32BE(value, this.at);
  }

  f64(value: number): void {
    this.at = this.head.writeDoubleBE(value, this.at);
  }

  /** At most 255 bytes. */
  text(value: string): void {
    const bytes = Buffer.from(value).subarray(0, 255);
    this.u8(bytes.length);
    this.flush();
    this.pieces.push(bytes);
  }

  data(value: Uint8Array): void {
    this.u32(value.length);
    this.flush();
    this.pieces.push(value);
  }

  stamp({ term, sequence }: LogPosition): void {
    this.u32(term);
    this.u32(Math.floor(sequence / 0x10000));
    this.at = this.head.writeUInt16BE(sequence % 0x10000, this.at);
  }

  optional<T>(value: T | null, write: (value: T) => void): void {
    this.u8(value === null ? 0 : 1);
    if (value !== null) write(value);
  }

  positions({ video, audio }: SegmentHead["start"]): void {
    this.optional(video, (value) => this.f64(value));
    this.optional(audio, (value) => this.f64(value));
  }

  targets(targets: Targets | null): void {
    this.optional(targets, ({ partMs, segmentSeconds }) => {
      this.f64(partMs);
      this.f64(segmentSeconds);
    });
  }

  /** Everything, with room behind it. */
  bytes(room: number): Buffer {
    this.flush();
    const length = this.pieces.reduce((sum, piece) => sum + piece.length, 0);
    const out = Buffer.allocUnsafe(length + room);
    let at = 0;
    for (const piece of this.pieces) {
      out.set(piece, at);
      at += piece.length;
    }
    return out;
  }

  private flush(): void {
    if (this.at > this.from) this.pieces.push(this.head.subarray(this.from, this.at));
    this.from = this.at;
  }
}
