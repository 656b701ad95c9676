/** Reads the state of a log that another process wrote, with which an ingest continues it. */
import { frameSamples, SampleClock } from "@lectern/media";
import type { Log, LogSegment } from "../log/log.ts";
import type { MediaEntry, SegmentHead, Targets } from "../log/log-entry.ts";
import { Timeline } from "./timeline.ts";

export type ResumeState = {
  /** The newest segment head; null when there is none. */
  readonly head: SegmentHead | null;
  readonly targets: Targets | null;
  readonly timeline: Timeline;
  readonly samples: SampleClock;
  /** The longest distance of two key frames in the log, milliseconds; 0 when there are no two. */
  readonly keyDistanceMs: number;
};

/** Assumed duration of the last frame. */
const LAST_FRAME_MS = 33;

export function readResumeState(log: Log): ResumeState {
  const newest = log.segments.at(-1);
  if (!newest)
    return {
      head: null,
      targets: log.context.term?.targets ?? null,
      timeline: new Timeline(),
      samples: new SampleClock(),
      keyDistanceMs: 0,
    };
  const times = { video: newestTime(log, "video"), audio: newestTime(log, "audio") };
  const reached = Math.max(newest.head.time, times.video ?? 0, times.audio ?? 0) + LAST_FRAME_MS;
  return {
    head: newest.head,
    targets: newest.head.targets ?? log.context.term?.targets ?? null,
    timeline: Timeline.goingOn(reached, times),
    samples: samplesOf(log, newest),
    keyDistanceMs: keyDistanceOf(log),
  };
}

function newestTime(log: Log, track: MediaEntry["track"]): number | null {
  for (const { entries } of log.segments.toReversed()) {
    let newest: number | null = null;
    entries.visit(0, entries.length, (entry) => {
      if (entry.kind === "media" && entry.track === track) newest = entry.decodeTime;
    });
    if (newest !== null) return newest;
  }
  return null;
}

/** Within one term: the time between two publishers is none of their key frames' distances. */
function keyDistanceOf(log: Log): number {
  let longest = 0;
  let before: MediaEntry | null = null;
  for (const { entries } of log.segments) {
    entries.visit(0, entries.length, (entry) => {
      if (entry.kind !== "media" || entry.track !== "video" || !entry.key) return;
      if (before?.term === entry.term) longest = Math.max(longest, entry.decodeTime - before.decodeTime);
      before = entry;
    });
  }
  return longest;
}

/** The audio clock, from the newest head on. */
function samplesOf(log: Log, { head, entries }: LogSegment): SampleClock {
  const format = log.context.audio?.format ?? null;
  const clock = new SampleClock(head.start.audio);
  entries.visit(0, entries.length, (entry) => {
    if (entry.kind !== "media" || entry.track !== "audio") return;
    clock.place(entry.decodeTime, format?.sampleRate ?? 1000, frameSamples(entry.codec, format, entry.payload));
  });
  return clock;
}
