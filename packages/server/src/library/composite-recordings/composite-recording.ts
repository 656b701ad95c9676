/** Makes a recording of an FLV file that a program has made: with an index, as if it had been published at its time. */
import { createReadStream } from "node:fs";
import { FlvReader, type FlvTag, MAX_TAG_BODY, Malformed, TAG_TYPE } from "@lectern/media";
import { readAudioTag, readVideoTag } from "../../live/source-tags.ts";
import { Ingest, Log, NO_METER } from "../../live/streams/index.ts";
import type { Clock } from "../../platform/clock.ts";
import type { FileKey } from "../files/file-keys.ts";
import { FileWriter } from "../files/file-writer.ts";

export type ComposedRecording = {
  /** The FLV. */
  readonly source: string;
  /** Of the recorded file, whose index is beside it. Nothing may be there. */
  readonly path: string;
  readonly recording: string;
  readonly app: string;
  readonly name: string;
  readonly epoch: string;
  /** Real time of its first picture, milliseconds since 1970. */
  readonly utc: number;
  readonly seconds: number;
  /** Encrypts the recorded file; null: it is not. */
  readonly key: FileKey | null;
};

const SEGMENTER = { segmentMs: 2000, partMs: 500 } as const;
/** What is written has been copied before. */
const RETENTION = { segments: 2, milliseconds: 20_000, bytes: () => 16 * 1024 * 1024 } as const;
const READ_BYTES = 1024 * 1024;
/** The metadata has room for so many key frames. */
const MAX_SEGMENTS = 4096;
/** ffmpeg's AAC begins one access unit before its sound, and FLV has no time before 0: everything is later by so much. */
const EARLY_SOUND_MS = Math.round((1024 * 1000) / 48_000);

/** @throws Error when the file has no frame, or cannot be read or written */
export async function recordComposite(of: ComposedRecording): Promise<void> {
  const { source, path, recording, app, name, epoch, utc, seconds, key } = of;
  let now = 0;
  const clock: Clock = { monotonic: () => now, utc: () => utc - EARLY_SOUND_MS + now, after: () => () => {}, longestHold: () => 0 };
  const log = new Log(epoch, RETENTION);
  const ingest = new Ingest(log, clock, SEGMENTER, NO_METER);
  const segments = Math.min(MAX_SEGMENTS, Math.ceil((seconds * 1000) / SEGMENTER.segmentMs) + 1);
  let writer: FileWriter | null = null;
  log.listen((entry) => {
    if (entry.kind === "segment")
      writer ??= new FileWriter({ path, recording, number: 0, app, name, epoch, segments, key }, entry, log.context);
    if (entry.kind !== "term" && entry.kind !== "gap" && entry.kind !== "end") writer?.take(entry);
  });
  ingest.beginTerm(1);
  let broken: Malformed | null = null;
  const onTag = ({ type, timestamp, body }: FlvTag): void => {
    const message =
      type === TAG_TYPE.video ? readVideoTag(timestamp, body) : type === TAG_TYPE.audio ? readAudioTag(timestamp, body) : null;
    now = Math.max(now, timestamp);
    if (message instanceof Malformed) broken ??= message;
    else if (message) broken ??= ingest.push(message);
  };
  const reader = new FlvReader({ onTag, maxTagBytes: MAX_TAG_BODY });
  const written = (): FileWriter | null => writer;
  try {
    for await (const bytes of createReadStream(source, { highWaterMark: READ_BYTES })) {
      broken ??= reader.push(bytes as Buffer);
      if (broken !== null) throw new Error((broken as Malformed).rule);
      await written()?.flush();
    }
    ingest.end("over");
    const file = written();
    if (!file) throw new Error("the picture has no frame");
    await file.finish({ reason: "ended", end: null, time: file.time, sequence: file.next });
  } catch (error) {
    await written()?.abandon();
    throw error;
  }
}
