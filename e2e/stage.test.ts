/**
 * The stage of a class and small lessons on a running server: who may publish `NAME~USER`, by RTMP, and what happens to a stream when its member
 * may not any more. The people are clients of the room.
 */
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { sharedLectern } from "./fixtures.ts";
import { type Lectern, until } from "./lectern.ts";
import { ask, type Body, done, push, watch } from "./lesson-client.ts";
import { long } from "./long-tests.ts";
import { enterRoom, type RoomClient } from "./room-client.ts";

const PASSWORD = "sunlit-harbour-42";
/** `docs/reliability` gives five seconds for a person who is removed. */
const AT_ONCE_MS = 5000;

type Member = { readonly client: RoomClient; readonly id: string };
type Class = {
  readonly server: Lectern;
  readonly lesson: Body;
  readonly teacher: Member;
  readonly student: (name: string) => Promise<Member>;
};

async function openClass(t: TestContext, fields: object = {}): Promise<Class> {
  const server = await sharedLectern({ workers: "2" });
  const slug = `stage-${Math.random().toString(36).slice(2, 10)}`;
  const { id: schoolId } = await done(server, "POST", "/schools", { slug, name: slug });
  const person = { schoolId, login: slug, name: "Wang Fang", role: "teacher", password: PASSWORD };
  const { id: teacherId } = await done(server, "POST", "/users", person);
  const lesson = await done(server, "POST", "/lessons", { schoolId, title: "Fractions", teacherId, ...fields });
  const { token } = (await ask(server, "POST", "/sessions", { school: slug, login: slug, password: PASSWORD }, null)).body;
  const member = async (name: string, session: string | null): Promise<Member> => {
    const { status, body } = await ask(server, "POST", `/lessons/${lesson.code}/join`, session === null ? { name } : {}, session);
    assert.equal(status, 200, JSON.stringify(body));
    const client = await enterRoom(server.http, lesson.code, body.play.flv);
    t.after(() => client.close());
    return { client, id: body.viewer };
  };
  return { server, lesson, teacher: await member("", token), student: (name) => member(name, null) };
}

/** The code of the refusal. A person who has just come is known to the room's owner within a second. */
async function invite({ server, lesson, teacher }: Class, { id }: Member): Promise<string | undefined> {
  await until(async () => {
    const { items } = await done(server, "GET", `/lessons/${lesson.id}/room/people`);
    return items.some((one: Body) => one.id === id);
  }, "the person to be known");
  return (await teacher.client.send("stage", { action: "invite", person: id })).code;
}

async function bring(of: Class, member: Member): Promise<void> {
  assert.equal(await invite(of, member), undefined);
  assert.equal((await member.client.send("stage", { action: "accept", camera: true })).code, undefined);
}

async function keys({ client }: Member): Promise<Body> {
  return (await client.send("stage", { action: "key" })).answer;
}

/** The address to publish at, by RTMP. */
const address = ({ server }: Class, name: string, key: string) => `${server.rtmp}/live/${name}?key=${key}`;

test("who is called on publishes until the stage is left, and nobody else does", async (t) => {
  const of = await openClass(t);
  const { server, lesson } = of;
  const [anna, ben] = [await of.student("Anna"), await of.student("Ben")];
  const own = `${lesson.stream.name}~${anna.id}`;
  const refusedAt = async (name: string, key: string) => (await push(t, address(of, name, key)).done).said;
  assert.match(await refusedAt(own, lesson.stream.publishKey), /bad-key/);
  assert.match(await refusedAt(own, "member.9999999999.".padEnd(81, "a")), /bad-key/);
  assert.equal((await keys(anna)).publish, null);
  await bring(of, anna);
  const { publish } = await keys(anna);
  assert.equal(publish.name, own);
  assert.match(await refusedAt(`${lesson.stream.name}~${ben.id}`, publish.key), /bad-key/, "the key is Anna's");
  assert.match(await refusedAt(lesson.stream.name, publish.key), /bad-key/, "and not the lesson's");
  const other = await openClass(t);
  assert.match(await refusedAt(`${other.lesson.stream.name}~${anna.id}`, publish.key), /bad-key/);
  const run = push(t, address(of, own, publish.key));
  await server.stream(own, (stream) => stream.video !== null);
  assert.notEqual((await done(server, "GET", `/lessons/${lesson.id}`)).state, "live", "who is called on does not begin the lesson");
  const before = performance.now();
  assert.equal((await anna.client.send("stage", { action: "leave" })).code, undefined);
  await run.done;
  assert.ok(performance.now() - before < AT_ONCE_MS);
  assert.match(await refusedAt(own, publish.key), /not-on-stage/, "with the key of before");
  assert.doesNotMatch(server.said(), /member\.\d{10}/);
});

