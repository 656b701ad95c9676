/** Decides about the timer of a class: staff start, pause, lengthen and end it. Nothing is written while it counts: pages count by the server's clock. */
import { type ActionOf, countedAt, MAX_TIMER_SECONDS, type RetainedEntries, TIMER, type Timer } from "@lectern/room";
import { Refusal } from "../../../platform/refusal.ts";
import { toolText } from "../../foundation/messages/tool-texts.ts";
import type { Domain, Outcome } from "../domain.ts";
import { actionSchema, entrySchema } from "../field-schemas.ts";
import { staffOnly } from "../talk/may-talk.ts";
import { toolEntry } from "./tool-entry.ts";

type TimerAction = ActionOf<typeof TIMER>;

const KEY = TIMER.entries[0].key;
const timer = entrySchema(TIMER.entries[0]);

export function timerDomain(): Domain<TimerAction> {
  return {
    kind: TIMER.kind,
    body: actionSchema(TIMER),
    decide: async ({ retained, now }, actions) => {
      let current = timerIn(retained);
      return actions.map(({ body, person }): Outcome => {
        const refused = staffOnly(person);
        if (refused) return refused;
        const next = changed(current, body, now);
        if (next instanceof Refusal) return next;
        if (next === current) return { entries: [] };
        current = next;
        return { entries: [toolEntry(TIMER.kind, KEY, next)] };
      });
    },
  };
}

function timerIn(retained: RetainedEntries): Timer | null {
  return timer.safeParse(retained.get(KEY)?.body).data ?? null;
}

/** Null: none. The same: nothing to do. */
function changed(current: Timer | null, action: TimerAction, now: number): Timer | null | Refusal {
  if (action.action === "start")
    return { length: action.seconds === undefined ? null : action.seconds * 1000, elapsed: 0, since: now };
  if (action.action === "end") return null;
  if (current === null) return new Refusal("not-found", toolText("no-timer"));
  const counted = countedAt(current, now);
  switch (action.action) {
    case "pause":
      // One that is over stands at its end.
      return current.since === null ? current : { ...current, elapsed: Math.min(counted, current.length ?? counted), since: null };
    case "resume":
      return current.since === null ? { ...current, since: now } : current;
    case "add": {
      if (current.length === null) return new Refusal("conflict", toolText("no-end"));
      const length = Math.max(current.length, counted) + action.seconds * 1000;
      return { ...current, length: Math.min(length, MAX_TIMER_SECONDS * 1000) };
    }
  }
}
