/**
 * Jobs that nodes do for streams: ladders are made by a node with room for them, move when it dies, and are refused where there is no room.
 * Runs late. Only with --all, or by name.
 */
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { clip } from "./clips.ts";
import { joined, type Node, publishTo, startNats, startNode } from "./cluster.ts";
import { encodersOf, isEncoder } from "./encoders.ts";
import { publishForever } from "./ffmpeg.ts";
import { sharedLectern } from "./fixtures.ts";
import { mediaPlaylistOf } from "./hls-conformance.ts";
import { readPlaylist } from "./hls-reader.ts";
import { type Lectern, startLectern, until } from "./lectern.ts";
import { done } from "./lesson-client.ts";
import { Viewer } from "./viewers.ts";

/** Other tests run beside this one: `script/drill ladder` holds to what is promised. */
const FORGOTTEN_MS = 15_000;

type Job = {
  readonly kind: string;
  readonly name: string;
  readonly node: string | null;
  readonly state: string;
  readonly problem: { readonly code: string } | null;
  readonly rungs: readonly { readonly name: string; readonly state: string }[];
};

async function jobsOf(lectern: Lectern): Promise<readonly Job[]> {
  const { items }: { items: Job[] } = JSON.parse(await (await lectern.api("/api/v1/jobs")).text());
  return items;
}

async function jobOf(lectern: Lectern, name: string, is: (job: Job) => boolean, what: string): Promise<Job> {
  let found: Job | undefined;
  await until(async () => {
    found = (await jobsOf(lectern)).find((job) => job.kind === "ladder" && job.name === name && is(job));
    return found !== undefined;
  }, what);
  assert.ok(found);
  return found;
}

function watch(t: TestContext, places: () => readonly Node[], name: string): Viewer[] {
  const viewers = (["flv", "hls"] as const).map((protocol) => new Viewer(protocol, places, name));
  t.after(() => {
    for (const viewer of viewers) viewer.close();
  });
  return viewers;
}

async function playing(viewers: readonly Viewer[], frames: number): Promise<void> {
  const begun = viewers.map(({ seen }) => seen.pieces);
  const enough = ({ seen }: Viewer, i: number) =>
    seen.pieces >= (begun[i] ?? 0) + (seen.protocol === "hls" ? Math.ceil(frames / 10) : frames);
  await until(() => viewers.every(enough), "pictures");
}

test("a ladder is made on a node with room, and another goes on with it, in the same numbering, when that node is killed", async (t) => {
  const nats = await startNats(t);
  const set = { "ladder.rungs": "data-saver" };
  const nodes = await Promise.all([
    // The publisher's node has no room, so the ladder goes to another one.
    startNode(t, nats, "p", "control,origin", { ...set, "ladder.cores": "0" }),
    startNode(t, nats, "a", "origin", { ...set, "ladder.cores": "8" }),
    startNode(t, nats, "b", "origin", { ...set, "ladder.cores": "8" }),
  ]);
  const [p, a, b] = nodes as [Node, Node, Node];
  await joined(nodes);
  publishTo(t, clip("b-frames", 40), "moves", () => [p]);
  await p.stream("moves", ({ video }) => video !== null);
  const source = watch(t, () => [p], "moves");
  const rung = watch(t, () => [p], "moves@saver");
  await playing([...source, ...rung], 60);
  const { node } = await jobOf(p, "moves", ({ state }) => state === "running", "the ladder");
  assert.ok(node === "a" || node === "b", `made on ${node}`);
  const doomed = node === "a" ? a : b;
  const encoders = encodersOf(doomed.process.pid);
  assert.equal(encoders.length, 1);
  const { epoch } = await p.stream("moves@saver");
  for (const viewer of [...source, ...rung]) viewer.measure();
  await doomed.kill();
  const moved = await jobOf(p, "moves", (job) => job.node !== node && job.state === "running", "the ladder at the other node");
  assert.equal(moved.node, node === "a" ? "b" : "a");
  await playing([...source, ...rung], 100);
  assert.equal((await p.stream("moves@saver")).epoch, epoch, "the same epoch");
  for (const viewer of source) assert.ok(viewer.look().longestGapMs < FORGOTTEN_MS);
  for (const [what, viewers] of Object.entries({ source, rung }))
    for (const viewer of viewers)
      t.diagnostic(`${what}, ${viewer.seen.protocol}: a gap of ${Math.round(viewer.look().longestGapMs)} ms`);
  for (const viewer of rung) assert.ok(viewer.look().longestGapMs < FORGOTTEN_MS, `${viewer.look().longestGapMs} ms`);
  const lists = await Promise.all(
    ["moves@saver", "moves"].map(async (name) =>
      readPlaylist(await (await fetch(await mediaPlaylistOf(`${p.http}/live/${name}.m3u8`))).text()),
    ),
  );
  const [made, parent] = lists;
  const dates = new Map(parent?.segments.map(({ msn, utc }) => [msn, utc]));
  const common = made?.segments.filter(({ msn }) => dates.has(msn)) ?? [];
  assert.ok(common.length >= 2, `${common.length} segments of the same number`);
  for (const { msn, utc } of common) assert.equal(utc, dates.get(msn), `segment ${msn}`);
  assert.deepEqual(encoders.filter(isEncoder), [], "no encoder is left of the killed node");
});

