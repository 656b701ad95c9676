/**
 * Defines what the queue makes, each kind with its own rules: a download with a watermark is a person's; the composite recording of a lesson, and a
 * board video with its board, are everybody's.
 */

import type { DownloadOrder, DownloadTask } from "../../contracts/recordings/download-messages.ts";
import { FILM_KBPS } from "../board-videos/board-video-arguments.ts";
import { PICTURE_KBPS } from "../composite-recordings/composite-arguments.ts";

export type EncodingOrder = {
  /** Known before; null: nobody finds it who was not told. */
  readonly id: string | null;
  /** Orders with the same key are one. */
  readonly key: string;
  /** Made whether anybody asks for it or not; others are given up. */
  readonly kept: boolean;
  /** How often it is begun at most: when its worker dies, and when its program fails. */
  readonly tries: { readonly lost: number; readonly failed: number };
  /** What the file becomes. download: it is given out, and deleted after a time. recording: it is another's, and no more of the queue. */
  readonly becomes: "download" | "recording";
  /** Bits of the file. */
  readonly maxKbps: number;
  /** Bytes that it may have. */
  readonly reserved: number;
  /** What the worker is told. */
  readonly task: Pick<DownloadTask, "mark" | "picture" | "film">;
};

/** The picture may have this many times the bits of the recording: the text, and what coding it again costs. */
const MOST_BITS = 2;
const LEAST_KBPS = 500;
/** Of the container, and of seconds of which the rate control knows nothing. */
const HEAD_BYTES = 2_000_000;
/** A person who wants a download asks again. */
const DOWNLOAD_TRIES = { lost: 2, failed: 1 } as const;
/** What ended ffmpeg, such as a machine without memory, may be over. */
const LESSON_TRIES = { lost: 3, failed: 2 } as const;
const MOST_AUDIO_KBPS = 512;
/** What ffmpeg has made is copied into a recording. */
const PICTURE_COPIES = 2;

export function encodingOrder(order: DownloadOrder): EncodingOrder {
  const { picture, film, mark, seconds, bytes, owner, recording } = order;
  if (picture) {
    const maxKbps = PICTURE_KBPS.video + PICTURE_KBPS.audio;
    return {
      id: picture.id,
      key: picture.id,
      kept: true,
      tries: LESSON_TRIES,
      becomes: "recording",
      maxKbps,
      reserved: Math.ceil((PICTURE_COPIES * maxKbps * 1000 * seconds) / 8) + HEAD_BYTES,
      task: { mark, picture },
    };
  }
  if (film) {
    // The sound is that of the recording.
    const maxKbps =
      FILM_KBPS.video + Math.max(FILM_KBPS.audio, Math.min(MOST_AUDIO_KBPS, (bytes * 8) / 1000 / Math.max(1, seconds)));
    return {
      id: film.id,
      key: film.id,
      kept: true,
      tries: LESSON_TRIES,
      becomes: "download",
      maxKbps,
      reserved: Math.ceil((maxKbps * 1000 * seconds) / 8) + HEAD_BYTES,
      task: { mark, film },
    };
  }
  const maxKbps = Math.max(LEAST_KBPS, (MOST_BITS * bytes * 8) / 1000 / Math.max(1, seconds));
  return {
    id: null,
    key: JSON.stringify([owner, recording, mark?.text, mark?.opacity, seconds, bytes]),
    kept: false,
    tries: DOWNLOAD_TRIES,
    becomes: "download",
    maxKbps,
    reserved: Math.ceil((maxKbps * 1000 * seconds) / 8) + bytes + HEAD_BYTES,
    task: { mark },
  };
}
