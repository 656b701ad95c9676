/** For tests of a kind of background work: does all that is due at a moment, once, without timers. */
import { chooseItems } from "./fair-slots.ts";
import type { WorkItem, WorkKind } from "./work-kind.ts";
import { slotsOf } from "./work-loop.ts";

/** @param now milliseconds since 1970 */
export async function workOnce<Item extends WorkItem>(kind: WorkKind<Item>, now: number): Promise<void> {
  const found = await kind.find({ now, until: now, busy: [] });
  const { signal } = new AbortController();
  for (let due = found.filter(({ dueAt }) => dueAt <= now); due.length > 0; ) {
    const chosen = chooseItems(due, [], slotsOf(kind));
    await Promise.all(chosen.map((item) => kind.perform(item, { now, signal })));
    due = due.filter((item) => !chosen.includes(item));
  }
}
