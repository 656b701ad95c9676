/** Polls what a lesson code stands for: title, school, teacher, state and times of the lesson. */
import { useEffect, useState } from "react";
import { ApiError, publicApi, unwrap } from "../session/api.ts";
import { type Failure, failureOf } from "./failure.ts";

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

const POLL_MS = 4000;

export function useInvitation(code: string): { readonly invitation: Invitation | null; readonly failure: Failure | null } {
  const [invitation, setInvitation] = useState<Invitation | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  useEffect(() => {
    let isCancelled = false;
    let timer = 0;
    const poll = async (): Promise<void> => {
      try {
        const found = await unwrap(publicApi().GET("/api/v1/invitations/{code}", { params: { path: { code } } }));
        if (isCancelled) return;
        setInvitation(found);
        setFailure(null);
      } catch (error) {
        if (isCancelled) return;
        setFailure(failureOf(error));
        if (!isWorthPolling(error)) return;
      }
      timer = window.setTimeout(poll, POLL_MS);
    };
    void poll();
    return () => {
      isCancelled = true;
      clearTimeout(timer);
    };
  }, [code]);
  return { invitation, failure };
}

/** An unknown code stays unknown; a busy or unreachable server recovers. */
export function isWorthPolling(error: unknown): boolean {
  return !(error instanceof ApiError) || error.problem.status >= 500 || error.problem.status === 429;
}
