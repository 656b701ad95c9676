/** Rooms of control processes that share a database: one sequence for all, whatever is lost, repeated or restarted. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { RoomEntry } from "@lectern/room";
import fc from "fast-check";
import { z } from "zod";
import type { RoomRequest, RoomUpdate } from "../../contracts/rooms/room-requests.ts";
import { newId } from "../../platform/id.ts";
import type { Lesson } from "../foundation/store/tables.ts";
import {
  insertLesson,
  insertSchool,
  insertUser,
  openTestDatabase,
  silentLog,
  type TestDatabase,
} from "../foundation/store/test-database.ts";
import { type Domain, oneByOne } from "./domain.ts";
import { Rooms } from "./rooms.ts";

let database: TestDatabase;
before(async () => {
  database = await openTestDatabase();
});
after(() => database.close());

/** Says what is asked of it; `fail` fails the whole group, as a fault of a domain would. */
const echo: Domain<{ readonly text: string }> = {
  kind: "chat",
  body: z.strictObject({ text: z.string() }),
  decide: oneByOne((_room, { body }) => {
    if (body.text === "fail") throw new Error("a fault of the domain");
    return { entries: [{ kind: "chat", to: "all", key: `chat/${newId()}`, body }] };
  }),
};

async function lessonWith(people: number): Promise<{ readonly lesson: Lesson; readonly participants: string[] }> {
  const { db } = database;
  const school = await insertSchool(db);
  const lesson = await insertLesson(db, school.id);
  const participants = Array.from({ length: people }, () => newId());
  const row = { lesson_id: lesson.id, role: "guest" as const, by_code: true, seen_at: new Date(), joined_at: new Date() };
  for (const id of participants)
    await db
      .insertInto("participants")
      .values({ ...row, id, name: `Guest ${id}` })
      .execute();
  return { lesson, participants };
}

class Cluster {
  readonly updates: RoomUpdate[] = [];
  readonly nodes = new Map<string, Rooms>();
  private started = 0;

  start(node: string): Rooms {
    const rooms = new Rooms({
      db: database.db,
      log: silentLog,
      domains: [echo as Domain],
      now: Date.now,
      links: {
        self: `${node}/${++this.started}`,
        isNodeUp: (other) => this.nodes.has(other),
        askAt: (other, request) => this.at(other).request(request),
        onUpdate: (update) => this.updates.push(update),
      },
      openPresence: async () => ({ report: () => {}, people: () => new Set(), close: async () => {} }),
      onDeliveriesQueued: () => {},
      onCommitted: () => {},
    });
    this.nodes.set(node, rooms);
    return rooms;
  }

  at(node: string): Rooms {
    const rooms = this.nodes.get(node);
    if (!rooms) throw new Error(`node ${node} is gone`);
    return rooms;
  }

  /** As by SIGKILL: nothing is given back. */
  kill(node: string): void {
    this.nodes.delete(node);
  }

  async ask(node: string, request: RoomRequest) {
    const answer = await this.at(node).request(request);
    return answer.kind === "elsewhere" ? await this.at(answer.node).request(request) : answer;
  }

  async send(node: string, lesson: Lesson, participant: string, id: string, text = id) {
    const action = { participant, id, kind: "chat", mediaTime: null, body: { text } };
    const answer = await this.ask(node, { kind: "send", room: lesson.id, actions: [action] });
    assert.equal(answer.kind, "send");
    return answer.kind === "send" ? answer.results[0] : undefined;
  }

  async close(): Promise<void> {
    for (const rooms of this.nodes.values()) await rooms.close();
  }
}

async function stored(lesson: Lesson): Promise<{ seq: number; id: string }[]> {
  return await database.db
    .selectFrom("room_entries")
    .select(["seq", "id"])
    .where("lesson_id", "=", lesson.id)
    .orderBy("seq")
    .execute();
}

test("actions get numbers from 1 in their order; a repeated action does nothing and has the same answer", async () => {
  const { lesson, participants } = await lessonWith(2);
  const [anna = "", ben = ""] = participants;
  const cluster = new Cluster();
  cluster.start("a");
  assert.deepEqual(await cluster.send("a", lesson, anna, "1"), { seq: 1 });
  assert.deepEqual(await cluster.send("a", lesson, ben, "1"), { seq: 2 });
  const repeated = await Promise.all([1, 2, 3].map(() => cluster.send("a", lesson, anna, "1")));
  assert.deepEqual(repeated, [{ seq: 1 }, { seq: 1 }, { seq: 1 }]);
  assert.equal((await stored(lesson)).length, 2);
  assert.deepEqual(
    cluster.updates.flatMap(({ entries }) => entries.map(({ seq, from }) => [seq, from?.id])),
    [
      [1, anna],
      [2, ben],
    ],
  );
  await cluster.close();
});

