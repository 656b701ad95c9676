/**
 * Defines what the log's metadata tell of tracks that no player can decode: the process that writes the log finds it out, and every process and
 * player that has the stream reads it there. They are properties of `onMetaData`, so that players of FLV and RTMP have them too.
 */
import type { AmfObject } from "@lectern/media";
import { isMediaProblem, type MediaProblem, type TrackProblems } from "../../../contracts/monitoring/media-problem.ts";
import type { Log, LogContext } from "./log.ts";
import type { Metadata } from "./log-entry.ts";

type WhyNothing = { readonly track: "video" | "audio"; readonly problem: MediaProblem };

export const NO_PROBLEMS: TrackProblems = { video: null, audio: null };
export const PROBLEM_PROPERTY = { video: "videoproblem", audio: "audioproblem" } as const;

/** The properties that tell problems. */
export function asMetadata({ video, audio }: TrackProblems): AmfObject {
  return { ...(video && { [PROBLEM_PROPERTY.video]: video }), ...(audio && { [PROBLEM_PROPERTY.audio]: audio }) };
}

/** The problems that metadata tell. */
export function reportedProblems({ metadata }: Pick<LogContext, "metadata">): TrackProblems {
  const read = (track: "video" | "audio"): MediaProblem | null => {
    const value = metadata?.properties[PROBLEM_PROPERTY[track]];
    return isMediaProblem(value) ? value : null;
  };
  return metadata ? { video: read("video"), audio: read("audio") } : NO_PROBLEMS;
}

/** The problems of a stream as it is now. */
export function problemsOf({ foretold, context }: Pick<Log, "foretold" | "context">): TrackProblems {
  return reportedProblems(foretold ? { metadata: foretold } : context);
}

/** Why nothing of a stream can be watched, as nothing that its publisher sends can be decoded: the picture's reason, else the sound's; null: something can. */
export function whyNothing({ foretold, segments }: Pick<Log, "foretold" | "segments">): WhyNothing | null {
  if (!foretold || segments.length > 0) return null;
  const { video, audio } = reportedProblems({ metadata: foretold });
  if (video) return { track: "video", problem: video };
  return audio && { track: "audio", problem: audio };
}

/** Whether metadata tell the same problems. */
export function tellSame(one: Metadata | null, other: Metadata | null): boolean {
  const [before, now] = [reportedProblems({ metadata: one }), reportedProblems({ metadata: other })];
  return before.video === now.video && before.audio === now.audio;
}
