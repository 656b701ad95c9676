/** Provides background work without rows: what one process of all does again and again, such as deleting what is old. */
import { soleItem, type WorkItem, type WorkKind } from "./work-kind.ts";

export type RegularWork = {
  readonly name: string;
  /** From the end of a turn to the next one, milliseconds. */
  readonly everyMs: number;
  /** So long after the start, milliseconds. Default: at once. */
  readonly firstAfterMs?: number;
  readonly failure: string;
  /** @param now milliseconds since 1970 */
  readonly run: (now: number, signal: AbortSignal) => Promise<void>;
};

export function regularWork({ name, everyMs, firstAfterMs = 0, failure, run }: RegularWork): WorkKind<WorkItem> {
  let dueAt: number | null = null;
  return {
    name,
    places: { total: 1 },
    restMs: 0,
    failure,
    find: async ({ now, busy }) => {
      dueAt ??= now + firstAfterMs;
      // A clock that is set back must not stop it.
      dueAt = Math.min(dueAt, now + Math.max(everyMs, firstAfterMs));
      return busy.length > 0 ? [] : [soleItem(name, dueAt)];
    },
    perform: async (_, { now, signal }) => {
      await run(now, signal);
      dueAt = now + everyMs;
    },
  };
}
