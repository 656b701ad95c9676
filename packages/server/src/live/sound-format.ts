/**
 * Knows sound that has no decoder configuration by its codec alone, so that it can be decoded: G.711 and Speex of cameras and of Flash (Adobe Video File Format
 * 10.1, annex E.4.2.1: Speex is 16 kHz and one channel, G.711 8 kHz), and MP3, whose frames tell the rest.
 */
import { AUDIO_CODEC, type AudioFormat, type FourCc } from "@lectern/media";

const fixed = (sampleRate: number, channels: number, codecString: string): AudioFormat => ({
  sampleRate,
  channels,
  frameSamples: null,
  profile: "",
  codecString,
});

const FIXED: { readonly [codec: FourCc]: AudioFormat } = {
  [AUDIO_CODEC.alaw]: fixed(8000, 1, "alaw"),
  [AUDIO_CODEC.mulaw]: fixed(8000, 1, "ulaw"),
  [AUDIO_CODEC.speex]: fixed(16_000, 1, "spex"),
  [AUDIO_CODEC.mp3]: fixed(44_100, 2, "mp3"),
};

/** Null where nothing is known, and the sound cannot be decoded. */
export function soundFormat({
  codec,
  format,
}: {
  readonly codec: FourCc;
  readonly format: AudioFormat | null;
}): AudioFormat | null {
  return format ?? FIXED[codec] ?? null;
}

/** Whether no browser plays a codec of sound that this server can make AAC of. */
export function isPlayedNowhere(codec: FourCc): boolean {
  return codec === AUDIO_CODEC.alaw || codec === AUDIO_CODEC.mulaw || codec === AUDIO_CODEC.speex;
}
