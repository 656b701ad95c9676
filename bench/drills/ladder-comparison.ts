/** Compares what was listed and downloaded of a rung with its source: a pure function of both. */
import type { ListedSegment, SegmentList } from "./ladder-lists.ts";

/** Presentation times, milliseconds. */
export type SegmentFrames = { readonly video: { readonly at: number; readonly key: boolean }[]; readonly audio: number[] };
type Frames = ReadonlyMap<number, SegmentFrames>;

/** Frames of the source in a row that a rung lacks. */
export type Hole = {
  readonly msn: number;
  /** When its first frame was published, milliseconds since 1970. */
  readonly utc: number;
  readonly frames: number;
  /** From its first frame to the rung's next one. */
  readonly ms: number;
  /** From its first frame to the source's first segment with a key frame at its beginning that begins at least three seconds later. */
  readonly allowedMs: number;
};

export type ListDifferences = {
  /** Segments that both have. */
  readonly compared: number;
  /** Those of which both have said whether the first part begins with a key frame. */
  readonly firstParts: number;
  readonly differences: readonly string[];
  /** Numbers between its first and its newest segment that it lacks. */
  readonly missing: readonly number[];
  /** The source's newest segments that the list does not have. */
  readonly behind: number;
};

export type FrameDifferences = {
  /** Segments with video of which the first frames were compared. */
  readonly compared: number;
  readonly differences: readonly string[];
  /** Segments that have no frame of video, where the source has some. */
  readonly withoutFrames: readonly number[];
  readonly holes: readonly Hole[];
  /** Frames of the source's sound that the rung lacks. */
  readonly missingSound: number;
  /** The most that sound is nearer to its picture, or farther from it, than in the source, milliseconds. */
  readonly soundOffsetMs: number;
};

/** Of milliseconds. */
const ROUNDING_SECONDS = 0.0011;
/** What two encoders' clocks may differ by, and how far frames of sound may be from the source's where they are encoded again. */
const SAME_MS = { video: 1, sound: 30 } as const;
/** An encoder is absent for so long, and then it needs a key frame. */
export const ABSENCE_MS = 3000;
export const SOUND_OFFSET_MS = 40;

/** What a list says of the segments that the source's list has too. */
export function compareLists(
  list: Pick<SegmentList, "segments">,
  source: Pick<SegmentList, "segments">,
  hasVideo: boolean,
): ListDifferences {
  const pairs = [...list.segments.values()].flatMap((there) => {
    const here = source.segments.get(there.msn);
    return here ? [[there, here] as const] : [];
  });
  const [first, last] = [Math.min(...list.segments.keys()), Math.max(...list.segments.keys())];
  const numbers = Array.from({ length: Math.max(0, last - first) }, (_, i) => first + i);
  return {
    compared: pairs.length,
    firstParts: pairs.filter(isFirstPartKnown).length,
    differences: pairs.flatMap(([there, here]) => differencesOf(there, here, hasVideo)),
    missing: numbers.filter((msn) => !list.segments.has(msn)),
    behind: Math.max(...source.segments.keys()) - last,
  };
}

function differencesOf(there: ListedSegment, here: ListedSegment, hasVideo: boolean): string[] {
  const isLonger = Math.abs(there.duration - here.duration) > ROUNDING_SECONDS;
  const isKnown = isFirstPartKnown([there, here]);
  const facts: readonly (readonly [string, unknown, unknown, boolean])[] = [
    ["date", there.utc, here.utc, there.utc !== here.utc],
    ["duration", there.duration, here.duration, isLonger],
    ["discontinuity", there.discontinuity, here.discontinuity, there.discontinuity !== here.discontinuity],
    // All sound can be decoded from anywhere.
    ["independent", there.independent, here.independent, isKnown && there.independent !== (here.independent || !hasVideo)],
  ];
  return facts.flatMap(([what, a, b, differs]) => (differs ? [`segment ${there.msn}: ${what} ${a}, the source's ${b}`] : []));
}

function isFirstPartKnown([there, here]: readonly [ListedSegment, ListedSegment]): boolean {
  return there.independent !== null && here.independent !== null;
}

