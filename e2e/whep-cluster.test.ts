/** WHEP through an edge node: the stream comes from the origin, and a session is found from every worker and node. Only with --all. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { PeerConnection } from "node-datachannel";
import { clip } from "./clips.ts";
import { joined, startNats, startNode } from "./cluster.ts";
import { publishForever } from "./ffmpeg.ts";
import { wholeFile } from "./fixtures.ts";
import { until } from "./lectern.ts";
import { offerOf, watchPackets } from "./packet-viewer.ts";

async function start() {
  const nats = await startNats(wholeFile);
  const [origin, edge] = await Promise.all([
    startNode(wholeFile, nats, "a", '"control","origin","edge"', { workers: "2" }),
    startNode(wholeFile, nats, "e", '"edge"', { workers: "2" }),
  ]);
  await joined([origin, edge]);
  return { origin, edge };
}

/** The last test drains the edge. */
let started: ReturnType<typeof start> | null = null;
const cluster = () => (started ??= start());

test("an edge sends what an origin has; candidates and the end of a session are taken at any worker and any node", async (t) => {
  const { origin, edge } = await cluster();
  publishForever(t, clip("for WebRTC", 20), `${origin.rtmp}/live/far`);
  await origin.stream("far", ({ video }) => video?.gopSeconds != null);
  const viewers = await Promise.all([1, 2].map(() => watchPackets(t, `${edge.http}/live/far/whep`)));
  assert.deepEqual(
    viewers.map(({ status, body }) => (status === 201 ? status : body)),
    [201, 201],
  );
  await until(() => viewers.every(({ packets }) => packets.length > 60), "packets for both");
  for (const { packets } of viewers)
    for (const [i, packet] of packets.entries())
      if (i > 0) assert.equal(packet.sequence, ((packets[i - 1]?.sequence ?? 0) + 1) & 0xffff, `packet ${i}`);
  await origin.stream("far", ({ viewers: { whep, total } }) => whep === 2 && total === 2);

  const ask = (method: string, location: string | null, base: string, body?: string) =>
    fetch(`${base}${new URL(location ?? "").pathname}`, {
      method,
      headers: { connection: "close", ...(body ? { "content-type": "application/trickle-ice-sdpfrag" } : {}) },
      ...(body ? { body } : {}),
    });
  const fragment = "a=mid:0\r\na=candidate:1 1 UDP 2130706431 192.0.2.1 50000 typ host\r\na=end-of-candidates\r\n";
  const [one, other] = viewers;
  assert.ok(one && other);
  // The kernel chooses the worker of each connection.
  for (let i = 0; i < 8; i++)
    for (const { http } of [edge, origin]) assert.equal((await ask("PATCH", one.location, http, fragment)).status, 204);
  assert.equal((await ask("DELETE", one.location, edge.http)).status, 200);
  await origin.stream("far", ({ viewers: { whep } }) => whep === 1);
  const before = other.packets.length;
  await until(() => other.packets.length > before + 50, "packets for the one who stays");
  assert.equal((await ask("DELETE", other.location, origin.http)).status, 200);
  await origin.stream("far", ({ viewers: { total } }) => total === 0);
  for (const { http } of [edge, origin]) {
    assert.equal((await ask("DELETE", other.location, http)).status, 200, "it has ended already");
    assert.equal((await ask("PATCH", other.location, http, fragment)).status, 404);
  }
});

test("viewers of a node that is drained, and of a stream that ends, hear it at once", async (t) => {
  const { origin, edge } = await cluster();
  const publisher = publishForever(t, clip("for WebRTC", 20), `${origin.rtmp}/live/over`);
  await origin.stream("over", ({ video }) => video?.gopSeconds != null);
  const urls = [edge, origin].map(({ http }) => `${http}/live/over/whep`);
  const [far, near] = await Promise.all(urls.map((url) => watchPackets(t, url)));
  assert.ok(far && near);
  await until(() => far.packets.length > 50 && near.packets.length > 50, "packets for both");
  assert.equal((await origin.api("/api/v1/nodes/e/drain", { method: "POST" })).status, 202);
  await until(() => far.isOver(), "the end at the node that is drained");
  const refused = await fetch(urls[0] ?? "", {
    method: "POST",
    headers: { "content-type": "application/sdp" },
    body: await offer(),
  });
  assert.deepEqual([refused.status, ((await refused.json()) as { code: string }).code], [503, "draining"]);
  assert.equal(near.isOver(), false);
  publisher.child.kill("SIGKILL");
  assert.equal((await origin.api("/api/v1/streams/live/over", { method: "DELETE" })).ok, true);
  await until(() => near.isOver(), "the end of the stream");
  await until(async () => (await origin.metric('lectern_webrtc_sessions{kind="whep"}')) === 0, "no sessions");
});

async function offer(): Promise<string> {
  const connection = new PeerConnection("refused", { iceServers: [] });
  const { sdp } = await offerOf(connection);
  connection.close();
  return sdp;
}
