/** Remembers when each person of a room last did something, and says how long the person waits before doing it once more. */
import type { RoomView } from "../domain.ts";

/** Beyond that, the oldest times of a room are forgotten: their pauses are over long since. */
const MAX_PEOPLE = 20_000;

export class Pauses {
  private readonly rooms = new Map<string, Map<string, number>>();

  /** The pauses of one group of deeds, which count once the group is stored. */
  begin({ lessonId, now, afterCommit }: Pick<RoomView, "lessonId" | "now" | "afterCommit">): {
    /** Seconds that a person still waits; 0: none, and the person's next pause begins. */
    readonly take: (person: string, seconds: number) => number;
  } {
    const known = this.rooms.get(lessonId);
    const fresh = new Map<string, number>();
    afterCommit(() => this.keep(lessonId, fresh));
    return {
      take: (person, seconds) => {
        const last = fresh.get(person) ?? known?.get(person);
        const missing = last === undefined ? 0 : last + seconds * 1000 - now;
        if (missing > 0) return missing / 1000;
        fresh.set(person, now);
        return 0;
      },
    };
  }

  forget(lessonId: string): void {
    this.rooms.delete(lessonId);
  }

  private keep(lessonId: string, fresh: ReadonlyMap<string, number>): void {
    if (fresh.size === 0) return;
    const times = this.rooms.get(lessonId) ?? new Map<string, number>();
    this.rooms.set(lessonId, times);
    for (const [person, at] of fresh) {
      times.delete(person);
      times.set(person, at);
    }
    for (const person of times.keys()) {
      if (times.size <= MAX_PEOPLE) break;
      times.delete(person);
    }
  }
}
