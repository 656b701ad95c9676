/** Sends one file to the door in pieces, from where the server has it, until it is stored there: smaller pieces where none arrives, larger ones on a good line. */
import { DoorRefusal } from "../attempt/exam-types.ts";
import type { KeptFile } from "./file-store.ts";

/** The door takes 512 KiB at once. */
const PIECE_BYTES = { first: 128 * 1024, least: 16 * 1024, most: 512 * 1024 } as const;
/** A piece that takes less leaves room for a larger one. */
const QUICK_MS = 1500;
const RETRY_MS = { first: 1000, most: 15_000 } as const;

export type StoredPiece = { readonly received: number; readonly isStored: boolean; readonly endsAt: number | null };
export type PieceDoor = {
  /** @throws DoorRefusal; any other error means that no answer arrived */
  readonly sendPiece: (file: KeptFile, offset: number, bytes: ArrayBuffer) => Promise<StoredPiece>;
};

export type SendingHooks = {
  readonly elapsed: () => number;
  readonly random: () => number;
  /** Whether the server is out of reach. */
  readonly onAway: (isAway: boolean) => void;
  /** Waits, or until the network is back. */
  readonly rest: (ms: number) => Promise<void>;
  /** True: nobody wants the file any more. */
  readonly isGivenUp: () => boolean;
};

/** Refusals that pass by themselves. */
const PASSING: readonly string[] = [
  "control-away",
  "database-away",
  "storage-away",
  "disk-full",
  "draining",
  "too-many",
  "too-slow",
];

/** @returns whether it is stored; false: it was given up @throws DoorRefusal that repeating does not mend */
export async function sendFile(file: KeptFile, door: PieceDoor, hooks: SendingHooks): Promise<boolean> {
  let [offset, size, failures] = [0, PIECE_BYTES.first as number, 0];
  while (!hooks.isGivenUp()) {
    const startedAt = hooks.elapsed();
    try {
      const stored = await door.sendPiece(file, offset, file.bytes.slice(offset, offset + size));
      hooks.onAway(false);
      if (stored.isStored) return true;
      failures = 0;
      offset = stored.received;
      if (hooks.elapsed() - startedAt < QUICK_MS) size = Math.min(PIECE_BYTES.most, size * 2);
    } catch (error) {
      const isRefusal = error instanceof DoorRefusal;
      if (isRefusal && !isPassing(error)) throw error;
      if (!isRefusal) {
        hooks.onAway(true);
        size = Math.max(PIECE_BYTES.least, size / 2);
      }
      const said = isRefusal && error.retryAfter !== null ? error.retryAfter * 1000 : 0;
      const pause = Math.min(RETRY_MS.most, RETRY_MS.first * 2 ** failures++) * (1 + hooks.random() * 0.5);
      await hooks.rest(Math.max(said, pause));
    }
  }
  return false;
}

/** A proxy between here and the server has answers of its own. */
function isPassing({ code }: DoorRefusal): boolean {
  return PASSING.includes(code) || /^http-5\d\d$/.test(code);
}
