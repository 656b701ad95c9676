/** Each visible entry reaches each member once, in order, however updates and members come and go: a property test. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { RoomAudience, RoomEntry, RoomPosition } from "@lectern/room";
import fc from "fast-check";
import { ManualClock } from "../../platform/clock.ts";
import { openTestRoom, person, TestLine, TestOwner } from "./test-owner.ts";

const PEOPLE = ["a", "b", "c"];
const TEACHER = "t";
const everyone = [...PEOPLE, TEACHER];
type Audience = "all" | "staff" | "a" | "b" | "c" | "ab" | "bc";
type Step =
  | { readonly do: "entry"; readonly from: string | null; readonly to: Audience }
  /** Of the updates that a worker has not got: which one, and whether it is kept to come again. */
  | { readonly do: "deliver"; readonly worker: number; readonly which: number; readonly again: boolean }
  | { readonly do: "lose"; readonly worker: number }
  | { readonly do: "join"; readonly who: string; readonly worker: number }
  | { readonly do: "leave"; readonly who: string }
  | { readonly do: "slow"; readonly who: string; readonly pending: number }
  | { readonly do: "owner"; readonly isAway: boolean }
  | { readonly do: "signal"; readonly worker: number; readonly count: number }
  | { readonly do: "pass"; readonly milliseconds: number };

const who = fc.constantFrom(...everyone);
const worker = fc.nat(1);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant("entry"),
      from: fc.option(who),
      to: fc.constantFrom<Audience>("all", "all", "staff", "a", "b", "c", "ab", "bc"),
    }),
  },
  { weight: 6, arbitrary: fc.record({ do: fc.constant("deliver"), worker, which: fc.nat(3), again: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("lose"), worker }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("join"), who, worker }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("leave"), who }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("slow"), who, pending: fc.constantFrom(0, 20_000) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("owner"), isAway: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("signal"), worker, count: fc.nat(9) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("pass"), milliseconds: fc.constantFrom(0, 20, 250, 1000) }) },
);

/** What a client has: it starts with a snapshot, and returns with its position. */
class Client {
  position: RoomPosition | null = null;
  /** The first entry that it can have. */
  since = 0;
  readonly shown: number[] = [];
  line = new TestLine();
  private read = 0;

  /** Reads what was written since. */
  catchUp(): void {
    for (const frame of this.line.frames.slice(this.read)) {
      if (frame.epoch === undefined || frame.seq === undefined) continue;
      if (frame.snapshot && frame.epoch !== "") this.since = Math.max(this.since, frame.seq);
      this.shown.push(...(frame.entries ?? []).map(({ seq }) => seq));
      this.position = { epoch: frame.epoch, seq: frame.seq };
    }
    this.read = this.line.frames.length;
  }

  connect(): RoomPosition | null {
    this.catchUp();
    this.line = new TestLine();
    this.read = 0;
    return this.position?.epoch === "" ? null : this.position;
  }
}

function isVisible(entry: RoomEntry, id: string): boolean {
  if (entry.to === "all" || id === TEACHER) return true;
  if (entry.from?.id === id) return true;
  if (entry.to === "staff") return false;
  return "members" in entry.to ? entry.to.members.includes(id) : entry.to.participant === id;
}

/** Of two letters: those two people are in a group. */
function audienceOf(to: Audience): RoomAudience {
  if (to === "all" || to === "staff") return to;
  return to.length > 1 ? { members: [...to] } : { participant: to };
}

async function run(steps: readonly Step[]): Promise<void> {
  const owner = new TestOwner();
  const clock = new ManualClock();
  const workers = [0, 1].map(() => ({ ...openTestRoom(owner, clock), behind: [] as (typeof owner.updates)[number][] }));
  const clients = new Map(everyone.map((id) => [id, { client: new Client(), leave: (): void => {} }]));
  await workers[0]!.pass();
  const perform = async (one: Step): Promise<void> => {
    switch (one.do) {
      case "entry": {
        const to = audienceOf(one.to);
        owner.append({ kind: "chat", to, key: null, body: {}, ...(one.from ? { from: person(one.from) } : {}) });
        for (const { behind } of workers) behind.push(...owner.updates);
        owner.updates.length = 0;
        return;
      }
      case "deliver": {
        const { behind, room } = workers[one.worker]!;
        const [update] = behind
          .splice(one.which, one.again ? 0 : 1)
          .concat(one.again ? behind.slice(one.which, one.which + 1) : []);
        if (update) room.take(update);
        return;
      }
      case "lose":
        return void workers[one.worker]!.behind.shift();
      case "join":
      case "leave": {
        const known = clients.get(one.who)!;
        known.leave();
        known.leave = () => {};
        const after = known.client.connect();
        if (one.do === "leave") return;
        const { join, room } = workers[one.worker]!;
        const { member } = join(one.who, { role: one.who === TEACHER ? "staff" : "guest", after, line: known.client.line });
        known.leave = () => room.leave(member);
        return;
      }
      case "slow":
        clients.get(one.who)!.client.line.pending = one.pending;
        return;
      case "owner":
        owner.isAway = one.isAway;
        return;
      case "signal":
        return workers[one.worker]!.room.setSignal({ kind: "state", key: "", to: "all", body: { count: one.count } });
      case "pass":
        await workers[0]!.pass(one.milliseconds);
    }
  };
  for (const one of steps) await perform(one);
  // Everything works again, and everybody returns.
  owner.isAway = false;
  for (const [id, { client }] of clients) {
    client.line.pending = 0;
    await perform({ do: "join", who: id, worker: 1 });
  }
  await workers[0]!.pass(12_000);
  for (const [id, { client }] of clients) {
    client.catchUp();
    const expected = owner.entries.filter((entry) => entry.seq > client.since && isVisible(entry, id)).map(({ seq }) => seq);
    assert.deepEqual(client.shown, expected, `entries of ${id} after ${client.since}`);
  }
  for (const { room } of workers) room.close();
}

test("followers with lost, repeated and reordered updates, and members that return, show each visible entry once, in order", async () => {
  await fc.assert(fc.asyncProperty(fc.array(step, { maxLength: 60 }), run), { numRuns: 150 });
});
