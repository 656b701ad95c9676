/** Provides the text of an error for the person at the page. */
import { ApiError } from "./api.ts";

/** A mistake in a form that the page finds itself; its message is for the person. */
export class InputError extends Error {
  /** The field of the form that is to be mended; empty: none alone. */
  readonly field: string;

  constructor(message: string, field = "") {
    super(message);
    this.field = field;
  }
}

/** @param offline the text for an error without an answer of the server */
export function errorMessage(error: unknown, offline: string): string {
  if (error instanceof InputError) return error.message;
  return error instanceof ApiError ? error.problem.detail : offline;
}

/** The stable code of a refusal; `offline` when the server did not answer. */
export function errorCode(error: unknown): string {
  return error instanceof ApiError ? error.problem.code : "offline";
}
