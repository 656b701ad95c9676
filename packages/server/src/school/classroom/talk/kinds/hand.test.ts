/** Hands, reactions, announcements and settings of a room. */
import assert from "node:assert/strict";
import { after, before, type TestContext, test } from "node:test";
import { RetainedEntries, type RoomEntry, settingsOf } from "@lectern/room";
import { newId } from "../../../../platform/id.ts";
import { openTestDatabase, type TestDatabase } from "../../../foundation/store/test-database.ts";
import { mutedRefusal } from "../may-talk.ts";
import { ReactionMeter } from "../reaction-meter.ts";
import { person, TestRoom } from "../test-room.ts";

let database: TestDatabase;
before(async () => {
  database = await openTestDatabase();
});
after(() => database.close());

const teacher = person("staff", "Ms Li");
const anna = person("member", "Anna");
const guest = person("guest", "Ben");

async function open(t: TestContext): Promise<TestRoom> {
  const room = await TestRoom.open(database);
  t.after(() => room.close());
  return room;
}

async function handsUp(room: TestRoom): Promise<unknown[]> {
  const hands = [...(await room.retained()).values()].filter(({ kind }) => kind === "hand");
  return hands.map(({ body: { name, state, since } }) => [name, state, since]);
}

test("a hand is up once, is called on and lowered by staff, and lowered by its owner", async (t) => {
  const room = await open(t);
  const start = room.now;
  await room.do(anna, "hand", { action: "raise" });
  room.now += 1000;
  await Promise.all([room.do(guest, "hand", { action: "raise" }), room.do(anna, "hand", { action: "raise" })]);
  assert.deepEqual(await handsUp(room), [
    ["Anna", "raised", start],
    ["Ben", "raised", start + 1000],
  ]);
  assert.equal(await room.refusal(guest, "hand", { action: "call", person: anna.id }), "refused-by-rule");
  assert.equal(await room.refusal(guest, "hand", { action: "lower", person: anna.id }), "refused-by-rule");
  assert.equal(await room.refusal(guest, "hand", { action: "lower-all" }), "refused-by-rule");
  await room.do(teacher, "hand", { action: "call", person: anna.id });
  assert.deepEqual((await handsUp(room)).map((hand) => (hand as unknown[])[1]).sort(), ["called", "raised"]);
  assert.deepEqual((await room.retained()).get(`hand/${anna.id}`)?.from, anna, "pages show whose hand it is");
  await room.do(guest, "hand", { action: "lower" });
  assert.deepEqual(await handsUp(room), [["Anna", "called", start]]);
  await room.do(teacher, "hand", { action: "lower", person: anna.id });
  assert.deepEqual(await handsUp(room), []);
  assert.equal(await room.refusal(teacher, "hand", { action: "call", person: anna.id }), null, "nothing to do");
});

test("all hands go down at once; one that is raised and lowered in one group is down", async (t) => {
  const room = await open(t);
  const people = Array.from({ length: 40 }, (_, i) => person("member", `P${i}`));
  await Promise.all(people.map((who) => room.do(who, "hand", { action: "raise" })));
  assert.equal((await handsUp(room)).length, 40);
  await room.do(teacher, "hand", { action: "lower-all" });
  await Promise.all([room.do(anna, "hand", { action: "raise" }), room.do(anna, "hand", { action: "lower" })]);
  assert.deepEqual(await handsUp(room), []);
});

test("at most as many hands are up as newcomers hear of", async (t) => {
  const room = await open(t);
  const people = Array.from({ length: 301 }, () => person("member"));
  const results = await Promise.all(people.map((who) => room.do(who, "hand", { action: "raise" })));
  assert.deepEqual(
    results.flatMap((result) => ("refused" in result ? [result.refused] : [])),
    ["too-many"],
  );
});

test("the hand of a person who has left goes down after a minute, not that of a person who comes back", async (t) => {
  t.mock.timers.enable({ apis: ["setInterval"] });
  const room = await open(t);
  room.people = new Set([anna.id, guest.id]);
  await Promise.all([anna, guest].map((who) => room.do(who, "hand", { action: "raise" })));
  const tidy = async () => {
    room.now += 20_000;
    t.mock.timers.tick(20_000);
    // Actions are done in their order.
    await room.do(teacher, "hand", { action: "call", person: newId() });
    return (await handsUp(room)).length;
  };
  room.people = new Set();
  for (let i = 0; i < 2; i++) assert.equal(await tidy(), 2);
  room.people = new Set([anna.id]);
  assert.equal(await tidy(), 2);
  assert.equal(await tidy(), 1);
  assert.equal((await handsUp(room)).length, 1);
  for (const who of [anna, teacher]) assert.equal(await room.refusal(who, "hand", { action: "tidy" }), "refused-by-rule");
});

