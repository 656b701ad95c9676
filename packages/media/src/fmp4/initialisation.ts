/**
 * Implements the initialisation segment of CMAF (ISO/IEC 23000-19 section 7.3.2): the decoder configurations, before the first fragment. Boxes by
 * ISO/IEC 14496-12; sample entries by 14496-15 (H.264, HEVC), the AV1 and VP bindings, 14496-14 (AAC) and Xiph's for Opus.
 */
import { AUDIO_CODEC, type FourCc, VIDEO_CODEC } from "../codecs/four-cc.ts";
import { OPUS_SAMPLE_RATE } from "../codecs/opus.ts";
import { box, characters, concat, fullBox, u16, u32, u64 } from "./box.ts";
import { type AudioTrack, type Fmp4Track, TRACK_ID, timescaleOf, type VideoTrack } from "./track.ts";

/** Sections 8.2.2 and 8.3.2: no rotation, no scaling. */
const UNITY_MATRIX = [0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000].flatMap(u32);
const ZEROS = (count: number) => new Uint8Array(count);
/** ISO 639-2 "und", five bits a letter: section 8.4.2. */
const UNDETERMINED = 0x55c4;
const SEVENTY_TWO_DPI = 0x480000;
/** Section 8.7.2: the media are in the same file. */
const SELF_CONTAINED = 1;
const IN_SAME_FILE = fullBox("url ", 0, SELF_CONTAINED);

/**
 * `ftyp` and `moov` for one or both tracks.
 * @param durationMs of the whole, where it is a file with an end: section 8.8.2
 * @param others further sample entries of the tracks, which are numbered from 2 on: section 8.5.2. They have the timescale of their track
 */
export function writeInitialisation(
  tracks: readonly Fmp4Track[],
  durationMs: number | null = null,
  others: readonly Fmp4Track[] = [],
): Uint8Array {
  const brands = ["iso6", "mp41", "cmfc"].flatMap(characters);
  const fileType = box("ftyp", characters("iso6"), u32(0), brands);
  const header = fullBox(
    "mvhd",
    0,
    0,
    u32(0),
    u32(0),
    u32(1000),
    u32(0),
    u32(0x10000),
    u16(0x100),
    ZEROS(10),
    UNITY_MATRIX,
    ZEROS(24),
    u32(TRACK_ID.audio + 1),
  );
  const extend = tracks.map((track) => fullBox("trex", 0, 0, u32(TRACK_ID[track.kind]), u32(1), u32(0), u32(0), u32(0)));
  const duration = durationMs === null ? [] : [fullBox("mehd", 1, 0, u64(Math.round(durationMs)))];
  return concat(
    fileType,
    box("moov", header, ...tracks.map((track) => trackBox(track, others)), box("mvex", ...duration, ...extend)),
  );
}

function trackBox(track: Fmp4Track, others: readonly Fmp4Track[]): Uint8Array {
  const ENABLED_IN_MOVIE = 3;
  const isVideo = track.kind === "video";
  const size = isVideo ? [...u32(track.format.width * 0x10000), ...u32(track.format.height * 0x10000)] : ZEROS(8);
  const header = fullBox(
    "tkhd",
    0,
    ENABLED_IN_MOVIE,
    u32(0),
    u32(0),
    u32(TRACK_ID[track.kind]),
    u32(0),
    u32(0),
    ZEROS(8),
    u16(0),
    u16(0),
    u16(isVideo ? 0 : 0x100),
    u16(0),
    UNITY_MATRIX,
    size,
  );
  const mediaHeader = fullBox("mdhd", 0, 0, u32(0), u32(0), u32(timescaleOf(track)), u32(0), u16(UNDETERMINED), u16(0));
  const handler = fullBox("hdlr", 0, 0, u32(0), characters(isVideo ? "vide" : "soun"), ZEROS(12), characters("Lectern"), [0]);
  const kindHeader = isVideo ? fullBox("vmhd", 0, 1, ZEROS(8)) : fullBox("smhd", 0, 0, ZEROS(4));
  const entries = [track, ...others.filter(({ kind }) => kind === track.kind)].map((one) =>
    one.kind === "video" ? videoEntry(one) : audioEntry(one),
  );
  const tables = box(
    "stbl",
    fullBox("stsd", 0, 0, u32(entries.length), ...entries),
    fullBox("stts", 0, 0, u32(0)),
    fullBox("stsc", 0, 0, u32(0)),
    fullBox("stsz", 0, 0, u32(0), u32(0)),
    fullBox("stco", 0, 0, u32(0)),
  );
  const information = box("minf", kindHeader, box("dinf", fullBox("dref", 0, 0, u32(1), IN_SAME_FILE)), tables);
  return box("trak", header, box("mdia", mediaHeader, handler, information));
}

