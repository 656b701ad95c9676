/**
 * Beacons of players at a running server: how soon they are seen, what is refused, and what a killed process loses.
 * Only with --all, or by name.
 */
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { test } from "node:test";
import type { ViewBeacon } from "../packages/server/src/contracts/playback-sessions/view-beacon.ts";
import { testBeacon } from "../packages/server/src/operations/playback-sessions/test-beacon.ts";
import { sharedLectern, wholeFile } from "./fixtures.ts";
import { type Lectern, until } from "./lectern.ts";
import { ask, done, push, watch } from "./lesson-client.ts";
import { startPostgres } from "./postgres.ts";
import { pidOf } from "./worker-connections.ts";

/** What the API promises. */
const SEEN_WITHIN_MS = 10_000;

let sids = 0;
const newSid = () => `session-${process.pid}-${sids++}`.padEnd(20, "-");

/** A lesson, and a guest's link to its stream. */
async function openLesson(lectern: Lectern) {
  const lesson = await done(lectern, "POST", "/lessons", { title: "Maths" });
  const joined = await done(lectern, "POST", `/lessons/${lesson.code}/join`, { name: "Mei" });
  const link = new URL(joined.play.flv).search.slice(1);
  const cid = `live/${lesson.stream.name}`;
  const beacon = (of: Partial<ViewBeacon> = {}) => testBeacon({ cid, link, ts: Date.now(), ...of });
  const experience = () => done(lectern, "GET", `/lessons/${lesson.id}/experience`);
  return { lesson, joined, cid, beacon, experience };
}

/** The status, and the code of a refusal. */
async function tell({ http }: Lectern, beacon: unknown): Promise<string> {
  const body = typeof beacon === "string" ? beacon : JSON.stringify(beacon);
  const response = await fetch(`${http}/api/v1/views`, { method: "POST", headers: { "content-type": "text/plain" }, body });
  const text = await response.text();
  return `${response.status} ${text === "" ? "" : JSON.parse(text).code}`.trim();
}

for (const database of ["embedded database", "PostgreSQL"] as const)
  test(`${database}: what a beacon tells is in the lesson's figures within ten seconds, and strangers do not see it`, async (t) => {
    const url = database === "PostgreSQL" ? { "database.url": (await startPostgres(wholeFile)).database() } : {};
    const lectern = await sharedLectern(url);
    const { beacon, experience, joined, lesson } = await openLesson(lectern);
    const sid = newSid();
    let told = performance.now();
    const seen: number[] = [];
    const reach = async (holds: (figures: Awaited<ReturnType<typeof experience>>) => boolean, what: string) => {
      await until(async () => holds(await experience()), what);
      seen.push(performance.now() - told);
    };
    assert.equal(await tell(lectern, beacon({ sid, msd: 400 })), "204");
    await reach(({ sessions, viewers, firstFrameMs }) => sessions === 1 && viewers === 1 && firstFrameMs.p50 > 300, "a viewer");
    told = performance.now();
    const stall = {
      stalls: 1,
      bsd: 3000,
      watchedMs: 7000,
      heardMs: 7000,
      stallList: [{ at: Date.now(), ms: 3000, cause: "starved" as const }],
    };
    assert.equal(await tell(lectern, beacon({ sid, sn: 1, ...stall })), "204");
    await reach(({ stalls, stallMs, stallRatio }) => stalls === 1 && stallMs === 3000 && stallRatio > 0.1, "a stall");
    told = performance.now();
    assert.equal(await tell(lectern, beacon({ sid, sn: 2, watchedMs: 0, heardMs: 0, end: "left" })), "204");
    await reach(({ viewers }) => viewers === 0, "that nobody watches");
    t.diagnostic(`seen after ${seen.map(Math.round)} ms`);
    assert.ok(
      seen.every((ms) => ms < SEEN_WITHIN_MS),
      `seen after ${seen.map(Math.round)} ms`,
    );
    const { body } = await ask(lectern, "GET", `/views?lessonId=${lesson.id}`);
    assert.deepEqual(
      body.items.map(({ id, participantId, network, name }: Record<string, string>) => [id, participantId, network, name]),
      [[sid, joined.viewer, "127.0.0.0/24", "Mei"]],
    );
    for (const path of [`/views?lessonId=${lesson.id}`, `/views/${sid}`, `/lessons/${lesson.id}/experience`])
      assert.equal((await ask(lectern, "GET", path, undefined, null)).status, 401, path);
  });

