/** Tells the members of each open room what the server does without in it, when that changes and when the room opens. */
import type { Degradation, ShedPlace } from "../../contracts/degradation/degradation.ts";
import type { Sheddable } from "../../contracts/degradation/sheddable.ts";
import type { RoomHandle, RoomView } from "./domain.ts";

type RoomPlace = Pick<RoomView, "lessonId" | "schoolId">;
type OpenRoom = { readonly place: RoomPlace; readonly handle: RoomHandle; told: string };

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

  sheds(what: Sheddable, place: ShedPlace): boolean {
    return this.degradation.sheds(what, place);
  }

  opened({ lessonId, schoolId }: RoomPlace, handle: RoomHandle): void {
    const room = { place: { lessonId, schoolId }, handle, told: "" };
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
    const what = this.degradation.shedAt(room.place);
    const text = what.join(" ");
    if (text === room.told) return;
    room.told = text;
    const level = LEVELS.findLastIndex((one) => what.includes(one)) + 1;
    const reason = this.degradation.state.automatic.pressure ?? "";
    room.handle.signal({ kind: "shed", key: "", to: "all", body: { what: [...what], level, reason } });
  }
}
