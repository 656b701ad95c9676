/**
 * Pulled channels and forwards as people set them up: by the API, fetched by the running server, watched like any other stream.
 * Only with --all, or by name.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { clip } from "./clips.ts";
import { joined, type Node, startNats, startNode } from "./cluster.ts";
import { publishForever } from "./ffmpeg.ts";
import { sharedLectern } from "./fixtures.ts";
import { until } from "./lectern.ts";
import { ask, type Body, done, push, watch } from "./lesson-client.ts";
import { Viewer } from "./viewers.ts";

const ALLOW = { "sources.allowedNetworks": "[127.0.0.0/8]" };
/** It records what it has pulled, and leaves a channel soon after its viewers. */
const PULLING = { ...ALLOW, "sources.idleSeconds": "5", workers: "2", "publish.graceSeconds": "1", "recording.auto": "pulled" };

async function stateOf(lectern: Parameters<typeof done>[0], path: string, state: string): Promise<Body> {
  let seen: Body = null;
  await until(async () => {
    seen = (await done(lectern, "GET", path)).state;
    return seen?.state === state;
  }, `${path} ${state}`);
  return seen;
}

test("a channel is fetched while somebody watches it, says how it is, and is left when nobody does", async (t) => {
  const [origin, lectern] = [await sharedLectern(), await sharedLectern(PULLING)];
  publishForever(t, clip("b-frames", 40), `${origin.rtmp}/live/yard`);
  await origin.stream("yard", ({ video }) => video !== null);
  publishForever(t, clip("b-frames", 40), `${lectern.rtmp}/live/pushed`);
  const address = `${origin.rtmp}/live/yard?key=s3cret-of-the-camera`;
  const source = await done(lectern, "POST", "/sources", { title: "Yard", name: "yard", addresses: [address] });
  assert.doesNotMatch(JSON.stringify(source), /s3cret/);
  await stateOf(lectern, `/sources/${source.id}`, "waiting");
  const seen = (["http", "rtmp"] as const).map((scheme) =>
    watch(scheme === "http" ? `${lectern.http}/live/yard.flv` : `${lectern.rtmp}/live/yard`),
  );
  await until(() => seen.every((one) => one.bytes() > 20_000), "the channel's picture");
  const state = await stateOf(lectern, `/sources/${source.id}`, "running");
  assert.deepEqual([state.address, state.problem], [0, null]);
  const { publisher } = await lectern.stream("yard");
  assert.equal(publisher?.protocol, "pull");
  await until(async () => (await done(lectern, "GET", "/recordings")).items.length > 0, "the channel's recording");
  const recorded = (await done(lectern, "GET", "/streams")).items.map(({ name, recording }: Body) => [name, recording !== null]);
  assert.deepEqual(Object.fromEntries(recorded), { yard: true, pushed: false });
  for (const one of seen) one.leave();
  await stateOf(lectern, `/sources/${source.id}`, "waiting");
  assert.equal((await ask(lectern, "DELETE", `/sources/${source.id}`)).status, 204);
  assert.equal((await fetch(`${lectern.http}/live/yard.flv`)).status, 404, "nothing fetches it any more");
  assert.doesNotMatch(lectern.said(), /s3cret/);
});

test("a source that does not answer, or may not be fetched, says so in words, and viewers are told to try again", async () => {
  const lectern = await sharedLectern();
  const away = await done(lectern, "POST", "/sources", {
    title: "Inside",
    name: "inside",
    start: "always",
    addresses: ["rtmp://127.0.0.1:1/live/x", "http://169.254.169.254/live/x.flv"],
  });
  const state = await stateOf(lectern, `/sources/${away.id}`, "retrying");
  assert.equal(state.problem.code, "not-allowed");
  const viewer = await fetch(`${lectern.http}/live/inside.flv`);
  assert.equal(viewer.status, 404);
  await viewer.body?.cancel();
});

test("a lesson is sent on to another service, which gets it again after it was unreachable", async (t) => {
  const [service, lectern] = [await sharedLectern(), await sharedLectern(PULLING)];
  const lesson = await done(lectern, "POST", "/lessons", { title: "Open day" });
  const { app, name, publishKey } = lesson.stream;
  await done(lectern, "POST", `/lessons/${lesson.id}/forwards`, {
    title: "The public",
    url: `${service.rtmp}/live/public?key=s3cret-key`,
  });
  push(t, `${lectern.rtmp}/${app}/${name}?key=${publishKey}`);
  await service.stream("public", ({ video }) => video !== null);
  const [forward] = (await done(lectern, "GET", `/lessons/${lesson.id}/forwards`)).items;
  await stateOf(lectern, `/forwards/${forward.id}`, "running");
  assert.equal((await service.api("/api/v1/streams/live/public", { method: "DELETE" })).status, 204);
  await until(async () => (await publicOf(service)) === undefined, "the service's end of the stream");
  await service.stream("public", ({ video }) => video !== null);
  await done(lectern, "PATCH", `/forwards/${forward.id}`, { enabled: false });
  await until(async () => (await publicOf(service))?.publisher == null, "the end of the forward");
  assert.doesNotMatch(lectern.said(), /s3cret/);
});

/** The stream of the lesson as the service has it. */
async function publicOf(service: Parameters<typeof done>[0]): Promise<Body> {
  return (await done(service, "GET", "/streams")).items.find(({ name }: Body) => name === "public");
}

test("the node that fetches a channel is killed: another node fetches it, in the same epoch", async (t) => {
  const origin = await sharedLectern();
  publishForever(t, clip("b-frames", 40), `${origin.rtmp}/live/gate`);
  await origin.stream("gate", ({ video }) => video !== null);
  const nats = await startNats(t);
  const nodes = await Promise.all([
    startNode(t, nats, "c", "control,edge", ALLOW),
    startNode(t, nats, "a", "origin", ALLOW),
    startNode(t, nats, "b", "origin", ALLOW),
  ]);
  const [c, a, b] = nodes as [Node, Node, Node];
  await joined(nodes);
  const source = await done(c, "POST", "/sources", {
    title: "Yard",
    name: "yard",
    start: "always",
    addresses: [`${origin.rtmp}/live/gate`],
  });
  const { node } = await stateOf(c, `/sources/${source.id}`, "running");
  const { epoch } = await c.stream("yard", ({ video }) => video !== null);
  const viewer = new Viewer("flv", () => [c], "yard");
  t.after(() => viewer.close());
  await until(() => viewer.seen.pieces > 50, "pictures");
  viewer.measure();
  const before = viewer.seen.pieces;
  await (node === "a" ? a : b).kill();
  await until(() => viewer.seen.pieces > before + 100, "pictures of the other node");
  t.diagnostic(`a gap of ${Math.round(viewer.look().longestGapMs)} ms`);
  assert.equal((await c.stream("yard")).epoch, epoch);
  const moved = await stateOf(c, `/sources/${source.id}`, "running");
  assert.notEqual(moved.node, node);
});
