/**
 * Encodes log entries for relay followers of versions before neutral frames: the frame of a media entry is an FLV tag, with the place of
 * its payload. Reads both forms.
 */
import { type ByteReader, Malformed, muxFrame, TAG_HEADER_SIZE, tagSize, writeTagInto } from "@lectern/media";
import {
  decodeEntry as decode,
  encodeEntry,
  type LogEntry,
  type LogPosition,
  type MediaEncoding,
  type MediaEntry,
  readData,
  readText,
} from "../../streams/index.ts";

const TRACKS = ["video", "audio", "data"] as const;
const FLAG = { key: 1, disposable: 2 } as const;

const TAGGED_MEDIA: MediaEncoding = {
  kind: 7,
  write: (writer, entry) => {
    const body = muxFrame(entry);
    const tag = Buffer.allocUnsafe(tagSize(body));
    writeTagInto(tag, body, entry.decodeTime);
    writer.u8(TRACKS.indexOf(entry.track));
    writer.u8((entry.key ? FLAG.key : 0) | (entry.disposable ? FLAG.disposable : 0));
    writer.text(entry.codec);
    writer.f64(entry.decodeTime);
    writer.f64(entry.compositionOffset);
    writer.u32(TAG_HEADER_SIZE + body.header.length);
    writer.u32(entry.payload.length);
    writer.data(tag);
  },
  read: readTagged,
};

/** An entry as bytes, its checksum last. */
export function encodeTaggedEntry(epoch: string, entry: LogEntry): Buffer {
  return encodeEntry(epoch, entry, TAGGED_MEDIA);
}

/** The entry that bytes are, in either form. A frame's payload is a view of them. */
export function decodeEntry(epoch: string, bytes: Uint8Array): LogEntry | Malformed {
  return decode(epoch, bytes, TAGGED_MEDIA);
}

function readTagged(reader: ByteReader, position: LogPosition): MediaEntry | Malformed {
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
    ...position,
    kind: "media",
    track,
    codec,
    decodeTime,
    compositionOffset,
    key: (flags & FLAG.key) !== 0,
    disposable: (flags & FLAG.disposable) !== 0,
    soundFlags: track === "audio" ? (tag[TAG_HEADER_SIZE] ?? 0) & 15 : 0,
    payload: tag.subarray(from, from + length),
  };
}
