/** The picture of a small lesson whose people have published at two nodes: one node reads the other's files. Only with --all, or by name. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { clip } from "./clips.ts";
import { joined, type Node, startNats, startNode } from "./cluster.ts";
import { publish } from "./ffmpeg.ts";
import { until } from "./lectern.ts";
import { ask, type Body, done } from "./lesson-client.ts";
import { RoomClient } from "./room-client.ts";

const PASSWORD = "sunlit-harbour-42";
const SECONDS = 8;

test("the recordings of another node are in the picture; nobody but nodes reads the files", async (t) => {
  const nats = await startNats(t);
  const set = { "publish.graceSeconds": "1" };
  const nodes = await Promise.all([
    startNode(t, nats, "c", "control", set),
    startNode(t, nats, "o", "origin", set),
    startNode(t, nats, "p", "origin", set),
  ]);
  const [c, o, p] = nodes as [Node, Node, Node];
  await joined(nodes);
  const { id: schoolId } = (await done(c, "GET", "/schools")).items[0];
  const person = { schoolId, login: "wang", name: "Wang Fang", role: "teacher", password: PASSWORD };
  const { id: teacherId } = await done(c, "POST", "/users", person);
  const lesson = await done(c, "POST", "/lessons", { schoolId, title: "Fractions", teacherId, mode: "small", record: true });
  const { token } = (await ask(c, "POST", "/sessions", { login: "wang", password: PASSWORD }, null)).body;
  const member = async (name: string, session: string | null): Promise<Body> => {
    const { body } = await ask(c, "POST", `/lessons/${lesson.code}/join`, session === null ? { name } : {}, session);
    const { search } = new URL(body.play.flv, c.http);
    const client = new RoomClient(() => `${o.http.replace("http", "ws")}/api/v1/rooms/${lesson.code}/socket${search}`);
    t.after(() => client.close());
    await until(() => client.you !== null, `${name} in the room`);
    return (await client.send("stage", { action: "key" })).answer.publish;
  };
  const [teacher, anna] = [await member("", token), await member("Anna", null)];
  await done(c, "POST", `/lessons/${lesson.id}/start`);
  const runs = [
    publish(t, clip("b-frames", 16), `${o.rtmp}/live/${teacher.name}?key=${teacher.key}`),
    publish(t, clip("b-frames", 16), `${p.rtmp}/live/${anna.name}?key=${anna.key}`),
  ];
  for (const run of runs) void run.done.then(({ code, said }) => t.diagnostic(`publisher: ${code} ${said}`));
  const tracks = async (): Promise<Body[]> => (await done(c, "GET", `/recordings?lessonId=${lesson.id}`)).items;
  const at = performance.now();
  await until(async () => { if (performance.now() - at > 40000) throw new Error(JSON.stringify([await tracks(), (await done(c, "GET", `/lessons/${lesson.id}`)).state])); return (await tracks()).length === 2 && (await tracks()).every(({ seconds }) => seconds > SECONDS)}, "both recordings");
  await done(c, "POST", `/lessons/${lesson.id}/end`);
  await Promise.all(runs.map((run) => run.done));
  await until(async () => (await tracks()).every(({ whole }) => whole), "both to be whole");
  const path = `/lessons/${lesson.id}/picture`;
  await done(c, "POST", path);
  const { recording } = await until(async () => {
    const state = await done(c, "GET", path);
    assert.notEqual(state.state, "failed", JSON.stringify(state));
    return state.state === "done" ? state : null;
  }, "the picture");
  assert.ok(recording.seconds > SECONDS, `${recording.seconds} s`);
  for (const node of nodes) assert.doesNotMatch(node.said(), /cannot be decoded|cannot be read/);
  const { play } = await done(c, "POST", `/recordings/${recording.id}/links`, {});
  const { pathname, search } = new URL(play.mp4);
  const bytes = Buffer.from(await (await fetch(`${p.http}${pathname}${search}`)).arrayBuffer());
  assert.equal(bytes.toString("latin1", 4, 8), "ftyp");
  for (const { app, name } of await tracks())
    assert.equal((await fetch(`${o.http}/recorded-files/${app}/${name}/20260101-000000-000.flv?from=0&to=10`)).status, 404);
});
