/** Hostile clients of WHIP: sessions that are never connected, certificates that are others, and publishers that flood. Only with --all, or by name. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { type TestContext, test } from "node:test";
import { clip } from "./clips.ts";
import { sharedLectern } from "./fixtures.ts";
import { childrenOf, type Lectern, startLectern, until } from "./lectern.ts";
import { watch } from "./lesson-client.ts";
import { runsRare } from "./long-tests.ts";
import { PAYLOAD_TYPE, rtpPublisher, SSRC, sendFile, whenConnected } from "./rtp-publisher.ts";

const HALF_OPEN = "lectern_webrtc_half_open";
const SHORT = { "webrtc.connectSeconds": "2", "publish.graceSeconds": "1" };
const MEGABYTE = 1024 * 1024;
/** A thousand sessions take two cores for twelve seconds, each time. A run that names the file has them all. */
const HALF_OPEN_LIMIT = runsRare ? 1000 : 150;
const ATTACKERS = HALF_OPEN_LIMIT + 100;
/** So many offers come at once; the picture is late by less than a viewer has in hand, where nobody else uses the machine. */
const UNDISTURBED_MS = runsRare ? 3000 : 10_000;

/** An offer that is right, and that nobody stands behind. */
function offer(i: number): string {
  const lines = [
    ...[
      "v=0",
      "o=- 1 1 IN IP4 127.0.0.1",
      "s=-",
      "t=0 0",
      "a=group:BUNDLE 0",
      "m=video 9 UDP/TLS/RTP/SAVPF 96",
      "c=IN IP4 0.0.0.0",
    ],
    ...[
      `a=ice-ufrag:${`user${i}`.padEnd(8, "x")}`,
      `a=ice-pwd:${"p".repeat(24)}`,
      `a=fingerprint:sha-256 ${Array(32).fill("AB").join(":")}`,
    ],
    ...["a=setup:actpass", "a=mid:0", "a=sendonly", "a=rtcp-mux", "a=rtpmap:96 H264/90000", "a=fmtp:96 packetization-mode=1"],
  ];
  return `${lines.join("\r\n")}\r\n`;
}

const post = (lectern: Lectern, name: string, body: string) =>
  fetch(`${lectern.http}/live/${name}/whip`, { method: "POST", headers: { "content-type": "application/sdp" }, body });

/** A connection whose request comes too late is closed: where a thousand at once keep this process from its work, it asks again. */
async function statusOf(lectern: Lectern, name: string, body: string): Promise<number> {
  const response = await post(lectern, name, body).catch(() => post(lectern, name, body));
  await response.arrayBuffer();
  return response.status;
}

/** Resident memory of the media worker, bytes. */
function memoryOf(lectern: Lectern): number {
  const pid = childrenOf(lectern.process.pid ?? 0).find((one) => /\0media-1\0/.test(readFileSync(`/proc/${one}/cmdline`, "utf8")));
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) * 1024;
}

const ended = (lectern: Lectern, reason: string) =>
  until(
    async () => (await lectern.metric(`lectern_webrtc_ended_total{kind="whip",reason="${reason}"}`)) > 0,
    `an end because of ${reason}`,
  );

/** Heaps grow to what is usual: with a thousand sessions that takes five rounds, after which seven more added 22 MB. */
async function assertNoGrowth(t: TestContext, lectern: Lectern, round: () => Promise<unknown>): Promise<void> {
  for (let i = 0; i < 5; i++) await round();
  const before = memoryOf(lectern);
  for (let i = 0; i < 4; i++) await round();
  const grown = memoryOf(lectern) - before;
  t.diagnostic(`memory ${Math.round(before / MEGABYTE)} MB and ${Math.round(grown / MEGABYTE)} MB more`);
  assert.ok(grown < 25 * MEGABYTE, `memory has grown by ${Math.round(grown / MEGABYTE)} MB`);
}

