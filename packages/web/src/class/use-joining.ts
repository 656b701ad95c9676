/** Joins a lesson, and renews its signed links before they expire. */

import type { Joined } from "@lectern/client";
import { handleRefusedStreams } from "@lectern/player";
import { serverClock } from "@lectern/player/server-clock";
import { useCallback, useEffect, useRef, useState } from "react";
import { useClockSteps } from "../schedule/use-now.ts";
import { countAsUsedWhile } from "../session/activity.ts";
import { errorCode } from "../session/error-message.ts";
import { forgetSignIn, isSignedOut } from "../session/signed-in.ts";
import { takeJoined, takeKnownJoined } from "./first-answers.ts";
import { joinLesson } from "./lesson-door.ts";
import { RenewalPace } from "./link-renewal.ts";
import { type Failure, failureOf, isFinal } from "./parts/failure.ts";

export type Joining = {
  readonly joined: Joined | null;
  readonly failure: Failure | null;
  readonly busy: boolean;
  /**
   * @param name null for a person who is signed in, or a guest who returns
   * @param consent whether a guest agrees to the school's terms
   */
  readonly join: (name: string | null, consent?: boolean) => Promise<void>;
  /** Signs in, and joins. @param open false: the person has cancelled */
  readonly signIn: (open: () => Promise<boolean>) => Promise<void>;
};

export function useJoining(code: string): Joining {
  const [joined, setJoined] = useState(takeKnownJoined);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [busy, setBusy] = useState(false);
  /** Failed renewals in a row. */
  const [failures, setFailures] = useState(0);
  const [pace] = useState(() => new RenewalPace());
  const steps = useClockSteps();
  const lessonId = useRef(joined?.lesson.id ?? null);

  const requestJoin = useCallback(
    async (name: string | null, consent = false): Promise<void> => {
      const first = name === null ? takeJoined() : null;
      // The code of a lesson may be replaced while people are inside.
      const answer = await (first ?? joinLesson(lessonId.current ?? code, code, { name, consent }));
      lessonId.current = answer.lesson.id;
      setJoined(answer);
      setFailure(null);
      setFailures(0);
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

  // biome-ignore lint/correctness/useExhaustiveDependencies: another time is another delay
  useEffect(() => {
    if (!joined) return;
    const renew = () =>
      void requestJoin(null).catch((error: unknown) => {
        const failed = failureOf(error);
        setFailure(failed);
        if (!isFinal(failed)) setFailures((count) => count + 1);
      });
    const delay = failures === 0 ? pace.renewIn(Date.parse(joined.renewAt) - serverClock.now()) : pace.retryIn();
    const timer = setTimeout(renew, delay);
    return () => clearTimeout(timer);
  }, [joined, failures, requestJoin, pace, steps]);

  // A stream that is refused may be the server's word for a removal, or for a link that is over: joining again tells.
  useEffect(() => {
    if (!joined) return;
    handleRefusedStreams(() =>
      requestJoin(null).then(
        () => true,
        (error: unknown) => {
          setFailure(failureOf(error));
          return false;
        },
      ),
    );
    return () => handleRefusedStreams(async () => false);
  }, [joined, requestJoin]);

  return {
    joined,
    failure,
    busy,
    join: (name, consent) => attempt(() => requestJoin(name, consent)),
    signIn: (open) =>
      attempt(async () => {
        if (await open()) await requestJoin(null);
      }),
  };
}
