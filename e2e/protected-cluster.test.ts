/**
 * What is protected, in a cluster: of an encrypted stream every node gives the same files and keys, whichever has recorded it; a download with a watermark is
 * made at the node that has the recording, and given out everywhere. Both tests share the nodes; the second one kills one. Runs late. Only with --all, or
 * by name.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { clip } from "./clips.ts";
import { joined, type Node, startNats, startNode } from "./cluster.ts";
import { assertAmong, bytesOf, decrypted, hashes, inTheClear, mediaOf, statusOf, watched } from "./encrypted-media.ts";
import { frames, publish } from "./ffmpeg.ts";
import { wholeFile } from "./fixtures.ts";
import { until } from "./lectern.ts";
import { ask, type Body, done } from "./lesson-client.ts";

async function startCluster() {
  const nats = await startNats(wholeFile);
  const set = { "publish.graceSeconds": "1", "hls.segmentSeconds": "1", "hls.windowSegments": "3" };
  const nodes = await Promise.all([
    startNode(wholeFile, nats, "c", "control", set),
    startNode(wholeFile, nats, "o", "origin", { ...set, "recording.auto": "pushed" }),
    startNode(wholeFile, nats, "e", "edge", set),
  ]);
  await joined(nodes);
  const [c, o, e] = nodes as [Node, Node, Node];
  return { c, o, e };
}

let started: ReturnType<typeof startCluster> | null = null;
const cluster = () => (started ??= startCluster());

test("nodes encrypt with the same keys: live at an edge, back in time and as a recording that another node has", async (t) => {
  const { c, o, e } = await cluster();
  const target = { level: "stream", id: "live/past" };
  await done(c, "POST", "/policies", { target, rules: [{ kind: "encryption", for: "play", segmentsPerKey: 2 }] });
  const file = clip("b-frames", 40);
  const sent = hashes(await frames(t, file, "packets"));
  const pushing = publish(t, file, `${o.rtmp}/live/past`);
  await c.stream("past", ({ video }) => video !== null);

  const playlistAt = ({ http }: Node, path: string) =>
    until(async () => {
      const found = await mediaOf(`${http}${path}`).catch(() => null);
      return found && found.keys.length > 0 ? found : null;
    }, `${path} with keys`);
  const [atOrigin, atEdge] = await Promise.all([o, e].map((node) => playlistAt(node, "/live/past.m3u8")));
  assert.ok(atOrigin && atEdge);
  const nameOf = (address: string) => address.split("/").slice(-2).join("/");
  const both = atEdge.segments.find((one) => atOrigin.segments.some((other) => nameOf(other) === nameOf(one))) ?? "";
  const there = atOrigin.segments.find((other) => nameOf(other) === nameOf(both)) ?? "";
  assert.deepEqual(await bytesOf(both), await bytesOf(there));
  assert.deepEqual(await decrypted(atEdge, both), await decrypted(atOrigin, there));
  assertAmong(sent, await watched(t, `${e.http}/live/past.m3u8`, 4), "live");

  // The edge has forgotten it, and asks the origin.
  const shifted = await playlistAt(e, "/live/past.m3u8?time_delay=6");
  const [old = ""] = shifted.segments;
  assert.ok((await decrypted(shifted, old)).includes("moof"));
  assert.equal((await bytesOf(old)).includes("moof"), false);
  assert.equal(await statusOf(inTheClear(old)), 404);
  assertAmong(sent, await watched(t, `${e.http}/live/past.m3u8?time_delay=6`, 4), "shifted");

  pushing.child.kill("SIGKILL");
  const recording = await until(async () => (await done(c, "GET", "/recordings")).items[0] ?? null, "the recording");
  const replay = await until(async () => {
    const found = await mediaOf(`${e.http}/vod/${recording.id}.m3u8`).catch(() => null);
    return found?.text.includes("#EXT-X-ENDLIST") ? found : null;
  }, "the whole recording");
  const [first = ""] = replay.segments;
  assert.ok((await decrypted(replay, first)).includes("moof"));
  assert.equal((await bytesOf(first)).includes("moof"), false);
  for (const address of [inTheClear(first), first.replace(/\/s\/[^/]+/, "")]) assert.ok((await statusOf(address)) >= 400, address);
  assertAmong(sent, hashes(await frames(t, `${e.http}/vod/${recording.id}.m3u8`, "packets")), "replay");
  for (const kind of ["flv", "mp4"]) assert.equal(await statusOf(`${e.http}/vod/${recording.id}.${kind}`), 403, kind);
});

test("the node with the recording makes the file, any node gives it, and without that node it is refused", async (t) => {
  const { c, o, e } = await cluster();
  const rules = [{ kind: "watermark", for: "play", shows: "both", opacity: 1 }];
  await done(c, "POST", "/policies", { target: { level: "stream", id: "live/marked" }, rules });
  await publish(t, clip("b-frames", 8), `${o.rtmp}/live/marked`).done;
  const recording = await until(
    async () => (await done(c, "GET", "/recordings")).items.find((one: Body) => one.name === "marked" && one.whole) ?? null,
    "the recording",
  );
  for (const kind of ["flv", "mp4"]) assert.equal((await fetch(`${e.http}/vod/${recording.id}.${kind}`)).status, 403, kind);
  const path = `/recordings/${recording.id}/downloads`;
  const order = await done(c, "POST", path, {});
  const made = await until(async () => {
    const state = await done(c, "GET", `${path}/${order.id}`);
    return state.state === "done" || state.state === "failed" ? state : null;
  }, "the download");
  assert.equal(made.state, "done", JSON.stringify(made));
  const { pathname, search } = new URL(made.url);
  for (const node of [e, o]) {
    const answer = await fetch(`${node.http}${pathname}${search}`);
    assert.equal(answer.status, 200);
    const bytes = Buffer.from(await answer.arrayBuffer());
    assert.equal(bytes.length, made.bytes);
    assert.equal(bytes.toString("latin1", 4, 8), "ftyp");
  }
  o.process.kill("SIGKILL");
  await until(async () => (await ask(c, "GET", `${path}/${order.id}`)).body?.code === "storage-away", "the end of that node");
  assert.equal((await ask(c, "POST", path, {})).body.code, "storage-away");
});
