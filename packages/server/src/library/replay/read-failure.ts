/** Says what a client is told when a recorded file could not be read. */
import { Refusal } from "../../platform/refusal.ts";
import { StorageUnreachable } from "../storage/piece-cache.ts";
import { SegmentsBusy } from "./segment-cache.ts";

export type ReadFailure = {
  readonly refusal: Refusal;
  /** The operator must hear of it: other parts do not report it. */
  readonly isUnexpected: boolean;
};

export function readFailure(error: unknown): ReadFailure {
  if (error instanceof StorageUnreachable) return { refusal: new Refusal("storage-away"), isUnexpected: false };
  if (error instanceof SegmentsBusy) return { refusal: new Refusal("full"), isUnexpected: false };
  // A disk that fails to read once may read the next time.
  const isDisk = error instanceof Error && "syscall" in error;
  return { refusal: new Refusal(isDisk ? "storage-away" : "internal-error"), isUnexpected: true };
}
