/** Provides the recordings of a lesson for its students, and the signed links of one of them. */
import type { Recording } from "@lectern/client";
import { useCallback, useEffect, useState } from "react";
import type { GuestBody } from "../downloads/use-download.ts";
import type { Watermark } from "../player/watermark.ts";
import { api, publicApi, unwrap } from "../session/api.ts";
import { isSignedIn } from "../session/signed-in.ts";
import { deviceId } from "./device-id.ts";
import { guestToken, type Invitation } from "./lesson-door.ts";
import { type Failure, failureOf } from "./parts/failure.ts";
import { isWorthPolling } from "./use-invitation.ts";

export type RecordingLinks = {
  readonly hls: string;
  readonly mp4: string;
  /** Seconds at which the person left on another device; null for none. */
  readonly place: number | null;
  readonly watermark: Watermark | null;
};

const POLL_MS = 5000;

/** What was asked for: null while loading, and why the last request failed. */
export type Loaded<T> = {
  readonly value: T | null;
  /** Null: it did not. */
  readonly failure: Failure | null;
  /** It is asked for again by itself. */
  readonly isRetried: boolean;
  readonly retry: () => void;
};

/** Polls until all recordings are complete: the last one completes shortly after the lesson. */
export function useRecordings(invitation: Invitation, code: string): Loaded<readonly Recording[]> {
  const [recordings, setRecordings] = useState<readonly Recording[] | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [tries, setTries] = useState(0);
  const areAllComplete = recordings?.every(({ whole }) => whole) ?? false;
  // biome-ignore lint/correctness/useExhaustiveDependencies: asks again with each try
  useEffect(() => {
    let isCancelled = false;
    const poll = async (): Promise<void> => {
      try {
        const found = await loadRecordings(invitation, code);
        if (isCancelled) return;
        setRecordings(found);
        setFailure(null);
      } catch (error) {
        if (!isCancelled) setFailure(failureOf(error));
      }
    };
    void poll();
    const timer = setInterval(() => {
      if (!areAllComplete && !document.hidden) void poll();
    }, POLL_MS);
    return () => {
      isCancelled = true;
      clearInterval(timer);
    };
  }, [invitation, code, areAllComplete, tries]);
  return { value: recordings, failure, isRetried: true, retry: useCallback(() => setTries((count) => count + 1), []) };
}

/** Links of a recording, which `retry` renews. Guests need the code of the lesson. */
export function useRecordingLinks(recordingId: string | null, guestCode: string | null): Loaded<RecordingLinks> {
  const [loaded, setLoaded] = useState<{ readonly id: string; readonly links: RecordingLinks } | null>(null);
  const [failure, setFailure] = useState<{ readonly reason: Failure; readonly isPassing: boolean } | null>(null);
  const [tries, setTries] = useState(0);
  const retry = useCallback(() => setTries((count) => count + 1), []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: asks again with each try
  useEffect(() => {
    if (recordingId === null) return;
    let isCancelled = false;
    let timer = 0;
    const body = guestBody(guestCode);
    unwrap(api().POST("/api/v1/recordings/{recordingId}/links", { params: { path: { recordingId } }, body })).then(
      ({ play, place, watermark }) => {
        if (isCancelled) return;
        setLoaded({ id: recordingId, links: { ...play, place, watermark } });
        setFailure(null);
      },
      (error: unknown) => {
        if (isCancelled) return;
        const isPassing = isWorthPolling(error);
        setFailure({ reason: failureOf(error), isPassing });
        if (isPassing) timer = window.setTimeout(retry, POLL_MS);
      },
    );
    return () => {
      isCancelled = true;
      clearTimeout(timer);
    };
  }, [recordingId, guestCode, tries, retry]);
  const value = loaded !== null && loaded.id === recordingId ? loaded.links : null;
  return { value, failure: failure?.reason ?? null, isRetried: failure?.isPassing ?? false, retry };
}

/** What guests come with; null: they may not, or the address has the lesson's id, which is no code. */
export function guestCodeOf({ guests, lessonId }: Invitation, code: string): string | null {
  return guests && code !== lessonId ? code : null;
}

/** What a guest sends besides. @param code of the lesson; null: the person is no guest */
export function guestBody(code: string | null): GuestBody {
  if (code === null) return {};
  const token = guestToken(code);
  return { code, device: deviceId(), ...(token ? { token } : {}) };
}

/** In the order of the lesson: a clip comes after what it was cut from. */
async function loadRecordings(invitation: Invitation, code: string): Promise<readonly Recording[]> {
  const found = await listRecordings(invitation, code);
  return found.toSorted((a, b) => Date.parse(a.startedAt) - Date.parse(b.startedAt) || b.seconds - a.seconds);
}

/** Guests list recordings by the code of the lesson, members with their session. */
async function listRecordings(invitation: Invitation, code: string): Promise<readonly Recording[]> {
  const { lessonId } = invitation;
  if (guestCodeOf(invitation, code) !== null || !isSignedIn())
    return (await unwrap(publicApi().GET("/api/v1/invitations/{code}/recordings", { params: { path: { code } } }))).items;
  return (await unwrap(api().GET("/api/v1/recordings", { params: { query: { lessonId } } }))).items;
}
