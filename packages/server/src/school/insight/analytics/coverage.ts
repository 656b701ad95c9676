/**
 * Computes how much of a recording a student has seen: what happened while they were in the lesson, and what they have played since. Everything is
 * counted in minutes of the recording: one is seen when half of it is.
 */
import type { Buckets } from "../../../contracts/playback-sessions/log-buckets.ts";
import type { Chapter } from "../../foundation/store/lesson-tables.ts";

/** Milliseconds since 1970. */
export type Span = { readonly from: number; readonly to: number };

export type RecordedLesson = {
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly seconds: number;
  readonly chapters: readonly Chapter[];
};

/** A chapter, or what is before the first one; a recording without chapters is one section. */
export type SectionSeen = {
  /** Null: it has none. */
  readonly title: string | null;
  readonly fromSeconds: number;
  readonly toSeconds: number;
  /** 0 to 1. */
  readonly seen: number;
  /** The first second that was not seen; null: all was. */
  readonly unseenFromSeconds: number | null;
  readonly unseenSeconds: number;
};

const MINUTE_MS = 60_000;
/** As many minutes as beacons tell of. */
const MAX_MINUTES = 2880;
const SEEN_SHARE = 0.5;
/** What is before the first chapter is a section of its own when it is longer. */
const MIN_SECTION_SECONDS = 60;

/** @param played milliseconds of each minute of the recording */
export function sectionsSeen(recording: RecordedLesson, present: readonly Span[], played: Buckets): readonly SectionSeen[] {
  const seen = seenMinutes(recording, present, played);
  return sectionsOf(recording).map(({ title, fromSeconds, toSeconds }) => {
    let seenSeconds = 0;
    let unseenFromSeconds: number | null = null;
    for (let minute = Math.floor(fromSeconds / 60); minute * 60 < toSeconds; minute++) {
      const from = Math.max(fromSeconds, minute * 60);
      if (seen[minute]) seenSeconds += Math.min(toSeconds, (minute + 1) * 60) - from;
      else unseenFromSeconds ??= from;
    }
    const length = toSeconds - fromSeconds;
    return {
      title,
      fromSeconds,
      toSeconds,
      unseenFromSeconds,
      unseenSeconds: length - seenSeconds,
      seen: length === 0 ? 1 : seenSeconds / length,
    };
  });
}

function sectionsOf({ seconds, chapters }: RecordedLesson): readonly Pick<SectionSeen, "title" | "fromSeconds" | "toSeconds">[] {
  const length = Math.min(seconds, MAX_MINUTES * 60);
  const starts = chapters.filter((chapter) => chapter.seconds < length).toSorted((a, b) => a.seconds - b.seconds);
  const [first] = starts;
  if (!first) return [{ title: null, fromSeconds: 0, toSeconds: length }];
  const before = first.seconds > MIN_SECTION_SECONDS ? [{ title: null, fromSeconds: 0, toSeconds: first.seconds }] : [];
  const named = starts.map((chapter, i) => ({
    title: chapter.title,
    fromSeconds: i === 0 && before.length === 0 ? 0 : chapter.seconds,
    toSeconds: starts[i + 1]?.seconds ?? length,
  }));
  return [...before, ...named.filter(({ fromSeconds, toSeconds }) => toSeconds > fromSeconds)];
}

function seenMinutes({ startedAt, seconds }: RecordedLesson, present: readonly Span[], played: Buckets): readonly boolean[] {
  const count = Math.min(MAX_MINUTES, Math.ceil(seconds / 60));
  const presentMs = Array.from({ length: count }, () => 0);
  for (const { from, to } of unionOf(present)) {
    for (let minute = Math.max(0, Math.floor((from - startedAt) / MINUTE_MS)); minute < count; minute++) {
      const begin = startedAt + minute * MINUTE_MS;
      if (begin >= to) break;
      presentMs[minute] = (presentMs[minute] ?? 0) + Math.min(to, begin + MINUTE_MS) - Math.max(from, begin);
    }
  }
  return presentMs.map((ms, minute) => {
    const enough = Math.min(MINUTE_MS, seconds * 1000 - minute * MINUTE_MS) * SEEN_SHARE;
    return ms >= enough || (played[minute] ?? 0) >= enough;
  });
}

/** The union of spans, in their order. */
export function unionOf(spans: readonly Span[]): readonly Span[] {
  const merged: { from: number; to: number }[] = [];
  for (const { from, to } of spans.toSorted((a, b) => a.from - b.from)) {
    const last = merged.at(-1);
    if (last && from <= last.to) last.to = Math.max(last.to, to);
    else if (to > from) merged.push({ from, to });
  }
  return merged;
}

/** How much of the span others cover, in milliseconds. */
export function covered({ from, to }: Span, spans: readonly Span[]): number {
  return unionOf(spans).reduce((sum, span) => sum + Math.max(0, Math.min(to, span.to) - Math.max(from, span.from)), 0);
}
