/** Closes sign-in rounds whose time is over. */
import type { Clock } from "../../../platform/clock.ts";
import type { SigninRound } from "../../foundation/store/presence-tables.ts";
import type { RoomHandle } from "../domain.ts";

/** A round that nobody closes ends with the day, so that nobody signs days later. */
const LONGEST_MS = 12 * 3600 * 1000;
/** A round whose time is over is closed again after this long, where the database was unavailable. */
const CLOSE_AGAIN_MS = 2000;

export class SigninTimers {
  private readonly clock: Clock;
  /** What cancels the timers, by lesson and round. */
  private readonly rooms = new Map<string, Map<string, () => void>>();

  constructor(clock: Clock) {
    this.clock = clock;
  }

  begin(handle: RoomHandle, { id, opened_at: openedAt, closes_at: closesAt, late_allowed: lateAllowed }: SigninRound): void {
    const longest = openedAt.getTime() + LONGEST_MS;
    const at = closesAt === null || lateAllowed ? longest : closesAt.getTime();
    this.closeAfter(handle, id, at - this.clock.utc());
  }

  end(lessonId: string, round: string): void {
    const timers = this.rooms.get(lessonId);
    timers?.get(round)?.();
    timers?.delete(round);
  }

  closeRoom(lessonId: string): void {
    for (const cancel of this.rooms.get(lessonId)?.values() ?? []) cancel();
    this.rooms.delete(lessonId);
  }

  private closeAfter(handle: RoomHandle, round: string, milliseconds: number): void {
    const timers = this.rooms.get(handle.lessonId) ?? new Map<string, () => void>();
    this.rooms.set(handle.lessonId, timers);
    const act = () => {
      const action = { id: `signin-close-${round}`, kind: "signin", body: { action: "close", ref: round } };
      handle.act(action).catch(() => {
        if (this.rooms.get(handle.lessonId) === timers && timers.has(round)) this.closeAfter(handle, round, CLOSE_AGAIN_MS);
      });
    };
    // One millisecond later than the last one that is on time.
    timers.set(round, this.clock.after(Math.max(0, milliseconds + 1), act));
  }
}