test("beyond an allowance an action is acknowledged where it was done, by the next process too, and refused elsewhere", async () => {
  const { lesson, participants } = await lessonWith(1);
  const [participant = ""] = participants;
  const cluster = new Cluster();
  cluster.start("a");
  await cluster.send("a", lesson, participant, "1");
  const again = async (id: string) => {
    const action = { participant, id, kind: "chat", mediaTime: null, body: { text: id }, wait: 3 };
    const answer = await cluster.ask("a", { kind: "send", room: lesson.id, actions: [action] });
    return answer.kind === "send" ? answer.results[0] : undefined;
  };
  assert.deepEqual(await again("1"), { seq: 1 });
  const refused = { refused: "too-many", detail: "You are sending too much at once. Wait a moment.", retryAfter: 3 };
  assert.deepEqual(await again("2"), refused);
  cluster.kill("a");
  cluster.start("a");
  assert.deepEqual([await again("1"), await again("2")], [{ seq: 1 }, refused]);
  assert.equal((await stored(lesson)).length, 1);
  await cluster.close();
});

test("who reads a room from the beginning gets the newest entries with what newcomers get; older ones come in pages", async () => {
  const { lesson, participants } = await lessonWith(1);
  const [anna = ""] = participants;
  const cluster = new Cluster();
  cluster.start("a");
  for (let batch = 0; batch < 4; batch++)
    await Promise.all(Array.from({ length: 100 }, (_, n) => cluster.send("a", lesson, anna, `${batch * 100 + n}`)));
  const read = await cluster.ask("a", { kind: "read", room: lesson.id, after: null, recent: 50 });
  assert.ok(read.kind === "read");
  const { content } = read;
  assert.deepEqual([content.head, content.isNext, content.entries.length, content.recent?.length], [400, false, 300, 50]);
  assert.deepEqual([content.recent?.[0]?.seq, content.recent?.at(-1)?.seq], [351, 400]);
  const seqs: number[] = [];
  for (let before = 401; ; before = seqs.at(-1) ?? 0) {
    const page = await cluster.ask("a", { kind: "older", room: lesson.id, epoch: content.epoch, before });
    assert.ok(page.kind === "older");
    if (page.entries.length === 0) break;
    seqs.push(...page.entries.map(({ seq }) => seq));
  }
  assert.deepEqual(
    seqs,
    Array.from({ length: 400 }, (_, i) => 400 - i),
  );
  await cluster.close();
});

test("strangers, people of other lessons, and unknown kinds are refused", async () => {
  const { lesson, participants } = await lessonWith(1);
  const other = await lessonWith(1);
  const cluster = new Cluster();
  cluster.start("a");
  const stranger = await cluster.send("a", lesson, other.participants[0] ?? "", "1");
  assert.equal(stranger && "refused" in stranger && stranger.refused, "removed-from-lesson");
  const action = { participant: participants[0] ?? "", id: "1", kind: "magic", mediaTime: null, body: {} };
  const answer = await cluster.ask("a", { kind: "send", room: lesson.id, actions: [action, { ...action, kind: "chat" }] });
  assert.deepEqual(answer.kind === "send" && answer.results.map((result) => "refused" in result && result.refused), [
    "bad-request",
    "bad-request",
  ]);
  assert.deepEqual(await cluster.ask("a", { kind: "read", room: newId(), after: null }), {
    kind: "refused",
    code: "no-such-lesson",
  });
  await cluster.close();
});

test("an action that a domain fails at does not fail the others of its group", async () => {
  const { lesson, participants } = await lessonWith(1);
  const [anna = ""] = participants;
  const cluster = new Cluster();
  cluster.start("a");
  const results = await Promise.allSettled(["x", "fail", "y"].map((text, i) => cluster.send("a", lesson, anna, String(i), text)));
  assert.deepEqual(
    results.map(({ status }) => status),
    ["fulfilled", "rejected", "fulfilled"],
  );
  assert.deepEqual(
    (await stored(lesson)).map(({ id }) => id),
    ["0", "2"],
  );
  await cluster.close();
});

test("teachers of the lesson are staff, students members, and people without an account guests", async () => {
  const { db } = database;
  const school = await insertSchool(db);
  const [teacher, student] = [await insertUser(db, school.id, "teacher"), await insertUser(db, school.id, "student")];
  const lesson = await insertLesson(db, school.id, { teacher_id: teacher.id });
  const row = { lesson_id: lesson.id, by_code: false, seen_at: new Date(), joined_at: new Date(), name: "x" };
  const ids = [newId(), newId(), newId()];
  const people = [
    { user_id: teacher.id, role: "teacher" as const },
    { user_id: student.id, role: "student" as const },
    { user_id: null, role: "guest" as const },
  ];
  for (const [i, person] of people.entries())
    await db
      .insertInto("participants")
      .values({ ...row, ...person, id: ids[i] ?? "" })
      .execute();
  const cluster = new Cluster();
  cluster.start("a");
  const answer = await cluster.ask("a", { kind: "enter", room: lesson.id, participants: [...ids, "nobody"] });
  assert.deepEqual(answer.kind === "enter" && answer.people.map((person) => person?.role ?? null), [
    "staff",
    "member",
    "guest",
    null,
  ]);
  await cluster.close();
});