test("hands that are switched off are refused, and lowered still", async (t) => {
  const room = await open(t);
  await room.do(anna, "hand", { action: "raise" });
  await room.do(teacher, "settings", { hands: false });
  assert.equal(await room.refusal(guest, "hand", { action: "raise" }), "switched-off");
  assert.equal(await room.refusal(anna, "hand", { action: "lower" }), null);
  assert.deepEqual(await handsUp(room), []);
});

test("a reaction is sampled, once a second from each person, and counted for staff", async (t) => {
  const room = await open(t);
  assert.equal(await room.refusal(anna, "reaction", { reaction: "lost" }), null);
  assert.equal(await room.refusal(anna, "reaction", { reaction: "up" }), "too-many");
  assert.equal(await room.refusal(guest, "reaction", { reaction: "lost" }), null);
  assert.equal(await room.refusal(guest, "reaction", { reaction: "boo" }), "bad-request");
  assert.deepEqual(
    room.entries.map(({ kind, sampled, key }) => [kind, sampled, key]),
    Array(2).fill(["reaction", true, null]),
  );
  const deadline = Date.now() + 5000;
  while (room.signals.at(-1) === undefined || !/2/.test(JSON.stringify(room.signals.at(-1)?.body))) {
    assert.ok(Date.now() < deadline, JSON.stringify(room.signals));
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  assert.deepEqual(room.signals.at(-1), { kind: "reactions", key: "", to: "staff", body: { counts: { lost: 2 } } });
  room.now += 1000;
  room.shed = ["reactions"];
  assert.equal(await room.refusal(anna, "reaction", { reaction: "up" }), "switched-off");
});

test("the meter forgets reactions after a minute", () => {
  const meter = new ReactionMeter();
  meter.add("up", 500);
  meter.add("up", 1500);
  meter.add("clap", 30_000);
  assert.deepEqual(meter.counts(59_999), { up: 2, clap: 1 });
  assert.deepEqual(meter.counts(60_000), { up: 1, clap: 1 });
  assert.deepEqual(meter.counts(90_000), {});
});

test("staff post and remove announcements, which stay for newcomers", async (t) => {
  const room = await open(t);
  assert.equal(await room.refusal(anna, "announcement", { action: "post", text: "Free!" }), "refused-by-rule");
  const ref = await room.ref(teacher, "announcement", { action: "post", text: "Test on Monday" });
  assert.deepEqual((await room.retained()).get(`announcement/${ref}`)?.body, { ref, text: "Test on Monday" });
  assert.equal(await room.refusal(anna, "announcement", { action: "remove", ref }), "refused-by-rule");
  assert.equal(await room.refusal(teacher, "announcement", { action: "remove", ref }), null);
  assert.equal((await room.retained()).has(`announcement/${ref}`), false);
  assert.equal(await room.refusal(teacher, "announcement", { action: "remove", ref }), "not-found");
});

test("settings change in part, by staff, also two in one group; each change is in the audit log", async (t) => {
  const room = await open(t);
  assert.equal(await room.refusal(anna, "settings", { chat: "off" }), "refused-by-rule");
  assert.equal(await room.refusal(teacher, "settings", { slowSeconds: -1 }), "bad-request");
  await Promise.all([room.do(teacher, "settings", { slowSeconds: 5 }), room.do(teacher, "settings", { roster: false })]);
  const settings = { ...settingsOf(), slowSeconds: 5, roster: false };
  assert.deepEqual((await room.retained()).get("settings")?.body, settings);
  const audit = await database.db.selectFrom("audit").select(["action", "after"]).where("target_id", "=", room.lesson.id).execute();
  assert.deepEqual(audit, [
    { action: "room.settings", after: { slowSeconds: 5 } },
    { action: "room.settings", after: { roster: false } },
  ]);
});

test("a muted person is refused until the time that the teacher chose", () => {
  const retained = new RetainedEntries();
  const mute = (body: Record<string, unknown>): RoomEntry => ({
    seq: 1,
    at: 0,
    mediaTime: null,
    id: "x",
    from: teacher,
    kind: "moderation",
    to: "staff",
    gone: false,
    sampled: false,
    key: `mute/${anna.id}`,
    body,
  });
  assert.equal(mutedRefusal({ retained, now: 0 }, anna), null);
  retained.take(mute({ person: anna.id, until: 5000 }));
  const muted = mutedRefusal({ retained, now: 2000 }, anna);
  assert.deepEqual([muted?.code, muted?.retryAfter], ["muted", 3]);
  assert.equal(mutedRefusal({ retained, now: 5000 }, anna), null);
  retained.take(mute({ person: anna.id, until: null }));
  assert.equal(mutedRefusal({ retained, now: 1e15 }, anna)?.retryAfter, null);
  assert.equal(mutedRefusal({ retained, now: 0 }, guest), null);
});
