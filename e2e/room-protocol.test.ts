/** docs/room-protocol.md is enough to write a client: one that was made from the page alone takes part in lessons, through restarts of everything. */
import assert from "node:assert/strict";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { sharedLectern } from "./fixtures.ts";
import { type Lectern, type Scope, startLectern, until } from "./lectern.ts";
import { type Body, done } from "./lesson-client.ts";
import { PageClient } from "./page-client.ts";
import { pidOf } from "./worker-connections.ts";

type Place = { http: string };

/** A person who joins as the page's section "Entering" says. */
async function enter(t: Scope, at: Place, code: string, name: string, token?: string) {
  const login = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const response = await fetch(`${at.http}/api/v1/lessons/${code}/join`, {
    method: "POST",
    headers: { "content-type": "application/json", ...login },
    body: JSON.stringify(token === undefined ? { name } : {}),
  });
  const joined: Body = await response.json();
  const { search } = new URL(joined.play.hls);
  const client = new PageClient(() => `${at.http.replace("http", "ws")}/api/v1/rooms/${code}/socket${search}`);
  t.after(() => client.close());
  await until(() => client.you["name"] === name, `${name} in the room`);
  return { client, joined, search };
}

async function teacherOf(server: Lectern) {
  const [school] = (await done(server, "GET", "/schools")).items;
  const login = `teacher-${Math.random().toString(36).slice(2)}`;
  const person = { login, name: "Ms Li", role: "teacher", password: "a long enough passphrase" };
  const { id } = await done(server, "POST", "/users", { ...person, schoolId: school.id });
  const { token } = await done(server, "POST", "/sessions", { login, password: person.password });
  return { id, token };
}

test("the page's client raises hands, is called and invited, and reads each field by the name that the page gives it", async (t) => {
  const server = await sharedLectern({ workers: "2" });
  const { id: teacherId, token } = await teacherOf(server);
  const lesson = await done(server, "POST", "/lessons", { title: "Maths", teacherId });
  const teacher = await enter(t, server, lesson.code, "Ms Li", token);
  const { client: anna, joined } = await enter(t, server, lesson.code, "Anna");
  assert.deepEqual([teacher.client.you["role"], anna.you["role"]], ["staff", "guest"]);

  await anna.send("hand", { action: "raise" });
  await teacher.client.send("hand", { action: "call", person: joined.viewer });
  const hand = await until(() => {
    const entry = anna.held.get(`hand/${joined.viewer}`);
    return entry?.["state"] === "called" ? entry : null;
  }, "the hand called");
  assert.deepEqual([hand.kind, hand["person"], hand["name"], hand["from"]], ["hand", joined.viewer, "Anna", joined.viewer]);

  await teacher.client.send("stage", { action: "invite", person: joined.viewer });
  const invited = await until(() => anna.held.get(`stage/${joined.viewer}`) ?? null, "the invitation");
  assert.deepEqual([invited["personName"], invited["name"], invited["state"]], ["Anna", "Ms Li", "invited"]);
  await until(() => !anna.held.has(`hand/${joined.viewer}`), "the hand lowered by the invitation");
  await anna.send("stage", { action: "accept", microphone: true, camera: false });
  const media = await until(() => teacher.client.held.get(`media/${joined.viewer}`) ?? null, "microphone and camera");
  assert.deepEqual(
    [media.kind, media["personName"], media["personRole"], media["microphone"], media["camera"], media["asked"], media["screen"]],
    ["mute", "Anna", "guest", true, false, null, "none"],
  );

  const line = await anna.send("chat", { text: "Is it\t3/4?" });
  assert.equal(typeof (line["answer"] as { ref?: unknown })?.ref, "string");
  const refused = await anna.send("chat", { text: "" });
  assert.deepEqual([refused.code, String(refused["detail"]).startsWith("text: ")], ["bad-request", true]);
  await until(() => teacher.client.lines().includes("Is it\t3/4?"), "the line with its tab");

  const list = `${server.http}/api/v1/lessons/${joined.lesson.id}/room/entries?kind=chat&limit=5`;
  const listed: Body = await (await fetch(`${list}&token=${joined.token}`)).json();
  assert.deepEqual(
    listed.items.map(({ text }: { text: string }) => text),
    ["Is it\t3/4?"],
  );
  assert.equal((await fetch(list)).status, 404);
  for (const { client } of [teacher, { client: anna }]) assert.deepEqual(client.faults, []);
});

test("through the death of a worker and a restart of everything, the page's client goes on at its position and sends again what it did", async (t) => {
  const place: Place = { http: "" };
  const dataDir = mkdtempSync(join(tmpdir(), "lectern-restart-"));
  const set = { workers: "2", dataDir };
  const first = await startLectern(t, set);
  place.http = first.http;
  const lesson = await done(first, "POST", "/lessons", { title: "Maths" });
  const people = await Promise.all(["Anna", "Ben", "Chen"].map((name) => enter(t, place, lesson.code, name)));
  const [anna, ben] = people.map(({ client }) => client) as [PageClient, PageClient];
  for (let n = 0; n < 15; n++)
    await Promise.all(people.map(({ client }, i) => client.send("chat", { text: `${i} line ${n}` }, `n${n}`)));
  const before = anna.snapshots;
  process.kill(pidOf(first, "media-1"), "SIGKILL");
  for (let n = 15; n < 20; n++) await anna.send("chat", { text: `0 line ${n}` }, `n${n}`);
  const acked = anna.acks.filter(({ code }) => code === undefined);

  await first.stop();
  const second = await startLectern(t, set);
  place.http = second.http;
  await until(() => ben.connections >= 2 && anna.connections >= 2, "people back", 30_000);
  await anna.send("chat", { text: "after the restart" });
  await until(() => people.every(({ client }) => client.lines().includes("after the restart")), "the line after the restart");
  for (const { client } of people) {
    assert.equal(client.lines().length, 51);
    assert.equal(client.snapshots, before, "positions are resumed");
    assert.deepEqual(client.faults, []);
  }

  // A client that has not heard that its lines were stored sends all of them again, at once.
  const repeated = await Promise.all(acked.map(({ id }) => anna.send("chat", { text: "again" }, String(id))));
  assert.deepEqual(
    repeated.map(({ id, seq, answer, code }) => ({ id, seq, answer, code })),
    acked.map(({ id, seq, answer }) => ({ id, seq, answer, code: undefined })),
  );
  assert.equal(anna.lines().length, 51);
});
