/**
 * Writes what was said as subtitles of a whole recording: a playlist of WebVTT segments (RFC 8216 section 3.5). Each covers some of the media's segments,
 * which is allowed for recordings only (section 6.2.4).
 */
import { type Cue, type Subtitles, writeStoredPlaylist, writeWebVttSegment } from "@lectern/media";
import { positionOf, type SpokenCaption } from "../../contracts/rooms/room-replay.ts";
import type { Timeline } from "../files/timeline.ts";
import { timelineSpans } from "./room-spans.ts";

export const CAPTIONS_PLAYLIST = "captions.m3u8";
/** Of one WebVTT segment: a request for each minute of a replay, or sooner where the media has a break. */
const PART_SECONDS = 60;
/** A line is shown at least as long. */
const LEAST_SECONDS = 1;

type CaptionPart = {
  /** Of its first segment. */
  readonly number: number;
  readonly epoch: string;
  readonly term: number;
  readonly msn: number;
  /** Where it begins in the recording, and how long it is. */
  readonly position: number;
  readonly duration: number;
  /** Where it begins in the time of the media's samples. */
  readonly seconds: number;
  /** Milliseconds since 1970. */
  readonly utc: number;
  readonly discontinuities: number;
};

/** By timeline, as long as that exists. */
const known = new WeakMap<Timeline, readonly CaptionPart[]>();

/** What a multivariant playlist says of the captions; null: nothing was said in the recording. @param folder of the recording's files */
export function captionsOf(timeline: Timeline, captions: readonly SpokenCaption[], folder: string): Subtitles | null {
  const spans = timelineSpans(timeline);
  const heard = captions.find(({ at }) => positionOf(spans, at)?.paused === false);
  return heard ? { language: heard.language, uri: `${folder}/${CAPTIONS_PLAYLIST}` } : null;
}

/** @param epoch of the folder of the playlist */
export function captionPlaylist(timeline: Timeline, epoch: string): string {
  const parts = partsOf(timeline);
  return writeStoredPlaylist({
    type: "VOD",
    ended: true,
    targetSeconds: Math.max(1, ...parts.map(({ duration }) => Math.round(duration))),
    mediaSequence: 0,
    independent: false,
    segments: parts.map(({ epoch: own, term, msn, duration, discontinuities, utc }) => ({
      uri: `${own === epoch ? "" : `../${own}/`}captions-${term}-${msn}.vtt`,
      duration,
      utc,
      discontinuity: discontinuities,
      map: null,
    })),
  });
}

/** Null: no part begins with this segment. @param number of the segment in the timeline */
export function captionPart(timeline: Timeline, number: number, captions: readonly SpokenCaption[]): string | null {
  const part = partsOf(timeline).find((one) => one.number === number);
  if (!part) return null;
  const spans = timelineSpans(timeline);
  const ahead = part.seconds - part.position;
  const cues = captions.flatMap(({ at, length, text }): Cue[] => {
    const place = positionOf(spans, at);
    if (!place || place.paused) return [];
    const start = place.position / 1000;
    const end = start + Math.max(LEAST_SECONDS, length / 1000);
    const isWithin = end > part.position && start < part.position + part.duration;
    return isWithin ? [{ start: start + ahead, end: end + ahead, text }] : [];
  });
  return writeWebVttSegment(cues.sort((a, b) => a.start - b.start));
}

function partsOf(timeline: Timeline): readonly CaptionPart[] {
  const before = known.get(timeline);
  if (before) return before;
  const parts: CaptionPart[] = [];
  for (let number = 0; number < timeline.length; number++) {
    const segment = timeline.segment(number);
    if (!segment) continue;
    const { term, msn, seconds, duration, discontinuities, file, utc } = segment;
    const { epoch } = file.line;
    const last = parts.at(-1);
    const goesOn = last && last.epoch === epoch && last.discontinuities === discontinuities;
    if (goesOn && last.duration + duration <= PART_SECONDS)
      parts[parts.length - 1] = { ...last, duration: last.duration + duration };
    else parts.push({ number, epoch, term, msn, position: timeline.startOf(number), duration, seconds, utc, discontinuities });
  }
  known.set(timeline, parts);
  return parts;
}
