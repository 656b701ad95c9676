/** Defines why a request of the class page failed: the code and the text of the server, or that it cannot be reached. */
import { ApiError } from "../../session/api.ts";
import { errorCode } from "../../session/error-message.ts";

export type Failure = {
  /** A stable code of the server, or `offline`. */
  readonly code: string;
  /** Empty for `offline`; the page has a text for that. */
  readonly message: string;
};

/** Refusals that asking again does not change. */
const FINAL_CODES = ["removed-from-lesson", "guests-not-allowed", "lesson-ended", "no-such-lesson", "watching-over"];

export function isFinal({ code }: Failure): boolean {
  return FINAL_CODES.includes(code);
}

/** Whether a refusal means that this person may no longer watch. */
export function isOut({ code }: Failure): boolean {
  return code === "removed-from-lesson" || code === "guests-not-allowed" || code === "watching-over";
}

export function failureOf(error: unknown): Failure {
  return { code: errorCode(error), message: error instanceof ApiError ? error.problem.detail : "" };
}
