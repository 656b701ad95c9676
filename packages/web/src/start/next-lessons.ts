/** Fetches the lessons of who is signed in: those that go on, and those that come. */
import type { Lesson } from "@lectern/client";
import { serverClock } from "@lectern/player/server-clock";
import { api, unwrap } from "../session/api.ts";
import { errorCode } from "../session/error-message.ts";
import { forgetSignIn, isSignedIn, isSignedOut } from "../session/signed-in.ts";

/** So far ahead reaches the list of own lessons. */
export const LISTED_MS = 14 * 86_400_000;
/** After a failure, it is tried again. */
export const RETRY_MS = 5000;
/** A lesson that began so long ago may go on. */
const BEGUN_MS = 6 * 3_600_000;

/**
 * The earliest come first.
 * @param aheadMs how far ahead they begin @param limit asked for, of which those that have ended are left out
 * @returns null: nobody is signed in, or the server no longer knows the session
 */
export async function nextLessons(aheadMs: number, limit: number): Promise<readonly Lesson[] | null> {
  if (!isSignedIn()) return null;
  const now = serverClock.now();
  const span = { from: new Date(now - BEGUN_MS).toISOString(), to: new Date(now + aheadMs).toISOString() };
  try {
    const query = { ...span, sort: "startsAt" as const, limit };
    const { items } = await unwrap(api().GET("/api/v1/lessons", { params: { query } }));
    return items.filter(({ state }) => state !== "ended");
  } catch (failure) {
    if (!isSignedOut(errorCode(failure))) throw failure;
    forgetSignIn();
    return null;
  }
}

/** The studio for who teaches the lesson, and only that person gets its stream; the class for others. */
export function lessonPage({ id, code, stream }: Pick<Lesson, "id" | "code" | "stream">): string {
  return stream ? `/studio/${id}` : `/class/${code ?? id}`;
}
