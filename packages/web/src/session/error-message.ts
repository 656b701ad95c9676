/** The text of an error for the person at the page. */
import { ApiError } from "./api.ts";

/** @param offline the text for an error without an answer of the server */
export function errorMessage(error: unknown, offline: string): string {
  return error instanceof ApiError ? error.problem.detail : offline;
}

/** The stable code of a refusal; `offline` when the server did not answer. */
export function errorCode(error: unknown): string {
  return error instanceof ApiError ? error.problem.code : "offline";
}
