/** The API client of the pages, and the errors that it throws. */
import { lecternClient, type Problem } from "@lectern/client";
import { isRecorded, recordChange } from "./last-change.ts";
import { sessionToken } from "./session-token.ts";

/** @param token default: of the person who is signed in; null for public calls */
export function api(token: string | null = sessionToken()) {
  const language = document.documentElement.lang;
  return lecternClient({ url: location.origin, language, fetch: send, ...(token === null ? {} : { token }) });
}

async function send(request: Request): Promise<Response> {
  const { method, url } = request;
  if (isRecorded(method, url)) recordChange({ method, url, body: await request.clone().text() });
  return await fetch(request);
}

/** A refusal of the server. */
export class ApiError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail);
    this.problem = problem;
  }
}

/** The data of an answer. @throws ApiError for a refusal; any other error means that no answer arrived */
export async function unwrap<T>(answer: Promise<{ data?: T; error?: unknown }>): Promise<T> {
  const { data, error } = await answer;
  if (error !== undefined) throw new ApiError(error as Problem);
  return data as T;
}
