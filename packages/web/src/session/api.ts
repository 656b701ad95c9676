/** Who is signed in on this browser, and the API as they see it. */
import { lecternClient, type Problem } from "@lectern/client";

const KEY = "lectern.token";

export function sessionToken(): string | null {
  return localStorage.getItem(KEY);
}

export function saveSessionToken(token: string | null): void {
  if (token === null) localStorage.removeItem(KEY);
  else localStorage.setItem(KEY, token);
}

/** @param token whose; default: who is signed in */
export function api(token: string | null = sessionToken()) {
  const language = document.documentElement.lang;
  return lecternClient({ url: location.origin, language, fetch: remember, ...(token === null ? {} : { token }) });
}

export type LastChange = { readonly method: string; readonly url: string; readonly body: string };
let changed: LastChange | null = null;

/** The last request of this page that changed something. */
export function lastChange(): LastChange | null {
  return changed;
}

async function remember(request: Request): Promise<Response> {
  const { method, url } = request;
  // Who signs in has typed a password.
  if (method !== "GET" && !url.includes("/sessions")) changed = { method, url, body: await request.clone().text() };
  return await fetch(request);
}

/** What the server has refused, for `catch`. */
export class ApiError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail);
    this.problem = problem;
  }
}

/** The data of an answer. @throws Refused; any other error means that there was no answer */
export async function unwrap<T>(answer: Promise<{ data?: T; error?: unknown }>): Promise<T> {
  const { data, error } = await answer;
  if (error !== undefined) throw new ApiError(error as Problem);
  return data as T;
}