test("what no player sends is refused with a code, and changes no figure", async () => {
  const lectern = await sharedLectern();
  const [{ beacon, experience, cid }, other] = [await openLesson(lectern), await openLesson(lectern)];
  const sid = newSid();
  assert.equal(await tell(lectern, beacon({ sid })), "204");
  const refusals: readonly (readonly [string, unknown, string])[] = [
    ["too large", `${JSON.stringify(beacon())}${" ".repeat(9000)}`, "413 too-large"],
    ["no JSON", "{", "400 bad-request"],
    ["no object", "[]", "400 bad-request"],
    ["an unknown field", { ...beacon(), more: 1 }, "400 bad-request"],
    ["negative", beacon({ sid: newSid(), watchedMs: -1 }), "400 bad-request"],
    ["huge", beacon({ sid: newSid(), watchedMs: 1e15 }), "400 bad-request"],
    ["more time than passed", beacon({ sid: newSid(), watchedMs: 60_000 }), "400 bad-request"],
    ["a day at once", beacon({ sid: newSid(), intervalMs: 86_000_000, watchedMs: 86_000_000 }), "400 bad-request"],
    ["more frames than screens show", beacon({ sid: newSid(), frames: 900_000 }), "400 bad-request"],
    ["a character of zero", beacon({ sid: newSid(), edge: "a\0b" }), "400 bad-request"],
    ["without a link", { ...beacon({ sid: newSid() }), link: undefined }, "401 bad-signature"],
    ["another lesson's link", beacon({ sid: newSid(), ...pick(other.beacon()) }), "401 bad-signature"],
    ["another lesson in a session", beacon({ sid, sn: 1, cid: other.cid }), "400 bad-request"],
    ["another viewer in a session", beacon({ sid, sn: 1, ...pick((await openViewer(lectern, cid)).beacon) }), "401 bad-signature"],
    ["another trace in a session", beacon({ sid, sn: 1, trace: "f".repeat(32) }), "400 bad-request"],
    ["a stream that is not there", testBeacon({ sid: newSid(), cid: "live/nobody" }), "404 no-such-stream"],
  ];
  for (const [what, body, expected] of refusals) assert.equal(await tell(lectern, body), expected, what);
  for (const [body, why] of [
    ["{", /no JSON/],
    [{ ...beacon(), more: 1 }, /^more: /],
    [beacon({ sid: newSid(), watchedMs: -1 }), /^watchedMs: /],
    [beacon({ sid: newSid(), watchedMs: 60_000 }), /watchedMs, bsd, intervalMs/],
    [beacon({ sid, sn: 1, cid: other.cid }), /another stream/],
  ] as const) {
    const text = typeof body === "string" ? body : JSON.stringify(body);
    const answer = await fetch(`${lectern.http}/api/v1/views`, { method: "POST", body: text });
    assert.match(String(Reflect.get(Object(await answer.json()), "detail")), why);
  }
  const wrongMethod = await fetch(`${lectern.http}/api/v1/views`, { method: "DELETE" });
  assert.deepEqual([wrongMethod.status, wrongMethod.headers.get("allow")], [405, "GET, HEAD, OPTIONS, POST"]);
  // A clock that is off by years, and numbers that come twice and in another order, are nobody's fault.
  assert.equal(await tell(lectern, beacon({ sid, sn: 3, ts: 0 })), "204");
  assert.equal(await tell(lectern, beacon({ sid, sn: 2, ts: 4e12 })), "204");
  assert.equal(await tell(lectern, beacon({ sid, sn: 3 })), "204");
  const figures = await until(async () => {
    const now = await experience();
    return now.watchedMs >= 30_000 && now;
  }, "the figures");
  assert.deepEqual([figures.watchedMs, figures.sessions, figures.minutes.length <= 2], [30_000, 1, true]);
  assert.equal((await other.experience()).watchedMs, 0);
});

const pick = ({ link }: ViewBeacon): { link: string } => ({ link: link ?? "" });

/** Another guest of the lesson with that stream. */
async function openViewer(lectern: Lectern, cid: string) {
  const { items } = await done(lectern, "GET", "/lessons?limit=100");
  const { code } = items.find(({ stream }: { stream: { name: string } }) => cid === `live/${stream.name}`);
  const joined = await done(lectern, "POST", `/lessons/${code}/join`, { name: "Ben" });
  return { beacon: testBeacon({ cid, link: new URL(joined.play.flv).search.slice(1) }) };
}

