/** Why a request of the class page failed: the code and the text of the server, or that it cannot be reached. */
import { ApiError } from "../session/api.ts";
import { errorCode } from "../session/error-message.ts";

export type Failure = {
  /** A stable code of the server, or `offline`. */
  readonly code: string;
  /** Empty for `offline`; the page has a text for that. */
  readonly message: string;
};

export function failureOf(error: unknown): Failure {
  return { code: errorCode(error), message: error instanceof ApiError ? error.problem.detail : "" };
}
