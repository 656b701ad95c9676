/** Provides the tracks of a lesson's picture: what each person published, in real time, and when they were there. */
import { AUDIO_CODEC, VIDEO_CODEC } from "@lectern/media";
import type { TimedSegment, Timeline } from "../files/timeline.ts";

/** One person's recordings, which do not overlap. */
export type PersonRecordings = {
  readonly person: string;
  /** The name that people know; absent: unknown. */
  readonly title?: string;
  readonly timelines: readonly Timeline[];
};

/** A time during which a person was there, milliseconds of the picture. */
export type Span = { readonly from: number; readonly to: number };

/** A segment at its place in the picture. */
export type PlacedSegment = { readonly segment: TimedSegment; readonly at: number };

export type CompositeTrack = {
  readonly person: string;
  /** The name that people know; empty: unknown. */
  readonly title: string;
  readonly segments: readonly PlacedSegment[];
  /** In order, without overlaps. */
  readonly spans: readonly Span[];
  readonly hasVideo: boolean;
  readonly hasAudio: boolean;
};

export type CompositeTracks = {
  readonly tracks: readonly CompositeTrack[];
  /** Real time of the picture's beginning, milliseconds since 1970. */
  readonly utc: number;
  readonly milliseconds: number;
};

/** A shorter absence is a hole in the transmission: the last frame stays. */
const LEAST_ABSENCE_MS = 1500;
/** Of one person. What is beyond them is one absence less. */
const MAX_SPANS = 200;

/** Places everything in real time. People of whom nothing was recorded are left out. */
export function placeTracks(people: readonly PersonRecordings[]): CompositeTracks {
  const read = people.map(({ person, title = "", timelines }) => ({
    person,
    title,
    segments: timelines.flatMap(segmentsOf).sort(byTime),
  }));
  const present = read.filter(({ segments }) => segments.length > 0);
  const utc = Math.min(...present.map(({ segments: [first] }) => first?.utc ?? Number.POSITIVE_INFINITY));
  const tracks = present.map(({ person, title, segments }): CompositeTrack => {
    const placed = segments.map((segment) => ({ segment, at: segment.utc - utc }));
    return {
      person,
      title,
      segments: placed,
      spans: spansOf(placed),
      hasVideo: segments.some(({ context }) => context.video?.codec === VIDEO_CODEC.h264),
      hasAudio: segments.some(({ context }) => context.audio?.codec === AUDIO_CODEC.aac),
    };
  });
  const milliseconds = Math.max(0, ...tracks.map(({ spans }) => spans.at(-1)?.to ?? 0));
  tracks.sort((a, b) => (a.spans[0]?.from ?? 0) - (b.spans[0]?.from ?? 0));
  return { tracks, utc: tracks.length > 0 ? utc : 0, milliseconds };
}

function segmentsOf(timeline: Timeline): TimedSegment[] {
  return Array.from({ length: timeline.length }, (_, number) => timeline.segment(number)).filter((segment) => segment !== null);
}

function byTime(a: TimedSegment, b: TimedSegment): number {
  return a.utc - b.utc;
}

function spansOf(segments: readonly PlacedSegment[]): Span[] {
  const spans: { from: number; to: number }[] = [];
  for (const { segment, at } of segments) {
    const to = at + Math.round(segment.duration * 1000);
    const last = spans.at(-1);
    if (last && (at - last.to < LEAST_ABSENCE_MS || spans.length >= MAX_SPANS)) last.to = Math.max(last.to, to);
    else spans.push({ from: at, to });
  }
  return spans;
}
