/** Defines why a request of the class page failed: the code and the text of the server, or that it cannot be reached. */
import { ApiError } from "../../session/api.ts";
import { errorCode } from "../../session/error-message.ts";
import { passkeyProblem } from "../../session/passkey-support.ts";

export type Failure = {
  /** A stable code of the server, `offline`, or `passkey-unusable` where the browser has none here. */
  readonly code: string;
  /** Empty for these two; the page has texts for them. */
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
  if (passkeyProblem(error)) return { code: "passkey-unusable", message: "" };
  return { code: errorCode(error), message: error instanceof ApiError ? error.problem.detail : "" };
}
