/**
 * Encodes an entry as bytes, with a checksum over the entry and its epoch. A configuration's format is read from the configuration again
 * when it is decoded, not believed.
 */
import { crc32 } from "node:zlib";
import {
  ByteReader,
  decodeAmf0,
  encodeAmf0,
  isAmfObject,
  Malformed,
  readAudioConfiguration,
  readVideoConfiguration,
} from "@lectern/media";
import { EntryWriter, readData, readOptional, readPosition, readTargets, readText, readTrackPositions } from "./entry-fields.ts";
import type { Configuration, LogEntry, LogPosition, MediaEntry } from "./log-entry.ts";

const KIND = { term: 1, segment: 2, part: 3, video: 4, audio: 5, metadata: 6, gap: 8, end: 9, media: 10 } as const;
const TRACKS = ["video", "audio", "data"] as const;
const FLAG = { key: 1, disposable: 2 } as const;
const SOUND_SHIFT = 4;
const CRC_BYTES = 4;

/** An entry as bytes, its checksum last. */
export function encodeEntry(epoch: string, entry: LogEntry): Buffer {
  const writer = new EntryWriter();
  writer.u8(entry.kind === "configuration" ? KIND[entry.track] : KIND[entry.kind]);
  writer.position(entry);
  encodeBody(writer, entry);
  const bytes = writer.bytes(CRC_BYTES);
  const end = bytes.length - CRC_BYTES;
  bytes.writeUInt32BE(crc32(bytes.subarray(0, end), crc32(epoch)), end);
  return bytes;
}

/** The entry that bytes are. `Malformed` when they are not one of this epoch. A frame's payload is a view of them. */
export function decodeEntry(epoch: string, bytes: Uint8Array): LogEntry | Malformed {
  const end = bytes.length - CRC_BYTES;
  if (end < 0) return new Malformed("a log entry is cut short");
  const sum = new ByteReader(bytes, end).u32();
  if (crc32(bytes.subarray(0, end), crc32(epoch)) !== sum) return new Malformed("a log entry's checksum is wrong");
  const reader = new ByteReader(bytes, 0, end);
  const kind = reader.u8();
  const entry = decodeBody(reader, kind, readPosition(reader), epoch);
  if (entry instanceof Malformed) return entry;
  if (reader.left > 0) return new Malformed("a log entry has bytes behind its end");
  return reader.checked("a log entry") ?? entry;
}

function encodeBody(writer: EntryWriter, entry: LogEntry): void {
  switch (entry.kind) {
    case "term":
      writer.optional(entry.previousEnd, (position) => writer.position(position));
      return writer.targets(entry.targets);
    case "segment":
      writer.u32(entry.msn);
      writer.u32(entry.discontinuity);
      writer.f64(entry.utc);
      writer.text(entry.initialisation);
      writer.u8(entry.independent ? 1 : 0);
      writer.f64(entry.time);
      writer.trackPositions(entry.start);
      return writer.targets(entry.targets);
    case "part":
      writer.u32(entry.index);
      writer.u8(entry.independent ? 1 : 0);
      return writer.trackPositions(entry.previousEnd);
    case "configuration":
      return encodeConfiguration(writer, entry);
    case "media":
      return writeFrame(writer, entry);
    case "gap":
      return writer.f64(entry.from);
    case "end":
      return writer.text(entry.reason);
  }
}

function encodeConfiguration(writer: EntryWriter, entry: Configuration): void {
  writer.f64(entry.time);
  if (entry.track === "metadata") return writer.data(encodeAmf0(entry.properties));
  writer.text(entry.codec);
  writer.data(entry.data);
  if (entry.track !== "video") return;
  writer.u32(entry.format?.width ?? 0);
  writer.u32(entry.format?.height ?? 0);
}

function writeFrame(writer: EntryWriter, entry: MediaEntry): void {
  writer.u8(TRACKS.indexOf(entry.track));
  writer.u8((entry.key ? FLAG.key : 0) | (entry.disposable ? FLAG.disposable : 0) | (entry.soundFlags << SOUND_SHIFT));
  writer.text(entry.codec);
  writer.f64(entry.decodeTime);
  writer.f64(entry.compositionOffset);
  writer.data(entry.payload);
}

function decodeBody(reader: ByteReader, kind: number, position: LogPosition, epoch: string): LogEntry | Malformed {
  switch (kind) {
    case KIND.term:
      return {
        ...position,
        kind: "term",
        epoch,
        previousEnd: readOptional(reader, () => readPosition(reader)),
        targets: readTargets(reader),
      };
    case KIND.segment:
      return {
        ...position,
        kind: "segment",
        msn: reader.u32(),
        discontinuity: reader.u32(),
        utc: reader.f64(),
        initialisation: readText(reader),
        independent: reader.u8() === 1,
        time: reader.f64(),
        start: readTrackPositions(reader),
        targets: readTargets(reader),
      };
    case KIND.part:
      return {
        ...position,
        kind: "part",
        index: reader.u32(),
        independent: reader.u8() === 1,
        previousEnd: readTrackPositions(reader),
      };
    case KIND.video:
    case KIND.audio:
    case KIND.metadata:
      return decodeConfiguration(reader, kind, position);
    case KIND.media:
      return readFrame(reader, position);
    case KIND.gap:
      return { ...position, kind: "gap", from: reader.f64() };
    case KIND.end:
      return { ...position, kind: "end", reason: readText(reader) };
    default:
      return new Malformed(`a log entry of the unknown kind ${kind}`);
  }
}

function decodeConfiguration(reader: ByteReader, kind: number, position: LogPosition): LogEntry | Malformed {
  const time = reader.f64();
  if (kind === KIND.metadata) {
    const values = decodeAmf0(readData(reader));
    const properties = values instanceof Malformed ? values : values[0];
    if (properties instanceof Malformed) return properties;
    if (!isAmfObject(properties)) return new Malformed("metadata that are no object");
    return { ...position, kind: "configuration", track: "metadata", time, properties };
  }
  const codec = readText(reader);
  const data = Uint8Array.from(readData(reader));
  if (kind === KIND.audio) {
    const format = readAudioConfiguration(codec, data);
    if (format instanceof Malformed) return format;
    return { ...position, kind: "configuration", track: "audio", time, codec, data, format };
  }
  const [width, height] = [reader.u32(), reader.u32()];
  const read = readVideoConfiguration(codec, data);
  if (read instanceof Malformed) return read;
  // VP9's size is in no configuration.
  const format = read && { ...read, width, height };
  return { ...position, kind: "configuration", track: "video", time, codec, data, format };
}

function readFrame(reader: ByteReader, position: LogPosition): MediaEntry | Malformed {
  const track = TRACKS[reader.u8()];
  const flags = reader.u8();
  const codec = readText(reader);
  const decodeTime = reader.f64();
  const compositionOffset = reader.f64();
  const payload = readData(reader);
  if (!track) return new Malformed("a frame of an unknown track");
  return {
    ...position,
    kind: "media",
    track,
    codec,
    decodeTime,
    compositionOffset,
    key: (flags & FLAG.key) !== 0,
    disposable: (flags & FLAG.disposable) !== 0,
    soundFlags: flags >> SOUND_SHIFT,
    payload,
  };
}
