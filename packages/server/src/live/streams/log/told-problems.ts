/**
 * What the log's metadata tell of tracks that no player can decode: the process that writes the log finds it out, and every process and player that has the
 * stream reads it there. They are properties of `onMetaData`, so that players of FLV and RTMP have them too.
 */
import type { AmfObject } from "@lectern/media";
import { isMediaProblem, type MediaProblem, type TrackProblems } from "../../../contracts/monitoring/media-problem.ts";
import type { LogContext } from "./log.ts";
import type { Metadata } from "./log-entry.ts";

export const NO_PROBLEMS: TrackProblems = { video: null, audio: null };
export const PROBLEM_PROPERTY = { video: "videoproblem", audio: "audioproblem" } as const;

/** The properties that tell problems. */
export function toldAs({ video, audio }: TrackProblems): AmfObject {
  return { ...(video && { [PROBLEM_PROPERTY.video]: video }), ...(audio && { [PROBLEM_PROPERTY.audio]: audio }) };
}

/** The problems that metadata tell. */
export function toldProblems({ metadata }: Pick<LogContext, "metadata">): TrackProblems {
  const read = (track: "video" | "audio"): MediaProblem | null => {
    const value = metadata?.properties[PROBLEM_PROPERTY[track]];
    return isMediaProblem(value) ? value : null;
  };
  return metadata ? { video: read("video"), audio: read("audio") } : NO_PROBLEMS;
}

/** Whether metadata tell the same problems. */
export function tellSame(one: Metadata | null, other: Metadata | null): boolean {
  const [before, now] = [toldProblems({ metadata: one }), toldProblems({ metadata: other })];
  return before.video === now.video && before.audio === now.audio;
}
