/** Chooses the tracks of a stream that ffmpeg can send on by SRT, which carries MPEG-TS. */
import { AUDIO_CODEC, type Fmp4Track, VIDEO_CODEC } from "@lectern/media";
import { type InputTracks, inputTracks } from "../program-input.ts";
import type { LogContext } from "../streams/index.ts";

/** Assumed duration of a frame. */
export const FRAME_MS = 40;
/** What receivers of MPEG-TS read, and ffmpeg writes. */
const VIDEO_IN_TS: ReadonlySet<string> = new Set([VIDEO_CODEC.h264, VIDEO_CODEC.hevc]);
const AUDIO_IN_TS: ReadonlySet<string> = new Set([AUDIO_CODEC.aac, AUDIO_CODEC.opus]);

/** The tracks of a stream. A text: why they cannot be sent by SRT. */
export function srtTracks(context: LogContext): InputTracks | string {
  const tracks = inputTracks(context);
  for (const [track, readable, codecs] of [
    [context.video, tracks.video, VIDEO_IN_TS],
    [context.audio, tracks.audio, AUDIO_IN_TS],
  ] as const)
    if (track && (!codecs.has(track.codec) || !readable)) return `MPEG-TS does not carry ${track.codec}.`;
  return tracks;
}

export function areSameTracks(a: InputTracks, b: InputTracks): boolean {
  return isSameTrack(a.video, b.video) && isSameTrack(a.audio, b.audio);
}

function isSameTrack(a: Fmp4Track | null, b: Fmp4Track | null): boolean {
  if (!a || !b) return a === b;
  return a.codec === b.codec && Buffer.compare(a.configuration, b.configuration) === 0;
}