test("a lesson has the ladder that its school, its course or it itself says, on whichever process makes it", async (t) => {
  const lectern = await sharedLectern({ "ladder.cores": "8", workers: "2" });
  const school = await done(lectern, "POST", "/schools", { slug: "light", name: "School of light" });
  await done(lectern, "PATCH", `/schools/${school.id}`, { ladder: "data-saver" });
  const lesson = await done(lectern, "POST", "/lessons", { schoolId: school.id, title: "Light" });
  const { app, name, publishKey } = lesson.stream;
  publishForever(t, clip("b-frames", 40), `${lectern.rtmp}/${app}/${name}?key=${publishKey}`);
  await lectern.stream(name, ({ video }) => video !== null);
  const { play } = await done(lectern, "POST", `/lessons/${lesson.code}/join`, { name: "Ada" });
  const listed = async () => {
    const text = await (await fetch(play.hls)).text();
    return [...text.matchAll(/@([a-z0-9]+)\//g)].map(([, rung]) => rung);
  };
  await until(async () => (await listed()).join() === "saver,audio", "the school's rungs");
  const rung = play.flv.replace(`${name}.flv`, `${name}@saver.flv`);
  const answers = await Promise.all(Array.from({ length: 6 }, () => fetch(rung)));
  for (const answer of answers) {
    assert.equal(answer.status, 200);
    await answer.body?.cancel();
  }
  await done(lectern, "PATCH", `/lessons/${lesson.id}`, { ladder: "audio" });
  await until(async () => (await listed()).join() === "audio", "the lesson's rungs");
  await until(async () => (await fetch(rung)).status === 404, "the end of the data saver");
});

test("of four ladders on a machine for two, two are made and two are refused, and the sources are untouched", async (t) => {
  const names = ["one", "two", "three", "four"];
  // A ladder of this small clip is reckoned at less than a tenth of a core.
  const lectern = await startLectern(t, { "ladder.rungs": "data-saver", "ladder.cores": "0.2", "ladder.idleSeconds": "5" });
  for (const name of names) publishForever(t, clip("b-frames", 40), `${lectern.rtmp}/live/${name}`);
  for (const name of names) await lectern.stream(name, ({ video }) => video !== null);
  const node = { ...lectern, id: "", kill: async () => {} };
  const sources = names.map((name) => new Viewer("flv", () => [node], name));
  t.after(() => {
    for (const viewer of sources) viewer.close();
  });
  await playing(sources, 30);
  // All at once: how much a core can do is measured as soon as one runs.
  const asked = names.map(async (name) => [name, await fetch(`${lectern.http}/live/${name}@saver.flv`)] as const);
  const answers = new Map(await Promise.all(asked));
  t.after(() => {
    for (const answer of answers.values()) if (!answer.bodyUsed) void answer.body?.cancel();
  });
  const made = names.filter((name) => answers.get(name)?.status === 200);
  const refused = names.filter((name) => answers.get(name)?.status === 503);
  assert.deepEqual([made.length, refused.length], [2, 2], JSON.stringify([...answers].map(([name, { status }]) => [name, status])));
  for (const name of refused) {
    assert.ok(Number(answers.get(name)?.headers.get("retry-after")) > 0);
    const { code, detail }: { code: string; detail: string } = JSON.parse((await answers.get(name)?.text()) ?? "{}");
    assert.deepEqual([code, detail], ["full", "The server cannot make this quality at the moment. Watch another one."]);
  }
  const jobs = await jobsOf(lectern);
  for (const name of refused) {
    const job = jobs.find((one) => one.name === name);
    assert.deepEqual([job?.state, job?.problem?.code], ["refused", "overloaded"], name);
  }
  const listed = async (name: string) => (await (await fetch(`${lectern.http}/live/${name}.m3u8`)).text()).includes("@saver");
  assert.equal(await listed(made[0] ?? ""), true);
  // A refusal is forgotten after a while, and the rung is offered again until somebody asks for it.
  await until(async () => {
    const again = await fetch(`${lectern.http}/live/${refused[0]}@saver.flv`);
    await again.body?.cancel();
    assert.equal(again.status, 503);
    return !(await listed(refused[0] ?? ""));
  }, "a playlist without what cannot be had");
  for (const viewer of sources) viewer.measure();
  await playing(sources, 60);
  for (const viewer of sources) assert.ok(viewer.look().longestGapMs < FORGOTTEN_MS);
  // On a machine without time one may just be replaced.
  await until(() => encodersOf(lectern.process.pid).length === 2, "two encoders");
  // When those that are made are not watched any more, there is room for another, whatever a ladder was measured to need meanwhile.
  for (const name of made) await answers.get(name)?.body?.cancel();
  const next = refused[0] ?? "";
  await until(async () => {
    const answer = await fetch(`${lectern.http}/live/${next}@saver.flv`);
    await answer.body?.cancel();
    return answer.status === 200;
  }, "room for the third");
});
