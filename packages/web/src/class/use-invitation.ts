/** Polls what a lesson code stands for: title, school, teacher, state and times of the lesson. */
import { useEffect, useState } from "react";
import { ApiError, publicApi, unwrap } from "../session/api.ts";
import { type Failure, failureOf } from "./failure.ts";
import { pollDelay } from "./poll-delay.ts";

export type Invitation = {
  readonly lessonId: string;
  readonly title: string;
  readonly school: string;
  readonly teacher: string | null;
  readonly state: "scheduled" | "live" | "ended";
  readonly startsAt: string | null;
  readonly endsAt: string | null;
  readonly startedAt: string | null;
  readonly guests: boolean;
  /** What guests agree to before they join; empty: nothing. */
  readonly guestConsent: string;
};

export function useInvitation(code: string): { readonly invitation: Invitation | null; readonly failure: Failure | null } {
  const [invitation, setInvitation] = useState<Invitation | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  useEffect(
    () =>
      pollInvitation(
        code,
        (found) => {
          setInvitation(found);
          setFailure(null);
        },
        (error) => setFailure(failureOf(error)),
      ),
    [code],
  );
  return { invitation, failure };
}

/** Polls until the returned function is called, more seldom while the page is hidden, and no longer when the lesson is over. */
function pollInvitation(code: string, onFound: (found: Invitation) => void, onFailure: (error: unknown) => void): () => void {
  let isCancelled = false;
  let isAsking = false;
  let isRefused = false;
  let timer = 0;
  let lesson: Invitation["state"] | null = null;
  let endedPolls = 0;
  const poll = async (): Promise<void> => {
    isAsking = true;
    try {
      const found = await unwrap(publicApi().GET("/api/v1/invitations/{code}", { params: { path: { code } } }));
      if (isCancelled) return;
      lesson = found.state;
      endedPolls = lesson === "ended" ? endedPolls + 1 : 0;
      onFound(found);
    } catch (error) {
      if (isCancelled) return;
      onFailure(error);
      isRefused = !isWorthPolling(error);
    } finally {
      isAsking = false;
    }
    schedule();
  };
  const schedule = (): void => {
    const delay = pollDelay({ lesson, isHidden: document.hidden, endedPolls });
    if (delay !== null && !isRefused) timer = window.setTimeout(poll, delay);
  };
  const visibilityChanged = (): void => {
    if (isAsking || isRefused) return;
    clearTimeout(timer);
    if (document.hidden) schedule();
    else void poll();
  };
  document.addEventListener("visibilitychange", visibilityChanged);
  void poll();
  return () => {
    isCancelled = true;
    clearTimeout(timer);
    document.removeEventListener("visibilitychange", visibilityChanged);
  };
}

/** An unknown code stays unknown; a busy or unreachable server recovers. */
export function isWorthPolling(error: unknown): boolean {
  return !(error instanceof ApiError) || error.problem.status >= 500 || error.problem.status === 429;
}