/** The frames of a rung with video, and those of its source in the same segments. */
export function compareFrames(rung: Frames, source: Frames, sourceList: Pick<SegmentList, "segments">): FrameDifferences {
  const both = [...source].filter(([msn]) => rung.has(msn)).sort(([a], [b]) => a - b);
  const differences: string[] = [];
  const withoutFrames: number[] = [];
  let [compared, soundOffsetMs] = [0, 0];
  for (const [msn, { video, audio }] of both) {
    const made = rung.get(msn) ?? { video: [], audio: [] };
    const [first, own] = [video[0], made.video[0]];
    if (!first) continue;
    if (!own) {
      withoutFrames.push(msn);
      continue;
    }
    const isNear = Math.abs(own.at - first.at) <= SAME_MS.video;
    if (first.key) {
      compared++;
      if (!own.key) differences.push(`segment ${msn} does not begin with a key frame`);
      if (!isNear) differences.push(`segment ${msn} begins at ${own.at} ms, the source's at ${first.at} ms`);
    }
    const [sound, ownSound] = [audio[0], made.audio[0]];
    if (isNear && sound !== undefined && ownSound !== undefined)
      soundOffsetMs = Math.max(soundOffsetMs, Math.abs(ownSound - own.at - (sound - first.at)));
  }
  const framesOf = (frames: Frames) => both.flatMap(([msn]) => frames.get(msn)?.video ?? []).map(({ at }) => at);
  const times = framesOf(rung).sort((a, b) => a - b);
  const foreign = times.filter(
    absentFrom(
      framesOf(source).sort((a, b) => a - b),
      SAME_MS.video,
    ),
  );
  if (foreign.length > 0)
    differences.push(`${foreign.length} frames at times at which the source has none, the first at ${foreign[0]} ms`);
  const soundOf = (frames: Frames) => both.flatMap(([msn]) => frames.get(msn)?.audio ?? []);
  const ownSound = soundOf(rung).sort((a, b) => a - b);
  return {
    compared,
    differences,
    withoutFrames,
    soundOffsetMs,
    holes: holesIn(times, new Map(both), sourceList),
    missingSound: soundOf(source).filter(absentFrom(ownSound, SAME_MS.sound)).length,
  };
}

/** @param times of the rung's frames, ascending */
function holesIn(times: readonly number[], source: Frames, { segments }: Pick<SegmentList, "segments">): Hole[] {
  const isAbsent = absentFrom(times, SAME_MS.video);
  const startOf = (msn: number) => source.get(msn)?.video[0]?.at ?? Number.POSITIVE_INFINITY;
  const all = [...source]
    // The last frames of a publisher may be presented after the first one of the next: no rung has them.
    .flatMap(([msn, { video }]) => video.filter(({ at, key }) => key || at < startOf(msn + 1)).map(({ at }) => ({ msn, at })))
    .sort((a, b) => a.at - b.at);
  const last = all.at(-1);
  const keys = [...source].flatMap(([, { video }]) => (video[0]?.key ? [video[0].at] : []));
  const holes: Hole[] = [];
  for (let i = 0; i < all.length; i++) {
    const first = all[i];
    if (!first || !last || !isAbsent(first.at)) continue;
    let next = i;
    while (next < all.length && isAbsent(all[next]?.at ?? 0)) next++;
    const until = (all[next] ?? last).at;
    const allowedUntil = Math.min(...keys.filter((at) => at >= first.at + ABSENCE_MS), last.at);
    const utc = Math.round((segments.get(first.msn)?.utc ?? 0) + first.at - startOf(first.msn));
    holes.push({ msn: first.msn, utc, frames: next - i, ms: until - first.at, allowedMs: allowedUntil - first.at });
    i = next;
  }
  return holes;
}

/** Whether none of the times, which ascend, is within a tolerance. */
function absentFrom(times: readonly number[], tolerance: number): (at: number) => boolean {
  return (at) => {
    let [low, high] = [0, times.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((times[middle] ?? 0) < at - tolerance) low = middle + 1;
      else high = middle;
    }
    const nearest = times[low];
    return nearest === undefined || nearest > at + tolerance;
  };
}
