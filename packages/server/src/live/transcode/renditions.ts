/** Describes the renditions of a stream as rungs of one: what is encoded for each, by what its source has. */
import { AUDIO_CODEC, VIDEO_CODEC } from "@lectern/media";
import type { Rendition } from "../stream-name.ts";
import { type LadderSource, pictureOf, type Rung, type RungAudio } from "./rungs.ts";

/** Music and speech in stereo that nobody can tell from the source's, and that a phone's network carries. */
const OPUS: RungAudio = { codec: "opus", kbps: 96, channels: 2 };
const AAC: RungAudio = { codec: "aac", kbps: 128, channels: 2 };
/** A form with a picture is no larger: browsers that take it are often phones. */
const LARGEST = { shortSide: 1080, kbps: 4200 } as const;

/** Null where the source has nothing that the form could be made of. */
export function renditionRung(rendition: Rendition, source: LadderSource): Rung | null {
  const { video, audio } = source;
  switch (rendition) {
    case "opus":
      return audio && { name: rendition, video: null, audio: OPUS };
    case "aac":
      return audio && { name: rendition, video: null, audio: AAC, isVideoCopied: true };
    case "rtc":
      return video && { name: rendition, video: { ...pictureOf(video, LARGEST), isLowDelay: true }, audio: audio && AAC };
  }
}

/** Whether somebody may ask for a form: one that would be the source itself is not made. */
export function isRenditionUseful(rendition: Rendition, { video, audio }: LadderSource): boolean {
  if (rendition === "rtc") return video !== null;
  return audio !== null && audio.codec !== (rendition === "opus" ? AUDIO_CODEC.opus : AUDIO_CODEC.aac);
}

/** What browsers publish where they have no H.264, and many devices cannot play. */
const OF_BROWSERS: readonly string[] = [VIDEO_CODEC.vp8, VIDEO_CODEC.vp9, VIDEO_CODEC.av1];

/** Whether players are offered the H.264 of a stream, whatever its ladder. Of HEVC, which somebody has chosen, they are offered what the ladder makes. */
export function needsPlayable({ video }: LadderSource): boolean {
  return video !== null && OF_BROWSERS.includes(video.codec);
}
