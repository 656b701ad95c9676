/** Tells who the participants of a room are: asks its owner for many at once, and remembers them for times when it cannot be reached. */

import type { RoomPerson } from "@lectern/room";
import type { Clock } from "../../platform/clock.ts";
import { RecentMap } from "../../platform/recent-map.ts";
import { Refusal } from "../../platform/refusal.ts";
import { type AskOwner, askOwner, OwnerAway } from "./owner-calls.ts";

export type FoundPerson = {
  readonly person: RoomPerson;
  /** False: the owner could not be asked. */
  readonly isSure: boolean;
  /** False: it is not known who that is, nor what they may do. */
  readonly isKnown: boolean;
};

type Waiting = { readonly resolve: (found: FoundPerson | Refusal) => void };

/** People who come within this time are asked for together. */
const COLLECT_MS = 10;
const MAX_BATCH = 500;
/** A newcomer does not wait longer for an owner that does not answer. */
const WITHIN_MS = 3000;
const MAX_KNOWN = 20_000;
const UNNAMED = { name: "", role: "guest" } as const;

/** A member without a participant, who watches only. */
export const NOBODY: RoomPerson = { id: "", ...UNNAMED };

export class RoomPeople {
  private readonly room: string;
  private readonly ask: AskOwner;
  private readonly clock: Clock;
  private readonly known = new RecentMap<string, RoomPerson>(MAX_KNOWN);
  private waiting = new Map<string, Waiting[]>();

  constructor(room: string, ask: AskOwner, clock: Clock) {
    this.room = room;
    this.ask = ask;
    this.clock = clock;
  }

  /** Who a participant is, or why they may not enter. */
  find(participant: string): Promise<FoundPerson | Refusal> {
    return new Promise((resolve) => {
      if (this.waiting.size === 0) this.clock.after(COLLECT_MS, () => this.askAll());
      const others = this.waiting.get(participant) ?? [];
      this.waiting.set(participant, [...others, { resolve }]);
    });
  }

  private askAll(): void {
    const all = [...this.waiting];
    this.waiting = new Map();
    for (let i = 0; i < all.length; i += MAX_BATCH) void this.askFor(all.slice(i, i + MAX_BATCH));
  }

  private async askFor(batch: readonly (readonly [string, readonly Waiting[]])[]): Promise<void> {
    const participants = batch.map(([participant]) => participant);
    const answer = await this.within(askOwner(this.ask, { kind: "enter", room: this.room, participants })).catch(() => null);
    for (const [i, [participant, waiting]] of batch.entries()) {
      const found =
        answer === null || answer instanceof Refusal ? answer : (answer.people[i] ?? new Refusal("removed-from-lesson"));
      for (const { resolve } of waiting) resolve(this.result(participant, found));
    }
  }

  private result(participant: string, found: RoomPerson | Refusal | null): FoundPerson | Refusal {
    if (found instanceof Refusal) {
      this.known.delete(participant);
      return found;
    }
    if (found) this.known.set(participant, found);
    const known = this.known.get(participant);
    return { person: known ?? { id: participant, ...UNNAMED }, isSure: found !== null, isKnown: known !== undefined };
  }

  private async within<T>(answer: Promise<T>): Promise<T> {
    let cancel = (): void => {};
    const late = new Promise<never>((_, reject) => {
      cancel = this.clock.after(WITHIN_MS, () => reject(new OwnerAway("no answer in time")));
    });
    return await Promise.race([answer, late]).finally(() => cancel());
  }
}
