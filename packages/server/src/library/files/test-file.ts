/** For tests: the file of a log, with all that the log has. */
import assert from "node:assert/strict";
import type { Log } from "../../live/streams/index.ts";
import type { FileKey } from "./file-keys.ts";
import { FileWriter } from "./file-writer.ts";

/** Of a log that forgets nothing, as a file needs its first segment. */
export const FORGETS_NOTHING = { segments: 1000, milliseconds: 1e9, bytes: () => 1e9 };

/** A writer that has taken a log, and has flushed nothing. @param segments for which the file has room in its metadata */
export function writerOf(log: Log, path: string, segments: number, app = "live", key: FileKey | null = null): FileWriter {
  const [first] = log.segments;
  assert.ok(first);
  const options = { path, recording: "r", number: 0, app, name: "math", epoch: "e", segments, key };
  const writer = new FileWriter(options, first.head, first.context);
  for (const segment of log.segments) for (const entry of segment.entries) writer.take(entry);
  return writer;
}
