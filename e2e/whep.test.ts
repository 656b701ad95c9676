/** Watching by WHEP: Chromium, and libdatachannel that looks at every packet. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { PeerConnection } from "node-datachannel";
import { clip } from "./clips.ts";
import { publishForever } from "./ffmpeg.ts";
import { sharedBrowser, sharedLectern } from "./fixtures.ts";
import { type Lectern, type Scope, until } from "./lectern.ts";
import { long } from "./long-tests.ts";
import { offerOf, postOffer, type SeenPacket, watchPackets } from "./packet-viewer.ts";
import { watchWhep, whepPage, whepStatistics } from "./whep-page.ts";

/** One server for the tests that look at each packet. */
const LIMITS = {
  "webrtc.maxViewers": "102",
  "webrtc.maxHalfOpenPerAddress": "101",
  "webrtc.connectSeconds": "10",
  workers: "1",
};

async function publishPicture(t: Scope, lectern: Lectern, name: string): Promise<void> {
  publishForever(t, clip("for WebRTC", 20), `${lectern.rtmp}/live/${name}`);
  await lectern.stream(name, ({ video }) => video !== null && video.gopSeconds !== null);
}

test("Chromium shows a stream without a loss, and the API counts it until it leaves", async (t) => {
  const lectern = await sharedLectern();
  await publishPicture(t, lectern, "whep-shown");
  const joins = 'lectern_joins_total{protocol="whep",result="ok"}';
  const joinsBefore = (await lectern.metric(joins)) || 0;
  const page = await whepPage(t, await sharedBrowser());
  const watched = await watchWhep(page, `${lectern.http}/live/whep-shown/whep`);
  assert.deepEqual([watched.status, watched.problem], [201, null]);
  const shown = await until(async () => {
    const statistics = await whepStatistics(page);
    return statistics.firstFrameMs !== null && statistics.frames > 30 ? statistics : null;
  }, "pictures");
  t.diagnostic(JSON.stringify(shown));
  assert.deepEqual([shown.width, shown.lost], [320, 0]);
  await lectern.stream("whep-shown", ({ viewers }) => viewers.whep === 1 && viewers.total === 1);
  assert.equal((await fetch(watched.location ?? "", { method: "DELETE" })).status, 200);
  await lectern.stream("whep-shown", ({ viewers }) => viewers.total === 0);
  await until(async () => (await whepStatistics(page)).state !== "connected", "the end at the viewer");
  assert.ok((await lectern.metric(joins)) > joinsBefore);
  assert.ok((await lectern.metric('lectern_sent_bytes_total{protocol="whep"}')) > 10_000);
});

/** Access units: packets of one time, the last of which has the marker. */
function assertWhole(packets: readonly SeenPacket[]): void {
  for (const [i, packet] of packets.entries()) {
    const before = packets[i - 1];
    if (!before) continue;
    assert.equal(packet.sequence, (before.sequence + 1) & 0xffff, `packet ${i}`);
    const step = (packet.timestamp - before.timestamp) | 0;
    assert.equal(step > 0, before.marker, `a new time begins after a marker: packet ${i}, ${step} ticks`);
    assert.ok(step <= 9000, `${step / 90} ms between two pictures`);
  }
}

long("a viewer gets every packet from a key frame on, whatever another one sends", async (t) => {
  const lectern = await sharedLectern(LIMITS);
  await publishPicture(t, lectern, "packets");
  const url = `${lectern.http}/live/packets/whep`;
  const [one, hostile] = [await watchPackets(t, url), await watchPackets(t, url)];
  assert.deepEqual([one.status, hostile.status], [201, 201], one.body);
  await until(() => hostile.packets.length > 50, "packets for both");
  for (let i = 0; i < 5000; i++) {
    const bytes = Buffer.alloc(8 + (i % 200));
    for (let at = 0; at < bytes.length; at++) bytes[at] = (i * 31 + at * 17) & 0xff;
    bytes[0] = 0x80 | (i & 31);
    bytes[1] = 200 + (i % 8);
    bytes.writeUInt16BE(i % 60, 2);
    hostile.send(bytes);
  }
  const before = one.packets.length;
  await until(() => one.packets.length > before + 100, "more packets");
  // Parameter sets, then a picture that needs no other.
  assert.equal(one.packets[0]?.nalType, 24);
  assertWhole(one.packets);
  assert.doesNotMatch(lectern.said(), /"level":[56]0/);
});

long("viewers that never finish are let go, and a full server says where else to watch", async (t) => {
  const lectern = await sharedLectern(LIMITS);
  await publishPicture(t, lectern, "full");
  await until(async () => (await lectern.metric('lectern_webrtc_sessions{kind="whep"}')) === 0, "the end of those before");
  const url = `${lectern.http}/live/full/whep`;
  const viewer = await watchPackets(t, url);
  await until(() => viewer.packets.length > 0, "a viewer");
  const silent = new PeerConnection("silent", { iceServers: [] });
  t.after(() => silent.close());
  const { sdp } = await offerOf(silent);
  const answers = await Promise.all(Array.from({ length: 101 }, () => postOffer(url, sdp)));
  assert.deepEqual([...new Set(answers.map(({ status }) => status))], [201]);
  const refused = await postOffer(url, sdp);
  const problem = (await refused.json()) as { readonly code: string; readonly detail: string };
  assert.deepEqual([refused.status, problem.code], [503, "full"]);
  assert.match(problem.detail, /\/live\/full\.flv or \/live\/full\.m3u8/);
  await until(async () => (await lectern.metric('lectern_webrtc_sessions{kind="whep"}')) === 1, "only the viewer that came");
  assert.equal(await lectern.metric("lectern_webrtc_half_open"), 0);
  await lectern.stream("full", ({ viewers }) => viewers.whep === 1);
  assertWhole(viewer.packets);
  assert.equal((await postOffer(`${lectern.http}/live/nothing/whep`, sdp)).status, 404);
});
