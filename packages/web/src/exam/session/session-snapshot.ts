/** Defines what the pages know of an attempt that runs on this device. */
import type { Sheet } from "@lectern/exam";
import type { SupervisorMessage, SupervisorTalk } from "../attempt/exam-types.ts";

/**
 * waiting: until the start. starting: the key is asked for. sitting. time-up: nothing more can be written; what is not sent still is. handed-in. elsewhere: another
 * device or window has the seat. lost: the attempt is no more, or the browser cannot open the paper.
 */
export type Stage = "waiting" | "starting" | "sitting" | "time-up" | "handed-in" | "elsewhere" | "lost";

export type SessionSnapshot = {
  readonly stage: Stage;
  readonly package: "loading" | "ready" | "failed";
  readonly sheet: Sheet | null;
  readonly opensAt: number;
  readonly endsAt: number | null;
  readonly handedInAt: number | null;
  /** Since when a supervisor has stopped the clock: nothing can be written meanwhile. Null: it runs. */
  readonly pausedAt: number | null;
  /** Of supervisors, until the candidate confirms them; the oldest first. */
  readonly messages: readonly SupervisorMessage[];
  /** A supervisor talks with the candidate, or asks to; null: nobody does. */
  readonly talk: SupervisorTalk | null;
  /** Since when the server does not answer; null: it does. */
  readonly awaySince: number | null;
  /** Questions whose newest answer is only on this device. */
  readonly unsaved: number;
  /** Photos and recordings that are only on this device. */
  readonly unsentFiles: number;
  /** Whether questions are answered by files. They are being opened where `files` is null. */
  readonly takesFiles: boolean;
  /** What came too late, and does not count. */
  readonly late: number;
  /** Nothing is taken any more. */
  readonly isOver: boolean;
  /** Handing in goes on until it has arrived. */
  readonly isHandingIn: boolean;
};

/** Whether any question is answered by photos or recorded sound. */
export function hasFileQuestions({ sections }: Sheet): boolean {
  return sections.some(({ questions }) =>
    questions.some((question) => question.kind === "speaking" || (question.kind === "essay" && question.form === "photos")),
  );
}

/** Whether any section has a time of its own. */
export function hasTimedSections({ sections }: Sheet): boolean {
  return sections.some(({ minutes }) => minutes !== undefined);
}
