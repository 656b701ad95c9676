/** Provides a download of a recording: orders the file, asks how far it is while the page is open, and saves it when it is done. */
import type { Download } from "@lectern/client";
import { useEffect, useState } from "react";
import { api, unwrap } from "../session/api.ts";
import { errorCode } from "../session/error-message.ts";

/** What guests send with a request. */
export type GuestBody = { readonly code?: string; readonly token?: string; readonly device?: string };

export type DownloadControl = {
  /** Null: nothing was ordered, or it was cancelled. */
  readonly download: Download | null;
  readonly error: unknown;
  readonly isOrdering: boolean;
  readonly order: () => void;
  readonly cancel: () => void;
};

const POLL_MS = 1000;

export function useDownload(recordingId: string, guest: () => GuestBody): DownloadControl {
  const [download, setDownload] = useState<Download | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [isOrdering, setOrdering] = useState(false);
  const id = download?.id ?? null;
  const isOpen = download?.state === "waiting" || download?.state === "running";
  const take = (next: Download): void => {
    setDownload(next);
    // The answer says that it is to be saved: the page stays.
    if (next.state === "done" && next.url !== null) location.href = next.url;
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: another recording has another download
  useEffect(() => {
    setDownload(null);
    setError(null);
  }, [recordingId]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `take` is made of setters
  useEffect(() => {
    if (id === null || !isOpen) return;
    let isOver = false;
    let timer = 0;
    const poll = async (): Promise<void> => {
      try {
        const next = await unwrap(api().GET("/api/v1/recordings/{recordingId}/downloads/{downloadId}", pathOf(recordingId, id)));
        if (!isOver) take(next);
      } catch (reason) {
        if (isOver || errorCode(reason) !== "not-found") return;
        setDownload(null);
        setError(reason);
      } finally {
        if (!isOver) timer = window.setTimeout(poll, POLL_MS);
      }
    };
    timer = window.setTimeout(poll, POLL_MS);
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [recordingId, id, isOpen]);
  const order = (): void => {
    setError(null);
    setOrdering(true);
    const params = { path: { recordingId } };
    unwrap(api().POST("/api/v1/recordings/{recordingId}/downloads", { params, body: guest() }))
      .then(take, setError)
      .finally(() => setOrdering(false));
  };
  const cancel = (): void => {
    setDownload(null);
    if (id === null) return;
    // One that nobody asks for is given up anyway.
    void api()
      .DELETE("/api/v1/recordings/{recordingId}/downloads/{downloadId}", pathOf(recordingId, id))
      .catch(() => {});
  };
  return { download, error, isOrdering, order, cancel };
}

function pathOf(recordingId: string, downloadId: string) {
  return { params: { path: { recordingId, downloadId } } };
}