test("hundreds of sessions that are never connected are bounded and time out, disturb nobody, and leave nothing behind", async (t: TestContext) => {
  const limits = { "webrtc.maxHalfOpen": String(HALF_OPEN_LIMIT), "webrtc.maxHalfOpenPerAddress": String(HALF_OPEN_LIMIT) };
  // The first are still open when the last are refused, on a busy machine too.
  const room = { "webrtc.maxSessions": "3000", "webrtc.maxPerAddress": "3000", "webrtc.connectSeconds": runsRare ? "40" : "15" };
  // Made before somebody is connected, who would be silent meanwhile.
  const file = clip("counted", runsRare ? 900 : 90);
  const lectern = await startLectern(t, { ...SHORT, ...limits, ...room, workers: "1" });
  const good = await rtpPublisher(t, { url: `${lectern.http}/live/lesson/whip` });
  await whenConnected(good);
  await sendFile(t, good, file);
  await lectern.stream("lesson", ({ video }) => video !== null);
  const viewer = watch(`${lectern.http}/live/lesson.flv`);
  await until(() => viewer.bytes() > 10_000, "the lesson");
  const round = async () => {
    const statuses = await Promise.all(Array.from({ length: ATTACKERS }, (_, i) => statusOf(lectern, `nobody${i}`, offer(i))));
    assert.equal(await lectern.metric(HALF_OPEN), HALF_OPEN_LIMIT, "all at once");
    await until(async () => (await lectern.metric(HALF_OPEN)) === 0, "the time-outs");
    return statuses;
  };
  const first = await round();
  const counted = (status: number) => first.filter((one) => one === status).length;
  assert.deepEqual([counted(201), counted(429)], [HALF_OPEN_LIMIT, ATTACKERS - HALF_OPEN_LIMIT], "more than the bound are refused");
  // On a machine that others use, memory says little.
  if (runsRare) await assertNoGrowth(t, lectern, round);
  await ended(lectern, "ice-timeout");
  const { publisher } = await lectern.stream("lesson");
  assert.equal(publisher?.protocol, "whip", "the lesson goes on");
  assert.ok(viewer.longestGapMs() < UNDISTURBED_MS, `its viewer waited ${viewer.longestGapMs()} ms`);
  viewer.leave();
});

test("a certificate that is not the one of the description is refused, and counted", async (t) => {
  const lectern = await sharedLectern(SHORT);
  const fake = Array(32).fill("AB").join(":");
  const publisher = await rtpPublisher(t, {
    url: `${lectern.http}/live/fake/whip`,
    offer: (sdp) => sdp.replace(/a=fingerprint:sha-256 .*/, `a=fingerprint:sha-256 ${fake}`),
  });
  assert.equal(publisher.status, 201);
  await ended(lectern, "dtls-failed");
  await until(async () => (await lectern.metric('lectern_webrtc_sessions{kind="whip"}')) === 0, "no session");
});

test("a handshake that never ends is given up", async (t) => {
  const lectern = await sharedLectern(SHORT);
  // The client refuses the server's certificate in silence: its own side waits.
  const publisher = await rtpPublisher(t, {
    url: `${lectern.http}/live/endless/whip`,
    answer: (sdp) => sdp.replace(/a=setup:active/g, "a=setup:passive"),
    offer: (sdp) => sdp.replace(/a=setup:actpass/g, "a=setup:active"),
  });
  assert.equal(publisher.status, 201);
  await until(async () => (await lectern.metric('lectern_webrtc_sessions{kind="whip"}')) === 0, "no session");
});

test("a publisher that floods is closed, and one that sends garbage harms nobody", async (t) => {
  const lectern = await sharedLectern(SHORT);
  const publisher = await rtpPublisher(t, { url: `${lectern.http}/live/flood/whip` });
  await whenConnected(publisher);
  const packet = Buffer.alloc(1100, 0x7c);
  packet.writeUInt8(0x80, 0);
  packet.writeUInt8(PAYLOAD_TYPE.video, 1);
  packet.writeUInt32BE(SSRC.video, 8);
  let sequence = 0;
  const flooding = setInterval(() => {
    for (let i = 0; i < 400 && publisher.tracks.video.isOpen(); i++) {
      packet.writeUInt16BE(sequence++ & 0xffff, 2);
      packet.writeUInt32BE(sequence * 17, 4);
      try {
        publisher.tracks.video.sendMessageBinary(packet);
      } catch {
        return;
      }
    }
  }, 5);
  t.after(() => clearInterval(flooding));
  await ended(lectern, "flood");
  assert.equal((await lectern.api("/api/v1/streams")).status, 200);
});
