/** Polls what a lesson code stands for: title, school, teacher, state and times of the lesson. */
import { useEffect, useRef, useState } from "react";
import { applyBrand } from "../brand/brand.ts";
import { ApiError } from "../session/api.ts";
import { knownInvitation, rememberState, takeInvitation } from "./first-answers.ts";
import { askForInvitation, type Invitation } from "./lesson-door.ts";
import { type Failure, failureOf } from "./parts/failure.ts";
import type { RoomReport } from "./parts/room-report.ts";
import { pollDelay } from "./poll-delay.ts";

/** @param room what the lesson's room says: it is quicker than a poll */
export function useInvitation(
  code: string,
  room: RoomReport,
): { readonly invitation: Invitation | null; readonly failure: Failure | null } {
  const [invitation, setInvitation] = useState(knownInvitation);
  const [failure, setFailure] = useState<Failure | null>(null);
  const poll = useRef<Poll | null>(null);
  useEffect(() => {
    const started = pollInvitation(
      code,
      (found) => {
        applyBrand(found);
        setInvitation(found);
        setFailure(null);
      },
      (error) => setFailure(failureOf(error)),
    );
    poll.current = started;
    return started.stop;
  }, [code]);
  const known = invitation?.state ?? null;
  useEffect(() => {
    if (known !== null) rememberState(code, known);
  }, [code, known]);
  const { isConnected, state, startedAt, publisherLeftAt } = room;
  useEffect(() => poll.current?.setConnected(isConnected), [isConnected]);
  useEffect(() => {
    if (state === null) return;
    setInvitation((known) => known && { ...known, state, startedAt: startedAt ?? known.startedAt, publisherLeftAt });
    poll.current?.setState(state);
  }, [state, startedAt, publisherLeftAt]);
  return { invitation, failure };
}

type Poll = {
  readonly stop: () => void;
  /** Whether the room is connected. */
  readonly setConnected: (isConnected: boolean) => void;
  /** The state that the room has told. */
  readonly setState: (state: Invitation["state"]) => void;
};

/** Polls until it is stopped, more seldom while the page is hidden or the room connected, and no longer when the lesson is over. */
function pollInvitation(code: string, onFound: (found: Invitation) => void, onFailure: (error: unknown) => void): Poll {
  let isCancelled = false;
  let isAsking = false;
  let isRefused = false;
  let isConnected = false;
  let timer = 0;
  let lesson: Invitation["state"] | null = null;
  let endedPolls = 0;
  const poll = async (): Promise<void> => {
    isAsking = true;
    try {
      const found = await (takeInvitation() ?? askForInvitation(code));
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
    clearTimeout(timer);
    const delay = pollDelay({ lesson, isHidden: document.hidden, endedPolls, isConnected });
    if (delay !== null && !isRefused && !isCancelled) timer = window.setTimeout(poll, delay);
  };
  const scheduleAgain = (): void => {
    if (!isAsking && !isRefused) schedule();
  };
  const visibilityChanged = (): void => {
    if (isAsking || isRefused) return;
    clearTimeout(timer);
    // The room has told what a connected page missed.
    if (document.hidden || isConnected) schedule();
    else void poll();
  };
  document.addEventListener("visibilitychange", visibilityChanged);
  void poll();
  return {
    stop: () => {
      isCancelled = true;
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", visibilityChanged);
    },
    setConnected: (now) => {
      if (now === isConnected) return;
      isConnected = now;
      scheduleAgain();
    },
    setState: (state) => {
      if (state === lesson) return;
      lesson = state;
      endedPolls = state === "ended" ? 1 : 0;
      scheduleAgain();
    },
  };
}

/** An unknown code stays unknown; a busy or unreachable server recovers. */
export function isWorthPolling(error: unknown): boolean {
  return !(error instanceof ApiError) || error.problem.status >= 500 || error.problem.status === 429;
}
