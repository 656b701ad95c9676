/** Says in one word how the job of a source, a forward or a ladder is, for the texts under `jobStates`. */
import type { JobState } from "@lectern/client";

/** The colour of the mark. It never stands without words. */
export type JobTone = "good" | "busy" | "bad" | "idle";

/** A key of `jobStates`, and the mark beside it. */
export type JobWord = { readonly word: string; readonly tone: JobTone };

type State = Pick<JobState, "state">;

type SourceJob = {
  readonly enabled: boolean;
  readonly start: "demand" | "always";
  readonly lessonId: string | null;
  readonly state: State | null;
};

export function sourceWord({ enabled, start, lessonId, state }: SourceJob): JobWord {
  if (!enabled) return { word: "off", tone: "idle" };
  // No node has it: nobody wants it, or it was made a moment ago.
  if (state === null && lessonId !== null) return { word: "forLesson", tone: "idle" };
  if (state === null && start === "always") return { word: "starting", tone: "busy" };
  if (state === null || state.state === "waiting") return { word: "onDemand", tone: "idle" };
  return jobWord("pull", state);
}

export function forwardWord({ enabled, state }: Pick<SourceJob, "enabled" | "state">): JobWord {
  if (!enabled) return { word: "off", tone: "idle" };
  return state === null ? { word: "withLesson", tone: "idle" } : jobWord("forward", state);
}

/** A job as a node reports it. */
export function jobWord(kind: "ladder" | "pull" | "forward" | "captions", { state }: State): JobWord {
  switch (state) {
    case "waiting":
      return { word: kind === "forward" ? "withLesson" : "onDemand", tone: "idle" };
    case "running":
      return { word: kind === "forward" ? "sending" : "running", tone: "good" };
    case "starting":
      return { word: "starting", tone: "busy" };
    case "retrying":
      return { word: "retrying", tone: "bad" };
    case "refused":
      return { word: "refused", tone: "bad" };
  }
}
