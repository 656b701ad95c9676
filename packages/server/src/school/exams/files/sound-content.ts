/**
 * Walks WebM (EBML, RFC 8794; Matroska, RFC 9559) and MP4 (ISO/IEC 14496-12) files, as browsers record them, to their last byte: they have one track, of sound,
 * and its times say how long it is.
 */
import type { SoundContent } from "./content-types.ts";

/** Elements of EBML, by their ids. */
const EBML = 0x1a45dfa3;
const DOC_TYPE = 0x4282;
const SEGMENT = 0x18538067;
const INFO = 0x1549a966;
const TIMESTAMP_SCALE = 0x2ad7b1;
const TRACKS = 0x1654ae6b;
const TRACK_ENTRY = 0xae;
const CODEC_ID = 0x86;
const CLUSTER = 0x1f43b675;
const CLUSTER_TIMESTAMP = 0xe7;
const SIMPLE_BLOCK = 0xa3;
const BLOCK_GROUP = 0xa0;
const BLOCK = 0xa1;
/** Into these the walk goes; all others are read as a whole. */
const MASTERS: readonly number[] = [SEGMENT, INFO, TRACKS, TRACK_ENTRY, CLUSTER, BLOCK_GROUP];
const DEFAULT_SCALE_NS = 1_000_000;
const NS_PER_SECOND = 1e9;

export function webmContent(file: Buffer): SoundContent | null {
  if (file.length < 32 || file.readUInt32BE(0) !== EBML) return null;
  const codecs: string[] = [];
  let [docType, scale, cluster, last] = ["", DEFAULT_SCALE_NS, 0, 0];
  for (let at = 0; at < file.length; ) {
    const { id, length, content } = elementAt(file, at);
    // A browser does not know the length of what it records: it ends with the file, or with the next of its level.
    if (MASTERS.includes(id) || (id === EBML && length !== null)) {
      if (length !== null && content + length > file.length) return null;
      at = content;
      continue;
    }
    if (length === null || content + length > file.length) return null;
    const value = file.subarray(content, content + length);
    if (id === DOC_TYPE) docType = textOf(value);
    else if (id === TIMESTAMP_SCALE) scale = value.readUIntBE(0, value.length);
    else if (id === CODEC_ID) codecs.push(textOf(value));
    else if (id === CLUSTER_TIMESTAMP) cluster = value.readUIntBE(0, value.length);
    else if (id === SIMPLE_BLOCK || id === BLOCK)
      // Behind the number of the track, which is one byte for the only one.
      last = Math.max(last, cluster + value.readInt16BE(1));
    at = content + length;
  }
  if (docType !== "webm" || codecs.length !== 1 || codecs[0] !== "A_OPUS") return null;
  return { type: "audio/webm", seconds: (last * scale) / NS_PER_SECOND };
}

/** RFC 8794, section 4: a number of variable length keeps its first bits in its id, and not in a length. @throws RangeError where there is none */
function elementAt(file: Buffer, at: number) {
  const idBytes = widthOf(file.readUInt8(at), 4);
  const id = file.readUIntBE(at, idBytes);
  const lengthBytes = widthOf(file.readUInt8(at + idBytes), 8);
  let length = file.readUInt8(at + idBytes) & (0xff >> lengthBytes);
  let isUnknown = length === 0xff >> lengthBytes;
  for (let i = 1; i < lengthBytes; i++) {
    const byte = file.readUInt8(at + idBytes + i);
    length = length * 256 + byte;
    isUnknown &&= byte === 0xff;
  }
  return { id, length: isUnknown ? null : length, content: at + idBytes + lengthBytes };
}

function widthOf(first: number, most: number): number {
  const width = Math.clz32(first) - 23;
  if (width > most) throw new RangeError("this is no number of EBML");
  return width;
}

function textOf(value: Buffer): string {
  return value.toString("latin1").replace(/\0+$/, "");
}

const CONTAINERS: readonly string[] = ["moov", "trak", "mdia", "minf", "stbl", "moof", "traf"];
/** Of the top level, as browsers write them. */
const TOP: readonly string[] = ["ftyp", "moov", "moof", "mdat", "free", "skip", "sidx", "mfra", "styp"];
/** A length that is not known when the head is written: of fragments. */
const UNKNOWN = 0xffff_ffff;
const SOUND_ENTRIES: readonly string[] = ["mp4a", "Opus"];

type Mp4 = { handlers: string[]; entries: string[]; scale: number; whole: number; fragments: number; hasMedia: boolean };

export function mp4Content(file: Buffer): SoundContent | null {
  if (file.length < 32 || file.toString("latin1", 4, 8) !== "ftyp") return null;
  const found: Mp4 = { handlers: [], entries: [], scale: 0, whole: 0, fragments: 0, hasMedia: false };
  if (!walk(file, 0, file.length, found, true)) return null;
  const { handlers, entries, scale, whole, fragments, hasMedia } = found;
  const isSound =
    handlers.length === 1 && handlers[0] === "soun" && entries.length === 1 && SOUND_ENTRIES.includes(entries[0] ?? "");
  if (!isSound || !hasMedia || scale === 0) return null;
  return { type: "audio/mp4", seconds: Math.max(whole, fragments) / scale };
}

/** False: the boxes do not end where they should, or one of the top level is strange. */
function walk(file: Buffer, from: number, to: number, found: Mp4, isTop: boolean): boolean {
  let at = from;
  while (at < to) {
    const first = file.readUInt32BE(at);
    const name = file.toString("latin1", at + 4, at + 8);
    const isLarge = first === 1;
    const size = isLarge ? Number(file.readBigUInt64BE(at + 8)) : first;
    const head = isLarge ? 16 : 8;
    if (size < head || at + size > to || (isTop && !TOP.includes(name))) return false;
    if (CONTAINERS.includes(name)) {
      if (!walk(file, at + head, at + size, found, false)) return false;
    } else readBox(file.subarray(at + head, at + size), name, found);
    at += size;
  }
  return at === to;
}

function readBox(box: Buffer, name: string, found: Mp4): void {
  const isLong = box[0] === 1;
  // ISO/IEC 14496-12, 8.4.2: the times of the track are in these units.
  if (name === "mdhd") {
    found.scale = box.readUInt32BE(isLong ? 20 : 12);
    const whole = isLong ? Number(box.readBigUInt64BE(24)) : box.readUInt32BE(16);
    found.whole = whole === UNKNOWN ? 0 : whole;
  } else if (name === "hdlr") found.handlers.push(box.toString("latin1", 8, 12));
  else if (name === "stsd")
    for (let at = 8; at < box.length; at += Math.max(8, box.readUInt32BE(at)))
      found.entries.push(box.toString("latin1", at + 4, at + 8));
  // 8.8.12: where a fragment begins.
  else if (name === "tfdt")
    found.fragments = Math.max(found.fragments, isLong ? Number(box.readBigUInt64BE(4)) : box.readUInt32BE(4));
  else if (name === "mdat") found.hasMedia = true;
}
