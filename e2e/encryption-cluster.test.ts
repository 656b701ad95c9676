/** An encrypted stream in a cluster: every node gives the same files and keys, whichever has recorded it. Only with --all, or by name. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { clip } from "./clips.ts";
import { joined, type Node, startNats, startNode } from "./cluster.ts";
import { assertAmong, bytesOf, decrypted, hashes, inTheClear, mediaOf, statusOf, watched } from "./encrypted-media.ts";
import { frames, publish } from "./ffmpeg.ts";
import { until } from "./lectern.ts";
import { done } from "./lesson-client.ts";

test("nodes encrypt with the same keys: live at an edge, back in time and as a recording that another node has", async (t) => {
  const nats = await startNats(t);
  const set = { "publish.graceSeconds": "1", "hls.segmentSeconds": "1", "hls.windowSegments": "3" };
  const nodes = await Promise.all([
    startNode(t, nats, "c", "control", set),
    startNode(t, nats, "o", "origin", { ...set, "recording.auto": "pushed" }),
    startNode(t, nats, "e", "edge", set),
  ]);
  const [c, o, e] = nodes as [Node, Node, Node];
  await joined(nodes);
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
