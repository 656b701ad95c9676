/** Provides the API client of the pages, and the errors that it throws. */
import { lecternClient, type Problem } from "@lectern/client";
import { serverClock } from "@lectern/player/server-clock";
import { withProofOfWork } from "../proof-of-work/with-proof-of-work.ts";
import { isPageUsed } from "./activity.ts";
import { isRecorded, recordChange } from "./last-change.ts";
import { launchToken } from "./launch-session.ts";
import { retryUntil } from "./retry-until.ts";
import { serverReach } from "./server-reach.ts";

/** The API for the person who is signed in: by the cookie that the browser sends, or by the token of a launch in a frame. */
export function api() {
  return client(() => (isPageUsed() ? "active" : "idle"));
}

/** The API without the session of the person who is signed in. */
export function publicApi() {
  return client(() => "anonymous");
}

function client(use: () => string) {
  const language = document.documentElement.lang;
  return lecternClient({ url: location.origin, language, fetch: (request) => send(request, use()) });
}

/** The header tells the server that a page of its own asks, which a page of another site cannot say. */
async function send(request: Request, use: string): Promise<Response> {
  const { method, url } = request;
  request.headers.set("lectern-page", use);
  const token = launchToken();
  if (token !== null && use !== "anonymous") request.headers.set("authorization", `Bearer ${token}`);
  if (isRecorded(method, url)) recordChange({ method, url, body: await request.clone().text() });
  const type = request.headers.get("content-type");
  // A file that is uploaded would be held in memory for its repetition.
  if (type !== null && !type.startsWith("application/json")) return await fetch(request);
  return await withProofOfWork(() => retryUntil(() => fetchTelling(request.clone())));
}

/** Each answer tells the time. */
async function fetchTelling(request: Request): Promise<Response> {
  const sentAt = serverClock.monotonic();
  const answer = await serverReach.watch(() => fetch(request));
  serverClock.takeResponse(answer, sentAt);
  return answer;
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
