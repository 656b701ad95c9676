/** Joins a lesson, and renews its signed links before they expire. */
import type { Joined } from "@lectern/client";
import { useCallback, useEffect, useState } from "react";
import { countAsUsedWhile } from "../session/activity.ts";
import { api, publicApi, unwrap } from "../session/api.ts";
import { errorCode } from "../session/error-message.ts";
import { forgetSignIn, isSignedOut } from "../session/signed-in.ts";
import { type Failure, failureOf } from "./failure.ts";
import { renewalDelayMs } from "./link-renewal.ts";

export type Joining = {
  readonly joined: Joined | null;
  readonly failure: Failure | null;
  readonly busy: boolean;
  /** @param name null for a person who is signed in, or a guest who returns */
  readonly join: (name: string | null) => Promise<void>;
  readonly signIn: (login: string, password: string) => Promise<void>;
};

/** The token of a guest, by which a reload of the page stays the same guest. */
function guestKey(code: string): string {
  return `lectern.guest.${code}`;
}

export function isReturningGuest(code: string): boolean {
  return sessionStorage.getItem(guestKey(code)) !== null;
}

export function useJoining(code: string): Joining {
  const [joined, setJoined] = useState<Joined | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [busy, setBusy] = useState(false);

  const requestJoin = useCallback(
    async (name: string | null): Promise<void> => {
      const token = sessionStorage.getItem(guestKey(code));
      const body = { ...(name ? { name } : {}), ...(token ? { token } : {}) };
      const answer = await unwrap(api().POST("/api/v1/lessons/{lessonId}/join", { params: { path: { lessonId: code } }, body }));
      if (answer.token) sessionStorage.setItem(guestKey(code), answer.token);
      setJoined(answer);
      setFailure(null);
    },
    [code],
  );

  const attempt = useCallback(async (work: () => Promise<void>): Promise<void> => {
    setBusy(true);
    try {
      await work();
    } catch (error) {
      if (isSignedOut(errorCode(error))) forgetSignIn();
      setFailure(failureOf(error));
    } finally {
      setBusy(false);
    }
  }, []);

  useEffect(() => countAsUsedWhile(() => joined !== null), [joined]);

  useEffect(() => {
    if (!joined) return;
    const renew = () => void requestJoin(null).catch((error: unknown) => setFailure(failureOf(error)));
    const timer = setTimeout(renew, renewalDelayMs(joined.renewAt, Date.now()));
    return () => clearTimeout(timer);
  }, [joined, requestJoin]);

  return {
    joined,
    failure,
    busy,
    join: (name) => attempt(() => requestJoin(name)),
    signIn: (login, password) =>
      attempt(async () => {
        await unwrap(publicApi().POST("/api/v1/sessions", { body: { login, password, cookie: true } }));
        await requestJoin(null);
      }),
  };
}
