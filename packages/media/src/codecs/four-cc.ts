/**
 * Implements codec names, as FourCC codes: Enhanced RTMP v2, "Enhanced Video" and "Enhanced Audio". The classic codec numbers of FLV (Adobe Video
 * File Format 10.1, annex E.4.2.1 and E.4.3.1) are given the names they have there.
 */

/** The four characters of a codec. Unknown codecs are passed through under this name. */
export type FourCc = string;

export const VIDEO_CODEC = { h264: "avc1", hevc: "hvc1", av1: "av01", vp9: "vp09", vp8: "vp08" } as const;
export const AUDIO_CODEC = {
  aac: "mp4a",
  opus: "Opus",
  mp3: ".mp3",
  flac: "fLaC",
  ac3: "ac-3",
  eac3: "ec-3",
  alaw: "alaw",
  mulaw: "ulaw",
  speex: "spex",
} as const;

/** Classic CodecID of a video tag. Encoders used 12 and 13, which are not Adobe's, before Enhanced RTMP. */
const CLASSIC_VIDEO: { readonly [id: number]: FourCc } = {
  2: "H263",
  3: "FLSV",
  4: "VP6F",
  5: "VP6A",
  7: VIDEO_CODEC.h264,
  12: VIDEO_CODEC.hevc,
  13: VIDEO_CODEC.av1,
};

/** Classic SoundFormat of an audio tag. */
const CLASSIC_AUDIO: { readonly [id: number]: FourCc } = {
  0: "lpcm",
  1: "adpc",
  2: AUDIO_CODEC.mp3,
  3: "lpcl",
  5: "nel8",
  6: "nell",
  7: AUDIO_CODEC.alaw,
  8: AUDIO_CODEC.mulaw,
  10: AUDIO_CODEC.aac,
  11: AUDIO_CODEC.speex,
  14: AUDIO_CODEC.mp3,
};

/** The name of a classic CodecID; an unknown one gets a name of its own, such as `vid9`. */
export function classicVideoCodec(id: number): FourCc {
  return CLASSIC_VIDEO[id] ?? `vid${id.toString(16)}`;
}

/** The name of a classic SoundFormat; an unknown one gets a name of its own, such as `aud9`. */
export function classicAudioCodec(id: number): FourCc {
  return CLASSIC_AUDIO[id] ?? `aud${id.toString(16)}`;
}

/** The codecs whose decoder configuration Lectern reads: they cannot be decoded without it, and with it they fit into MP4. */
const CONFIGURED: ReadonlySet<FourCc> = new Set([
  VIDEO_CODEC.h264,
  VIDEO_CODEC.hevc,
  VIDEO_CODEC.av1,
  VIDEO_CODEC.vp9,
  AUDIO_CODEC.aac,
  AUDIO_CODEC.opus,
]);

/** Whether frames of a codec need a decoder configuration before them, one that Lectern reads. */
export function hasConfiguration(codec: FourCc): boolean {
  return CONFIGURED.has(codec);
}

/** The four bytes of a codec's name, as they stand in a message. */
export function fourCcBytes(codec: FourCc): number[] {
  return [0, 1, 2, 3].map((i) => codec.charCodeAt(i) & 0xff);
}
