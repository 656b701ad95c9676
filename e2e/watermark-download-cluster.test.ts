/** A download with a watermark of a recording that another node has: it is made there, and given out everywhere. Runs late. Only with --all, or by name. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { clip } from "./clips.ts";
import { joined, type Node, startNats, startNode } from "./cluster.ts";
import { publish } from "./ffmpeg.ts";
import { until } from "./lectern.ts";
import { ask, type Body, done } from "./lesson-client.ts";

test("the node with the recording makes the file, any node gives it, and without that node it is refused", async (t) => {
  const nats = await startNats(t);
  const set = { "publish.graceSeconds": "1", "hls.segmentSeconds": "1" };
  const nodes = await Promise.all([
    startNode(t, nats, "c", "control,edge", set),
    startNode(t, nats, "o", "origin", { ...set, "recording.auto": "pushed" }),
  ]);
  const [c, o] = nodes as [Node, Node];
  await joined(nodes);
  const rules = [{ kind: "watermark", for: "play", shows: "both", opacity: 1 }];
  await done(c, "POST", "/policies", { target: { level: "stream", id: "live/marked" }, rules });
  await publish(t, clip("b-frames", 8), `${o.rtmp}/live/marked`).done;
  const recording = await until(
    async () => (await done(c, "GET", "/recordings")).items.find((one: Body) => one.whole) ?? null,
    "the recording",
  );
  for (const kind of ["flv", "mp4"]) assert.equal((await fetch(`${c.http}/vod/${recording.id}.${kind}`)).status, 403, kind);
  const path = `/recordings/${recording.id}/downloads`;
  const order = await done(c, "POST", path, {});
  const made = await until(async () => {
    const state = await done(c, "GET", `${path}/${order.id}`);
    return state.state === "done" || state.state === "failed" ? state : null;
  }, "the download");
  assert.equal(made.state, "done", JSON.stringify(made));
  const { pathname, search } = new URL(made.url);
  for (const node of [c, o]) {
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
