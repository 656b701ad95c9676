/** Brings everybody back from their groups when the time that staff have said is over. */
import type { Clock } from "../../../platform/clock.ts";
import type { RoomHandle } from "../domain.ts";

/** @param at milliseconds since 1970 */
type Ends = { readonly division: string; readonly at: number };

export class GroupTimers {
  private readonly clock: Clock;
  /** By lesson. */
  private readonly rooms = new Map<string, Ends & { readonly cancel: () => void }>();

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** @param ends null: nobody has said when */
  set(handle: RoomHandle, ends: Ends | null): void {
    const known = this.rooms.get(handle.lessonId);
    if (known && ends && known.at === ends.at && known.division === ends.division) return;
    this.closeRoom(handle.lessonId);
    if (!ends) return;
    const action = { id: `group-end-${ends.division}-${ends.at}`, kind: "group", body: { action: "end", division: ends.division } };
    const act = () => {
      // `act` repeats it until it is done, or the room is another process's, which has a timer of its own.
      handle.act(action).catch(() => {});
    };
    this.rooms.set(handle.lessonId, { ...ends, cancel: this.clock.after(Math.max(0, ends.at - this.clock.utc()), act) });
  }

  closeRoom(lessonId: string): void {
    this.rooms.get(lessonId)?.cancel();
    this.rooms.delete(lessonId);
  }
}