/** Sample entry and configuration box of each video codec. The parameter sets stand in the entry: avc1, hvc1. */
const VIDEO_ENTRY: { readonly [codec: string]: { readonly entry: string; readonly configuration: string } } = {
  [VIDEO_CODEC.h264]: { entry: "avc1", configuration: "avcC" },
  [VIDEO_CODEC.hevc]: { entry: "hvc1", configuration: "hvcC" },
  [VIDEO_CODEC.av1]: { entry: "av01", configuration: "av1C" },
  [VIDEO_CODEC.vp9]: { entry: "vp09", configuration: "vpcC" },
  [VIDEO_CODEC.vp8]: { entry: "vp08", configuration: "vpcC" },
};

function videoEntry({ codec, configuration, format }: VideoTrack): Uint8Array {
  const boxes = VIDEO_ENTRY[codec] ?? { entry: codec, configuration: "conf" };
  return box(
    boxes.entry,
    ZEROS(6),
    u16(1),
    ZEROS(16),
    u16(format.width),
    u16(format.height),
    u32(SEVENTY_TWO_DPI),
    u32(SEVENTY_TWO_DPI),
    u32(0),
    u16(1),
    ZEROS(32),
    u16(24),
    u16(0xffff),
    box(boxes.configuration, configuration),
  );
}

function audioEntry({ codec, configuration, format }: AudioTrack): Uint8Array {
  const isOpus = codec === AUDIO_CODEC.opus;
  // A rate above 65535 does not fit the field; decoders take it from the configuration.
  const rate = format.sampleRate > 0xffff ? 0 : format.sampleRate;
  return box(
    isOpus ? "Opus" : isBare(codec) ? codec : "mp4a",
    ZEROS(6),
    u16(1),
    ZEROS(8),
    u16(format.channels),
    u16(16),
    u32(0),
    u32(rate * 0x10000),
    isOpus ? box("dOps", opusSpecific(configuration)) : isBare(codec) ? ZEROS(0) : elementaryStream(codec, configuration),
  );
}

/** Sound that an entry of QuickTime tells by its name alone, for programs: no browser plays it. */
function isBare(codec: FourCc): boolean {
  return codec === AUDIO_CODEC.alaw || codec === AUDIO_CODEC.mulaw || codec === AUDIO_CODEC.speex;
}

/**
 * "Encapsulation of Opus in ISO Base Media File Format" section 4.3.2: OpusHead in the other byte order, as version 0. The rate of the encoder's input means
 * nothing to decoders, and Chromium refuses one that is not the rate of the entry, as of a microphone with 44.1 kHz.
 */
function opusSpecific(head: Uint8Array): Uint8Array {
  const MAGIC_BYTES = 8;
  const body = head.slice(MAGIC_BYTES);
  const view = new DataView(body.buffer, body.byteOffset, body.length);
  body[0] = 0;
  if (body.length >= 11) {
    view.setUint16(2, view.getUint16(2, true));
    view.setUint32(4, OPUS_SAMPLE_RATE);
    view.setUint16(8, view.getUint16(8, true));
  }
  return body;
}

/** `esds`: ISO/IEC 14496-14 section 5.6, descriptors by 14496-1 section 7.2.6. */
function elementaryStream(codec: FourCc, configuration: Uint8Array): Uint8Array {
  const TAG = { elementaryStream: 3, decoderConfiguration: 4, decoderSpecific: 5, synchronisation: 6 } as const;
  // The registration authority of MP4 lists both; MP3 has nothing specific.
  const OBJECT = codec === AUDIO_CODEC.mp3 ? 0x6b : 0x40;
  const AUDIO_STREAM = 0x15;
  const PREDEFINED_FOR_MP4 = 2;
  const specific = configuration.length > 0 ? descriptor(TAG.decoderSpecific, [...configuration]) : [];
  const decoder = descriptor(TAG.decoderConfiguration, [OBJECT, AUDIO_STREAM, 0, 0, 0, ...u32(0), ...u32(0), ...specific]);
  const synchronisation = descriptor(TAG.synchronisation, [PREDEFINED_FOR_MP4]);
  return fullBox("esds", 0, 0, descriptor(TAG.elementaryStream, [...u16(0), 0, ...decoder, ...synchronisation]));
}

/** A size in seven bits a byte, always as four bytes. */
function descriptor(tag: number, content: readonly number[]): number[] {
  const { length } = content;
  return [
    tag,
    0x80 | ((length >> 21) & 127),
    0x80 | ((length >> 14) & 127),
    0x80 | ((length >> 7) & 127),
    length & 127,
    ...content,
  ];
}