long(
  "a teacher who ends it, and one who removes the person from the lesson, end the stream at once, for its viewers too",
  async (t) => {
    const of = await openClass(t);
    const { server, lesson, teacher } = of;
    for (const how of ["stage", "room", "api"] as const) {
      const anna = await of.student(`Anna ${how}`);
      await bring(of, anna);
      const { publish } = await keys(anna);
      const run = push(t, address(of, publish.name, publish.key));
      await server.stream(publish.name, (stream) => stream.video !== null);
      const { play } = await keys(teacher);
      const viewer = watch(`${server.http}/live/${publish.name}.flv${play.query}`);
      await until(() => viewer.bytes() > 10_000, "Anna's picture");
      const before = performance.now();
      if (how === "stage") await teacher.client.send("stage", { action: "remove", person: anna.id });
      else if (how === "room") await teacher.client.send("moderation", { action: "remove", person: anna.id });
      else await ask(server, "DELETE", `/lessons/${lesson.id}/participants/${anna.id}`);
      await Promise.all([run.done, viewer.ended]);
      assert.ok(performance.now() - before < AT_ONCE_MS, how);
      const said = (await push(t, address(of, publish.name, publish.key)).done).said;
      assert.match(said, how === "stage" ? /not-on-stage/ : /removed-from-lesson/);
      // Who was removed hears no more of the room, perhaps not even this.
      if (how === "room") await teacher.client.saw((entry) => entry.key === `stage/${anna.id}` && entry.gone, "that Anna is off");
    }
  },
);

long("of twenty people invited in parallel, four are; every page sees the same four", async (t) => {
  const of = await openClass(t);
  const students = await Promise.all(Array.from({ length: 20 }, (_, i) => of.student(`S${i}`)));
  await until(() => of.teacher.client.signals.get("people ")?.count === 21, "everybody");
  const codes = await Promise.all(
    students.map(async ({ id }, i) => (await of.teacher.client.send("stage", { action: "invite", person: id }, `all${i}`)).code),
  );
  assert.deepEqual([codes.filter((code) => code === undefined).length, codes.filter((code) => code === "full").length], [4, 16]);
  const accepted = await Promise.all(students.map(async ({ client }) => (await client.send("stage", { action: "accept" })).code));
  assert.equal(accepted.filter((code) => code === undefined).length, 4);
  const late = await of.student("Late");
  const on = late.client.entries.filter((entry) => entry.kind === "stage" && entry.state === "on");
  assert.equal(on.length, 4, "newcomers get the stage with the snapshot");
});

long(
  "in a small lesson everybody watches everybody; the lesson is live by its teacher, ends with its people, and keeps a track of each",
  async (t) => {
    const of = await openClass(t, { mode: "small" });
    const { server, lesson, teacher } = of;
    assert.equal(lesson.capacity, 16);
    const anna = await of.student("Anna");
    const ownKeys = [await keys(anna), await keys(teacher)];
    const [annas, teachers] = ownKeys.map(({ publish }) => push(t, address(of, publish.name, publish.key)));
    for (const { publish } of ownKeys) await server.stream(publish.name, (stream) => stream.video !== null);
    await until(async () => (await done(server, "GET", `/lessons/${lesson.id}`)).state === "live", "the lesson to be live");
    const reported = await done(server, "GET", `/lessons/${lesson.id}/stream`);
    const published = ownKeys.map(({ publish }) => publish.name).sort();
    assert.deepEqual([reported.stream, reported.members.map(({ name }: Body) => name)], [null, published]);
    await done(server, "POST", `/lessons/${lesson.id}/record`, { action: "start" });
    const viewers = [
      watch(`${server.http}/live/${ownKeys[1].publish.name}.flv${ownKeys[0].play.query}`),
      watch(`${server.http}/live/${ownKeys[0].publish.name}.flv${ownKeys[1].play.query}`),
    ];
    for (const viewer of viewers) await until(() => viewer.bytes() > 10_000, "each other's picture");
    const stranger = watch(`${server.http}/live/${ownKeys[0].publish.name}.flv`);
    assert.equal(await stranger.ended, "not-signed-in");
    const still = `${server.http}/live/${ownKeys[0].publish.name}.jpg`;
    const [{ items: all }, refused] = [await done(server, "GET", "/streams?limit=200"), await fetch(still)];
    assert.equal(refused.status, 401, await refused.text());
    const { still: ofPerson } = all.find(({ name }: Body) => name === ownKeys[0].publish.name);
    const image = await until(async () => {
      const answer = await fetch(new URL(ofPerson, server.http));
      return answer.status === 200 ? answer : null;
    }, "a still of a person");
    assert.deepEqual([...new Uint8Array(await image.arrayBuffer()).subarray(0, 2)], [0xff, 0xd8], "a JPEG");
    const kept = async () => (await done(server, "GET", `/recordings?lessonId=${lesson.id}`)).items;
    await until(async () => (await kept()).length === 2, "both to be recorded");
    await done(server, "POST", `/lessons/${lesson.id}/end`);
    await Promise.all([annas?.done, teachers?.done, ...viewers.map(({ ended }) => ended)]);
    const tracks = await until(async () => {
      const items = await kept();
      return items.length === 2 && items.every((item: Body) => item.whole) ? items : null;
    }, "both tracks");
    assert.deepEqual(tracks.map((track: Body) => track.title).sort(), ["Fractions · Anna", "Fractions · Wang Fang"]);
  },
);

long("the seventeenth person of a small lesson is turned away with words", async (t) => {
  const of = await openClass(t, { mode: "small" });
  const { server, lesson } = of;
  for (let i = 0; i < 15; i++) await done(server, "POST", `/lessons/${lesson.code}/join`, { name: `S${i}` });
  const { status, body } = await ask(server, "POST", `/lessons/${lesson.code}/join`, { name: "Late" }, null);
  assert.deepEqual([status, body.code], [503, "lesson-full"]);
  assert.ok(body.detail.length > 10);
});
