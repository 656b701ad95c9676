/** The recordings of a lesson for its students, and the signed links of one of them. */
import type { Recording } from "@lectern/client";
import { useEffect, useState } from "react";
import type { GuestBody } from "../downloads/use-download.ts";
import type { Watermark } from "../player/watermark.ts";
import { api, publicApi, unwrap } from "../session/api.ts";
import { keptValue } from "../session/kept-values.ts";
import { isSignedIn } from "../session/signed-in.ts";
import { deviceMark } from "./device-mark.ts";
import type { Invitation } from "./use-invitation.ts";
import { guestKey } from "./use-joining.ts";

export type RecordingLinks = {
  readonly hls: string;
  readonly mp4: string;
  /** Seconds at which the person left on another device; null for none. */
  readonly place: number | null;
  readonly watermark: Watermark | null;
};

const POLL_MS = 5000;

/** Null while loading. Polls until all recordings are complete: the last one completes shortly after the lesson. */
export function useRecordings(invitation: Invitation, code: string): readonly Recording[] | null {
  const [recordings, setRecordings] = useState<readonly Recording[] | null>(null);
  const areAllComplete = recordings?.every(({ whole }) => whole) ?? false;
  useEffect(() => {
    let isCancelled = false;
    const poll = async (): Promise<void> => {
      const found = await loadRecordings(invitation, code).catch(() => null);
      if (!isCancelled && found) setRecordings(found);
    };
    void poll();
    const timer = setInterval(() => {
      if (!areAllComplete && !document.hidden) void poll();
    }, POLL_MS);
    return () => {
      isCancelled = true;
      clearInterval(timer);
    };
  }, [invitation, code, areAllComplete]);
  return recordings;
}

/** Null while loading. Guests need the code of the lesson. */
export function useRecordingLinks(recordingId: string | null, guestCode: string | null): RecordingLinks | null {
  const [links, setLinks] = useState<RecordingLinks | null>(null);
  useEffect(() => {
    if (recordingId === null) return;
    let isCancelled = false;
    setLinks(null);
    const body = guestBody(guestCode);
    unwrap(api().POST("/api/v1/recordings/{recordingId}/links", { params: { path: { recordingId } }, body })).then(
      ({ play, place, watermark }) => {
        if (!isCancelled) setLinks({ ...play, place, watermark });
      },
      () => {},
    );
    return () => {
      isCancelled = true;
    };
  }, [recordingId, guestCode]);
  return links;
}

/** What a guest sends besides. @param code of the lesson; null: the person is no guest */
export function guestBody(code: string | null): GuestBody {
  if (code === null) return {};
  const token = keptValue("tab", guestKey(code));
  return { code, device: deviceMark(), ...(token ? { token } : {}) };
}

/** Guests list recordings by the code of the lesson, members with their session. */
async function loadRecordings({ lessonId, guests }: Invitation, code: string): Promise<readonly Recording[]> {
  if (guests || !isSignedIn())
    return (await unwrap(publicApi().GET("/api/v1/invitations/{code}/recordings", { params: { path: { code } } }))).items;
  return (await unwrap(api().GET("/api/v1/recordings", { params: { query: { lessonId } } }))).items;
}
