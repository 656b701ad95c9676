/** Tells the members of each open room what the server does without in it, when that changes and when the room opens. */
import type { Degradation } from "../../contracts/degradation/degradation.ts";
import type { Sheddable } from "../../contracts/degradation/sheddable.ts";
import type { RoomHandle, RoomView } from "./domain.ts";

type RoomScope = Pick<RoomView, "lessonId" | "schoolId">;
type OpenRoom = { readonly scope: RoomScope; readonly handle: RoomHandle; told: string };

/** What pages of before know: each level includes those before it. */
const LEVELS: readonly Sheddable[] = ["reactions", "danmaku", "roster", "quick-chat"];

export class RoomShedding {
  private readonly degradation: Degradation;
  private readonly rooms = new Map<string, OpenRoom>();
  private readonly end: () => void;

  constructor(degradation: Degradation) {
    this.degradation = degradation;
    this.end = degradation.onChanged(() => {
      for (const room of this.rooms.values()) this.tell(room);
    });
  }

  opened({ lessonId, schoolId }: RoomScope, handle: RoomHandle): void {
    const room = { scope: { lessonId, schoolId }, handle, told: "" };
    this.rooms.set(lessonId, room);
    this.tell(room);
  }

  closed(lessonId: string): void {
    this.rooms.delete(lessonId);
  }

  close(): void {
    this.end();
    this.rooms.clear();
  }

  private tell(room: OpenRoom): void {
    const what = this.degradation.shedAt(room.scope);
    const text = what.join(" ");
    if (text === room.told) return;
    room.told = text;
    const level = LEVELS.findLastIndex((one) => what.includes(one)) + 1;
    const reason = this.degradation.state.automatic.pressure ?? "";
    room.handle.signal({ kind: "shed", key: "", to: "all", body: { what: [...what], level, reason } });
  }
}
