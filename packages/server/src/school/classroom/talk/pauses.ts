/** Remembers when each person of a room last did something and how much, and says how long the person waits before doing it once more. */
import type { RoomView } from "../domain.ts";

/** Beyond that, the oldest times of a room are forgotten: their pauses are over long since. */
const MAX_PEOPLE = 20_000;
/** One thing that a person did counts so long as one of many. */
const FORGOTTEN_MS = 10_000;

/** The last thing that a person did: milliseconds since 1970, and how many of late it was with those before. */
type Turn = { readonly at: number; readonly count: number };

/** The pauses of one group of actions, which count once the group is stored. */
export type GroupPauses = {
  /** Seconds that a person still waits; 0: none. */
  readonly missing: (person: string, seconds: number) => number;
  /** How much a person has done of late: each thing counts as one, and less and less with time. */
  readonly recent: (person: string) => number;
  /** A person does it now: the next pause begins. */
  readonly begin: (person: string) => void;
  /** Seconds that a person still waits; 0: none, and the person's next pause begins. */
  readonly take: (person: string, seconds: number) => number;
};

export class Pauses {
  private readonly rooms = new Map<string, Map<string, Turn>>();

  begin({ lessonId, now, afterCommit }: Pick<RoomView, "lessonId" | "now" | "afterCommit">): GroupPauses {
    const known = this.rooms.get(lessonId);
    const fresh = new Map<string, Turn>();
    afterCommit(() => this.keep(lessonId, fresh));
    const last = (person: string) => fresh.get(person) ?? known?.get(person);
    const missing = (person: string, seconds: number): number => {
      const turn = last(person);
      return turn === undefined ? 0 : Math.max(0, turn.at + seconds * 1000 - now) / 1000;
    };
    const recent = (person: string): number => {
      const turn = last(person);
      return turn === undefined ? 0 : Math.max(0, turn.count - (now - turn.at) / FORGOTTEN_MS);
    };
    const begin = (person: string): void => void fresh.set(person, { at: now, count: recent(person) + 1 });
    const take = (person: string, seconds: number): number => {
      const left = missing(person, seconds);
      if (left === 0) begin(person);
      return left;
    };
    return { missing, recent, begin, take };
  }

  forget(lessonId: string): void {
    this.rooms.delete(lessonId);
  }

  private keep(lessonId: string, fresh: ReadonlyMap<string, Turn>): void {
    if (fresh.size === 0) return;
    const turns = this.rooms.get(lessonId) ?? new Map<string, Turn>();
    this.rooms.set(lessonId, turns);
    for (const [person, turn] of fresh) {
      turns.delete(person);
      turns.set(person, turn);
    }
    for (const person of turns.keys()) {
      if (turns.size <= MAX_PEOPLE) break;
      turns.delete(person);
    }
  }
}
