/** Rooms on a running server: who may enter, what they are told first, and the state of a lesson as its room's signal. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import WebSocket from "ws";
import { sharedLectern } from "./fixtures.ts";
import { until } from "./lectern.ts";
import { done, push } from "./lesson-client.ts";
import { RoomClient } from "./room-client.ts";
import { pidOf } from "./worker-connections.ts";

type State = { readonly kind: string; readonly state: string; readonly viewers: number };

/** Collects the states of a lesson, as its room tells them. */
function enter(url: string) {
  const webSocket = new WebSocket(url, "lectern.room.v1");
  const states: State[] = [];
  const firsts: { readonly you: unknown; readonly epoch: string }[] = [];
  let closed = 0;
  webSocket.on("message", (text: Buffer) => {
    const frame = JSON.parse(String(text));
    if (frame.you) firsts.push(frame);
    states.push(...frame.signals.filter(({ kind }: State) => kind === "state"));
  });
  webSocket.on("close", (code) => {
    closed = code;
  });
  webSocket.on("error", () => {});
  return { webSocket, states, firsts, closed: () => closed };
}

async function refusal(url: string): Promise<[status: number, code: string]> {
  const [, answer] = await once(new WebSocket(url, "lectern.room.v1"), "unexpected-response");
  let body = "";
  for await (const piece of answer) body += piece;
  return [answer.statusCode, JSON.parse(body).code];
}

test("a participant gets the lesson's state and its changes, and is cut off when removed; others are refused", async (t) => {
  const lectern = await sharedLectern({ workers: "2" });
  const lesson = await done(lectern, "POST", "/lessons", { title: "Maths" });
  const { viewer, play } = await done(lectern, "POST", `/lessons/${lesson.code}/join`, { name: "Anna" });
  const room = `${lectern.http.replace("http:", "ws:")}/api/v1/rooms/${lesson.code}/socket`;
  const link = play.flv.split("?")[1];
  assert.deepEqual(await refusal(room), [401, "not-signed-in"]);
  assert.deepEqual(await refusal(room.replace(lesson.code, "ABCD-2345")), [404, "no-such-lesson"]);
  assert.equal((await fetch(room.replace("ws:", "http:"))).status, 400);

  const anna = enter(`${room}?${link}`);
  t.after(() => anna.webSocket.terminate());
  await until(() => anna.firsts.length > 0, "a snapshot");
  assert.equal(anna.webSocket.protocol, "lectern.room.v1");
  assert.deepEqual(anna.firsts[0]?.you, { id: viewer, name: "Anna", role: "guest" });
  assert.notEqual(anna.firsts[0]?.epoch, "");
  assert.equal(anna.states[0]?.state, "scheduled");
  push(t, lesson.stream.rtmpUrl);
  await until(() => anna.states.at(-1)?.state === "live", "the lesson to be live");
  await done(lectern, "POST", `/lessons/${lesson.id}/end`);
  await until(() => anna.states.at(-1)?.state === "ended", "the lesson to be ended");

  await done(lectern, "DELETE", `/lessons/${lesson.id}/participants/${viewer}`);
  await until(() => anna.closed() === 1008, "the removed participant to be closed");
  assert.deepEqual(await refusal(`${room}?${link}`), [403, "removed-from-lesson"]);
});

test("while the control process does not answer, people stay and come back, and what they write is stored once it does", async (t) => {
  const lectern = await sharedLectern();
  const lesson = await done(lectern, "POST", "/lessons", { title: "Maths" });
  const people = [];
  for (const name of ["Anna", "Ben"]) {
    const { play } = await done(lectern, "POST", `/lessons/${lesson.code}/join`, { name });
    const address = `${lectern.http.replace("http", "ws")}/api/v1/rooms/${lesson.code}/socket${new URL(play.hls).search}`;
    const client = new RoomClient(() => address);
    t.after(() => client.close());
    await until(() => client.you?.name === name, `${name} in the room`);
    people.push(client);
  }
  const [anna, ben] = people as [RoomClient, RoomClient];
  await anna.send("chat", { text: "before" });
  const control = pidOf(lectern, "control");
  process.kill(control, "SIGSTOP");
  t.after(() => process.kill(control, "SIGCONT"));
  ben.cut();
  ben.you = null;
  const sent = anna.send("chat", { text: "meanwhile" });
  await until(() => ben.you?.name === "Ben", "Ben back in the room", 10_000);
  assert.equal(anna.acknowledged.size, 1);
  process.kill(control, "SIGCONT");
  assert.ok((await sent).seq);
  assert.ok((await ben.send("chat", { text: "after" })).seq);
  for (const person of people) {
    await person.saw(({ text }) => text === "after", "the last line");
    assert.deepEqual([person.texts("chat"), person.faults], [["before", "meanwhile", "after"], []]);
  }
  assert.deepEqual([anna.connections, ben.connections], [1, 2]);
});
