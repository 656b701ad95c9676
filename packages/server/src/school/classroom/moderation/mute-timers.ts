/** Ends mutes whose time is over, so that everybody's page shows it. */

import type { RoomEntry } from "@lectern/room";
import type { Clock } from "../../../platform/clock.ts";
import type { RoomHandle } from "../domain.ts";

export class MuteTimers {
  private readonly clock: Pick<Clock, "utc" | "after">;
  /** What cancels the timers, by lesson and person. */
  private readonly rooms = new Map<string, Map<string, () => void>>();

  constructor(clock: Pick<Clock, "utc" | "after">) {
    this.clock = clock;
  }

  /** @param entry of a mute; a later one of the same person takes its place */
  begin(handle: RoomHandle, { key, body: { person, until } }: Pick<RoomEntry, "key" | "body">): void {
    if (key === null || typeof person !== "string") return;
    const timers = this.rooms.get(handle.lessonId) ?? new Map<string, () => void>();
    this.rooms.set(handle.lessonId, timers);
    timers.get(person)?.();
    timers.delete(person);
    if (typeof until !== "number") return;
    const act = () => void handle.act({ id: `unmute-${person}-${until}`, kind: "moderation", body: { action: "expire", person } });
    timers.set(person, this.clock.after(Math.max(0, until - this.clock.utc()) + 1, act));
  }

  closed(lessonId: string): void {
    for (const cancel of this.rooms.get(lessonId)?.values() ?? []) cancel();
    this.rooms.delete(lessonId);
  }
}