test("half a request, and a body that does not come, hold up nobody and are closed", async (t) => {
  const lectern = await sharedLectern();
  const { beacon } = await openLesson(lectern);
  const head = "POST /api/v1/views HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\n";
  const sockets = [head, `${head}Content-Length: 500\r\n\r\n`, `${head}Content-Length: 500\r\n\r\n{"v":1,`].map((text) => {
    const socket = connect(lectern.httpPort, "127.0.0.1");
    socket.write(text);
    socket.on("error", () => {});
    socket.resume();
    t.after(() => socket.destroy());
    return socket;
  });
  assert.equal(await tell(lectern, beacon({ sid: newSid() })), "204");
  await Promise.all(sockets.slice(1).map((socket) => once(socket, "close")));
});

test("somebody in fifty tabs is counted in each; a flood from one address is refused, and others' picture and figures go on", async (t) => {
  const lectern = await sharedLectern();
  const { beacon, experience } = await openLesson(lectern);
  for (let tab = 0; tab < 50; tab++) assert.equal(await tell(lectern, beacon({ sid: newSid() })), "204");
  await until(async () => (await experience()).sessions === 50, "fifty sessions");

  push(t, `${lectern.rtmp}/live/calm`);
  await lectern.stream("calm", (now) => now.video !== null);
  const viewer = watch(`${lectern.http}/live/calm.flv`);
  await until(() => viewer.bytes() > 50_000, "a picture");
  const normal = newSid();
  assert.equal(await tell(lectern, testBeacon({ sid: normal, cid: "live/calm" })), "204");
  const results = new Map<string, number>();
  const note = (result: string) => results.set(result, (results.get(result) ?? 0) + 1);
  const begun = performance.now();
  // 200 at a time, as fast as they are answered: sessions without end with one genuine link, and one session that tells without end.
  const endless = newSid();
  for (let round = 0; round < 5; round++) {
    const all = Array.from({ length: 200 }, (_, i) =>
      tell(lectern, i % 2 === 0 ? beacon({ sid: newSid() }) : testBeacon({ sid: endless, sn: round * 200 + i, cid: "live/calm" })),
    );
    for (const result of await Promise.all(all)) note(result);
  }
  const seconds = (performance.now() - begun) / 1000;
  assert.equal(await tell(lectern, testBeacon({ sid: normal, sn: 1, cid: "live/calm" })), "204");
  assert.equal(await tell(lectern, testBeacon({ sid: newSid(), cid: "live/calm" })), "204", "a neighbour behind the same address");
  t.diagnostic(`${Math.round(1000 / seconds)} beacons/s: ${JSON.stringify([...results])}`);
  assert.deepEqual([...results.keys()].toSorted(), ["204", "429 too-many"]);
  assert.ok((results.get("429 too-many") ?? 0) > 500);
  viewer.leave();
  assert.ok(viewer.longestGapMs() < 2000, `the picture had a gap of ${viewer.longestGapMs()} ms`);
  assert.ok((await experience()).sessions <= 200, "no more sessions than a viewer may begin");
});

test("a killed control process loses nothing and counts nothing twice; a killed worker loses what it had not told", async () => {
  const lectern = await sharedLectern({ workers: "1" });
  const { beacon, experience } = await openLesson(lectern);
  let taken = 0;
  let isOver = false;
  const telling = (async () => {
    while (!isOver) {
      const result = await tell(lectern, beacon({ sid: newSid(), watchedMs: 1000, heardMs: 0 }));
      if (result === "204") taken++;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  })();
  for (let death = 0; death < 3; death++) {
    await until(async () => taken > (death + 1) * 20, "beacons that were taken");
    const before = pidOf(lectern, "control");
    process.kill(before, "SIGKILL");
    await until(() => {
      try {
        return pidOf(lectern, "control") !== before;
      } catch {
        return false;
      }
    }, "a new control process");
  }
  isOver = true;
  await telling;
  const all = await until(async () => {
    const now = await experience().catch(() => null);
    return now !== null && now.sessions >= taken && now;
  }, "all figures");
  // Two more batches.
  await new Promise((resolve) => setTimeout(resolve, 5000));
  assert.deepEqual([all.sessions, (await experience()).watchedMs], [taken, 1000 * taken]);

  const sid = newSid();
  assert.equal(await tell(lectern, beacon({ sid, watchedMs: 1000, heardMs: 0 })), "204");
  process.kill(pidOf(lectern, "media-1"), "SIGKILL");
  await until(
    async () => (await tell(lectern, beacon({ sid, sn: 1, watchedMs: 1000, heardMs: 0 })).catch(() => "")) === "204",
    "a new worker",
  );
  const after = await until(async () => {
    const now = await experience().catch(() => null);
    return now !== null && now.watchedMs > 1000 * taken && now;
  }, "what was told to it");
  assert.ok(after.watchedMs <= 1000 * (taken + 2) && after.sessions <= taken + 1, "never twice");
});
