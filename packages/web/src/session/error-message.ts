/** What an error says to a person. */
import { ApiError } from "./api.ts";

export function errorMessage(error: unknown, otherwise: string): string {
  return error instanceof ApiError ? error.problem.detail : otherwise;
}
