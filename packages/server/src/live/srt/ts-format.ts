/**
 * Provides the wire format of SRT players: MPEG-TS, muxed once for all of them. The muxer counts packets, and the parameter sets stand in each key
 * frame, so that a format belongs to one output, and reading can begin at each key frame.
 */
import {
  AUDIO_CODEC,
  Malformed,
  nalLengthSize,
  opusTsTrack,
  parseAvcConfiguration,
  parseHevcConfiguration,
  splitNals,
  type TsFrame,
  TsMuxer,
  type TsTrack,
  tsTrack,
  VIDEO_CODEC,
} from "@lectern/media";
import type { Configuration, LogContext, MediaEntry, Reserve, WireFormat } from "../streams/index.ts";

const TICKS_PER_MS = 90;
const START_CODE = [0, 0, 0, 1] as const;
/** An access unit delimiter for slices of any type. */
const DELIMITER = { avc: [...START_CODE, 9, 0xf0], hevc: [...START_CODE, 0x46, 1, 0x50] } as const;
const ADTS_SIZE = 7;
/** Of an OpusHead: RFC 7845 section 5.1. */
const OPUS_CHANNELS_AT = 9;
/** Of an Opus packet in MPEG-TS: 11 bits that begin its control header. */
const OPUS_PREFIX = [0x7f, 0xe0] as const;

/** What comes before the units of a picture: a delimiter, and the parameter sets in key frames. */
type Picture = { readonly lengthSize: number; readonly delimiter: readonly number[]; readonly sets: Uint8Array };
/** Wraps a frame of sound. */
type Sound = (payload: Uint8Array) => Uint8Array;

/** Whether SRT players can have a stream: its picture, or its sound where it has none. Nothing is known of a copy that is just being made here. */
export function isInTs({ video, audio }: LogContext): boolean {
  if (video) return video.codec === VIDEO_CODEC.h264 || video.codec === VIDEO_CODEC.hevc;
  return !audio || audio.codec === AUDIO_CODEC.aac || audio.codec === AUDIO_CODEC.opus;
}

export function tsFormat(): WireFormat {
  const muxer = new TsMuxer();
  let picture: Picture | null = null;
  let sound: Sound | null = null;
  let tracks: { video: TsTrack | null; audio: TsTrack | null } = { video: null, audio: null };

  const configure = (entry: Configuration): void => {
    if (entry.track === "video") {
      picture = videoOf(entry.codec, entry.data);
      tracks = { ...tracks, video: picture && tsTrack(entry.codec === VIDEO_CODEC.hevc ? "hevc" : "h264") };
    } else if (entry.track === "audio") {
      sound = soundOf(entry.codec, entry.data);
      const channels = entry.data[OPUS_CHANNELS_AT] ?? 2;
      tracks = { ...tracks, audio: sound && (entry.codec === AUDIO_CODEC.opus ? opusTsTrack(channels) : tsTrack("aac")) };
    }
    muxer.setTracks(tracks.video, tracks.audio);
  };
  const write = (entry: MediaEntry, reserve: Reserve): void => {
    const payload =
      entry.track === "video" ? picture && bytesOf(entry, picture) : entry.track === "audio" && sound?.(entry.payload);
    if (!payload || entry.track === "data") return;
    const dts = entry.decodeTime * TICKS_PER_MS;
    const frame: TsFrame = { track: entry.track, dts, pts: dts + entry.compositionOffset * TICKS_PER_MS, key: entry.key, payload };
    const tables = entry.track === "video" && entry.key ? muxer.tables() : new Uint8Array(0);
    const out = reserve(tables.length + muxer.sizeOf(frame));
    out.set(tables);
    muxer.writeInto(out.subarray(tables.length), frame);
  };
  return {
    id: "srt",
    video: true,
    audio: true,
    initBytes: ({ video, audio }) => {
      for (const entry of [video, audio]) if (entry) configure(entry);
      return muxer.tables();
    },
    configurations: () => new Uint8Array(0),
    write: (entry, reserve) => (entry.kind === "media" ? write(entry, reserve) : configure(entry)),
  };
}

function videoOf(codec: string, data: Uint8Array): Picture | null {
  const isHevc = codec === VIDEO_CODEC.hevc;
  if (!isHevc && codec !== VIDEO_CODEC.h264) return null;
  const sets = isHevc ? hevcSets(data) : avcSets(data);
  if (!sets) return null;
  const delimiter = isHevc ? DELIMITER.hevc : DELIMITER.avc;
  return { lengthSize: nalLengthSize(codec, data), delimiter, sets: byteStream([], sets) };
}

function avcSets(data: Uint8Array): readonly Uint8Array[] | null {
  const configuration = parseAvcConfiguration(data);
  return configuration instanceof Malformed ? null : [...configuration.sps, ...configuration.pps];
}

function hevcSets(data: Uint8Array): readonly Uint8Array[] | null {
  const configuration = parseHevcConfiguration(data);
  return configuration instanceof Malformed ? null : configuration.nals.map((nal) => nal.data);
}

function bytesOf({ key, payload }: MediaEntry, { lengthSize, delimiter, sets }: Picture): Uint8Array | null {
  const nals = splitNals(payload, lengthSize);
  return nals && byteStream([delimiter, key ? sets : []], nals);
}

/** @param before bytes that stand before the units */
function byteStream(before: readonly ArrayLike<number>[], nals: readonly Uint8Array[]): Uint8Array {
  const size = before.reduce((sum, { length }) => sum + length, 0) + nals.reduce((sum, { length }) => sum + 4 + length, 0);
  const out = new Uint8Array(size);
  let at = 0;
  for (const piece of before) {
    out.set(piece, at);
    at += piece.length;
  }
  for (const nal of nals) {
    out.set(START_CODE, at);
    out.set(nal, at + 4);
    at += 4 + nal.length;
  }
  return out;
}

function soundOf(codec: string, data: Uint8Array): Sound | null {
  if (codec === AUDIO_CODEC.opus) return opusUnit;
  return codec === AUDIO_CODEC.aac ? (payload) => adtsFrame(data, payload) : null;
}

/** "Opus in MPEG-2 transport streams", section 4: the control header has the size in steps of 255. */
function opusUnit(payload: Uint8Array): Uint8Array {
  const steps = Math.floor(payload.length / 255);
  const out = new Uint8Array(OPUS_PREFIX.length + steps + 1 + payload.length).fill(255, 0, OPUS_PREFIX.length + steps);
  out.set(OPUS_PREFIX);
  out[OPUS_PREFIX.length + steps] = payload.length % 255;
  out.set(payload, OPUS_PREFIX.length + steps + 1);
  return out;
}

/** ISO/IEC 13818-7 section 6.2. @param configuration AudioSpecificConfig; SBR is found by decoders without being named */
function adtsFrame(configuration: Uint8Array, payload: Uint8Array): Uint8Array {
  const [first = 0, second = 0] = configuration;
  const objectType = first >> 3;
  // The profiles that ADTS has bits for: Main, LC, SSR, LTP.
  const profile = objectType >= 1 && objectType <= 4 ? objectType - 1 : 1;
  const rate = ((first & 7) << 1) | (second >> 7);
  const channels = (second >> 3) & 15;
  const size = ADTS_SIZE + payload.length;
  const out = new Uint8Array(size);
  out.set([0xff, 0xf1, (profile << 6) | (rate << 2) | (channels >> 2), ((channels & 3) << 6) | (size >> 11)]);
  out.set([(size >> 3) & 0xff, ((size & 7) << 5) | 0x1f, 0xfc], 4);
  out.set(payload, ADTS_SIZE);
  return out;
}