test("two processes have one owner; when it is gone, the other goes on with the next term and the same entries", async () => {
  const { lesson, participants } = await lessonWith(1);
  const [anna = ""] = participants;
  const cluster = new Cluster();
  cluster.start("a");
  cluster.start("b");
  await Promise.all(["1", "2", "3", "4"].map((id, i) => cluster.send(i % 2 ? "a" : "b", lesson, anna, id)));
  assert.equal(new Set(cluster.updates.map(({ term }) => term)).size, 1);
  const owner = cluster.at("a")["open"].has(lesson.id) ? "a" : "b";
  cluster.kill(owner);
  const other = owner === "a" ? "b" : "a";
  assert.deepEqual(await cluster.send(other, lesson, anna, "5"), { seq: 5 });
  const answer = await cluster.ask(other, { kind: "read", room: lesson.id, after: null });
  assert.equal(answer.kind === "read" && answer.content.term, 2);
  assert.equal(answer.kind === "read" && answer.content.entries.length, 5);
  await cluster.close();
});

test("an owner whose room was claimed by another stores nothing more", async () => {
  const { lesson, participants } = await lessonWith(1);
  const [anna = ""] = participants;
  const cluster = new Cluster();
  const old = cluster.start("a");
  await cluster.send("a", lesson, anna, "1");
  // The node was taken for gone, and is not.
  cluster.kill("a");
  cluster.start("b");
  await cluster.send("b", lesson, anna, "2");
  const action = { participant: anna, id: "3", kind: "chat", mediaTime: null, body: { text: "late" } };
  await assert.rejects(old.request({ kind: "send", room: lesson.id, actions: [action] }), { name: "TermLost" });
  assert.deepEqual(
    (await stored(lesson)).map(({ id }) => id),
    ["1", "2"],
  );
  await old.close();
  await cluster.close();
});

test("a room without people and actions is given back after two minutes, and goes on when it is asked again", async () => {
  const { lesson, participants } = await lessonWith(1);
  const [anna = ""] = participants;
  const cluster = new Cluster();
  const rooms = cluster.start("a");
  await cluster.send("a", lesson, anna, "1");
  const isOpenAfter = async (seconds: number): Promise<boolean> => {
    const open = rooms["open"].get(lesson.id);
    if (open) open.usedAt = performance.now() - seconds * 1000;
    await rooms["sweep"]();
    return rooms["open"].has(lesson.id);
  };
  assert.deepEqual([await isOpenAfter(115), await isOpenAfter(125)], [true, false]);
  assert.deepEqual(await cluster.send("a", lesson, anna, "2"), { seq: 2 });
  await cluster.close();
});

type Step =
  | { readonly kind: "send"; readonly node: "a" | "b"; readonly who: number; readonly id: number }
  | { readonly kind: "lose" }
  | { readonly kind: "restart"; readonly node: "a" | "b" };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("send" as const),
      node: fc.constantFrom("a" as const, "b" as const),
      who: fc.nat(2),
      id: fc.nat(6),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("lose" as const) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("restart" as const), node: fc.constantFrom("a" as const, "b" as const) }) },
);

test("any interleaving of sends, repeats, lost updates and owner changes ends in the same sequence for all", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
      const { lesson, participants } = await lessonWith(3);
      const cluster = new Cluster();
      for (const node of ["a", "b"]) cluster.start(node);
      const acknowledged = new Map<string, number>();
      let waiting: Promise<unknown>[] = [];
      for (const one of steps) {
        if (one.kind === "lose") cluster.updates.length = 0;
        else if (one.kind === "restart") {
          cluster.kill(one.node);
          cluster.start(one.node);
        } else {
          const [who = "", id] = [participants[one.who], String(one.id)];
          waiting.push(
            cluster.send(one.node, lesson, who, id).then(
              (result) => {
                if (!result || "refused" in result) return;
                const key = `${who}/${id}`;
                assert.equal(acknowledged.get(key) ?? result.seq, result.seq, "a repeated action has another number");
                acknowledged.set(key, result.seq);
              },
              // Its owner was gone: the sender sends it again.
              () => {},
            ),
          );
          if (waiting.length >= 4) {
            await Promise.all(waiting);
            waiting = [];
          }
        }
      }
      await Promise.all(waiting);
      const rows = await stored(lesson);
      assert.deepEqual(
        rows.map(({ seq }) => seq),
        rows.map((_, i) => i + 1),
        "numbers without holes",
      );
      const all = await database.db.selectFrom("room_entries").selectAll().where("lesson_id", "=", lesson.id).execute();
      for (const [key, seq] of acknowledged)
        assert.equal(all.filter((row) => `${row.from_id}/${row.id}` === key && row.seq === seq).length, 1);
      const seen = new Map<number, RoomEntry>();
      for (const { entries } of cluster.updates)
        for (const entry of entries) {
          assert.equal(seen.has(entry.seq), false, "an entry was told twice");
          seen.set(entry.seq, entry);
        }
      for (const [seq, entry] of seen) assert.equal(all.find((row) => row.seq === seq)?.id, entry.id);
      await cluster.close();
    }),
    { numRuns: 15 },
  );
});
