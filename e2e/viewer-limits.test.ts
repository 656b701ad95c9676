/**
 * Limits of connections of one person or link, and of all viewers, by every protocol, across workers; across nodes: cluster-doors.test.ts.
 * Only with --all, or by name.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { signLink } from "../packages/server/src/access/links/signed-link.ts";
import { ACCESS_SETTINGS, LINK_SECRET as SECRET, WORKERS } from "./access-server.ts";
import { clip } from "./clips.ts";
import { publishTo } from "./cluster.ts";
import { publishForever } from "./ffmpeg.ts";
import { sharedLectern, wholeFile } from "./fixtures.ts";
import { type Lectern, until } from "./lectern.ts";
import { type Body, done } from "./lesson-client.ts";
import { connectionTo, type From, get, type WatchedBy, type Watching, watch, watchOnce } from "./watching.ts";
import { pidOf } from "./worker-connections.ts";

const STREAM = "limited";
const PROTOCOLS = ["flv", "ws", "rtmp", "hls"] as const;
const SOON = Math.floor(Date.now() / 1000) + 3600;

let people = 0;
/** A link for somebody of whom no test knows yet. @param isNamed whether it names the person */
function newLink(isNamed = true, name = STREAM): string {
  people++;
  const claims = { app: "live", name, expires: SOON + people, ...(isNamed ? { viewer: `person-${people}` } : {}) };
  return signLink(claims, SECRET).toString();
}

const PHONE = { ip: "127.0.0.2", agent: "phone" };
const LAPTOP = { ip: "127.0.0.3", agent: "laptop" };

type Limits = { readonly most?: number; readonly perViewer?: number; readonly over?: string; readonly mode?: string };
/** The policy of each stream. */
const policies = new Map<string, string>();
let marks = 0;

/** Sets a stream's limits, and waits until both workers have them. */
async function limit(lectern: Lectern, limits: Limits | null, name = STREAM): Promise<void> {
  const mark = `mark-${++marks}`;
  const rules = [
    ...(limits ? [{ kind: "viewers", for: "play", ...limits }] : []),
    { kind: "user-agents", for: "play", deny: [mark] },
  ];
  const target = { level: "stream", id: `live/${name}` };
  const known = policies.get(name);
  const { id } = await (known === undefined
    ? done(lectern, "POST", "/policies", { target, rules })
    : done(lectern, "PATCH", `/policies/${known}`, { rules }));
  policies.set(name, id);
  for (const worker of WORKERS) {
    const socket = await connectionTo(lectern, { worker });
    await until(async () => (await get(socket, `/live/${name}.rungs.json`, { agent: mark })).status === 403, "the rules");
    socket.destroy();
  }
}

let opened: Promise<Lectern> | null = null;
function liveServer(): Promise<Lectern> {
  opened ??= (async () => {
    const lectern = await sharedLectern(ACCESS_SETTINGS);
    publishTo(wholeFile, clip("b-frames"), STREAM, () => [lectern]);
    await lectern.stream(STREAM, (stream) => stream.video?.gopSeconds != null);
    return lectern;
  })();
  return opened;
}

async function playlistStatus(lectern: Lectern, { playlist }: Pick<Watching, "playlist">, from: From): Promise<number> {
  const socket = await connectionTo(lectern, from);
  const { status } = await get(socket, playlist, from);
  socket.destroy();
  return status;
}

/** Each protocol once as the first and as the second: viewer-seats.test.ts shows that all of them ask for one seat. */
const PAIRS = [
  ["flv", "rtmp"],
  ["ws", "flv"],
  ["rtmp", "hls"],
  ["hls", "ws"],
] as const;

for (const [first, second] of PAIRS)
  test(`a link that is watched by ${first} is refused by ${second} on another device at another worker, until the first has left`, async (t) => {
    const lectern = await liveServer();
    await limit(lectern, { perViewer: 1, over: "refuse-newest" });
    const query = newLink(first !== "flv");
    const phone = await watch(t, lectern, first, STREAM, { ...PHONE, query, worker: WORKERS[0] });
    assert.equal(phone.answer, "in");
    const from = { ...LAPTOP, query, worker: WORKERS[1] };
    assert.equal((await watch(t, lectern, second, STREAM, from)).answer, "too-many");
    assert.equal((await watch(t, lectern, second, STREAM, { ...from, query: newLink() })).answer, "in", "another person");
    phone.leave();
    await watchOnce(t, lectern, second, STREAM, from);
    if (first === "hls")
      await until(
        async () => (await playlistStatus(lectern, phone, { ...PHONE, worker: WORKERS[1] })) === 429,
        "its session's end",
      );
  });

for (const first of PROTOCOLS)
  test(`of a link that may be watched once, the newest ends the one by ${first} that began before`, async (t) => {
    const lectern = await liveServer();
    await limit(lectern, { perViewer: 1, over: "end-oldest" });
    const query = newLink();
    const phone = { ...PHONE, query, worker: WORKERS[0] };
    const before = await watch(t, lectern, first, STREAM, phone);
    if (first === "hls") assert.equal(await playlistStatus(lectern, before, { ...PHONE, worker: WORKERS[1] }), 200);
    const after = await watch(t, lectern, "ws", STREAM, { ...LAPTOP, query, worker: WORKERS[1] });
    assert.deepEqual([before.answer, after.answer], ["in", "in"]);
    if (first === "hls") {
      for (const worker of WORKERS)
        await until(async () => (await playlistStatus(lectern, before, { ...PHONE, worker })) === 429, `the end at ${worker}`);
    } else assert.equal(await before.ended, first === "flv" ? "closed" : "too-many");
    const again = await watch(t, lectern, "flv", STREAM, phone);
    assert.equal(again.answer, "in");
    assert.equal(await after.ended, "too-many");
  });

test("a player that comes again takes over its own seat, though its broken connection is not noticed yet", async (t) => {
  const lectern = await liveServer();
  await limit(lectern, { perViewer: 1, over: "refuse-newest" });
  const query = newLink();
  const phone = { ...PHONE, query };
  const broken = await watch(t, lectern, "ws", STREAM, { ...phone, worker: WORKERS[0] });
  const again = await watch(t, lectern, "ws", STREAM, { ...phone, worker: WORKERS[1] });
  assert.deepEqual([broken.answer, again.answer], ["in", "in"]);
  assert.equal((await watch(t, lectern, "flv", STREAM, { ...LAPTOP, query })).answer, "too-many");
  const session = await watch(t, lectern, "hls", STREAM, { ...phone, worker: WORKERS[0] });
  const next = await watch(t, lectern, "hls", STREAM, { ...phone, worker: WORKERS[1] });
  assert.deepEqual([session.answer, next.answer], ["in", "in"]);
  for (const worker of WORKERS)
    await until(
      async () => (await playlistStatus(lectern, session, { ...phone, worker })) === 429,
      `the old session's end at ${worker}`,
    );
  assert.equal(await playlistStatus(lectern, next, phone), 200);
  assert.deepEqual([await broken.ended, await again.ended], ["too-many", "too-many"], "what was taken over ends a little later");
});

test("of many that come with one link at the same moment, exactly as many as it may have are let in", async (t) => {
  const lectern = await liveServer();
  await limit(lectern, { perViewer: 3, over: "refuse-newest" });
  const query = newLink(false);
  const all = await Promise.all(
    Array.from({ length: 24 }, (_, i) =>
      watch(t, lectern, PROTOCOLS[i % 4] ?? "flv", STREAM, { ip: `127.0.1.${i}`, agent: "player", query }),
    ),
  );
  const answers = all.map(({ answer }) => answer);
  assert.deepEqual(
    [answers.filter((answer) => answer === "in").length, answers.filter((answer) => answer === "too-many").length],
    [3, 21],
  );
});

test("viewers without a link have no limit each, and all together the limit of all; what takes no seat is refused no more", async (t) => {
  const lectern = await liveServer();
  const name = "crowded";
  publishForever(t, clip("b-frames"), `${lectern.rtmp}/live/${name}`);
  await lectern.stream(name, (stream) => stream.video?.gopSeconds != null);
  await limit(lectern, { perViewer: 1, most: 3 }, name);
  const comes = (by: WatchedBy) => watch(t, lectern, by, name, PHONE);
  const all = [await comes("flv"), await comes("rtmp"), await comes("ws")];
  assert.deepEqual(
    all.map(({ answer }) => answer),
    ["in", "in", "in"],
  );
  for (const by of PROTOCOLS) assert.equal((await comes(by)).answer, "full", by);
  all[1]?.leave();
  const next = await watchOnce(t, lectern, "ws", name, PHONE);
  assert.equal(next.answer, "in");
});

test("rules that come into force while a link is watched end its newest connections; with rules that go, all are let in", async (t) => {
  const lectern = await liveServer();
  await limit(lectern, null);
  const query = newLink();
  const watchers: Watching[] = [];
  for (const [i, by] of (["flv", "ws", "rtmp"] as const).entries())
    watchers.push(
      await watch(t, lectern, by, STREAM, {
        ip: `127.0.2.${i}`,
        query,
        ...(by === "rtmp" ? {} : { worker: WORKERS[i % 2] ?? "" }),
      }),
    );
  await limit(lectern, { perViewer: 1, over: "refuse-newest" });
  assert.deepEqual([await watchers[1]?.ended, await watchers[2]?.ended], ["too-many", "too-many"]);
  assert.equal((await watch(t, lectern, "flv", STREAM, { ...LAPTOP, query })).answer, "too-many", "the first still watches");
  await limit(lectern, null);
  assert.equal((await watch(t, lectern, "flv", STREAM, { ...LAPTOP, query })).answer, "in");
});

test("a rule in dry-run refuses nobody, and what it would have refused is counted", async (t) => {
  const lectern = await liveServer();
  await limit(lectern, { perViewer: 1, mode: "dry-run" });
  const query = newLink();
  assert.equal((await watch(t, lectern, "flv", STREAM, { ...PHONE, query })).answer, "in");
  assert.equal((await watch(t, lectern, "ws", STREAM, { ...LAPTOP, query })).answer, "in");
  await until(async () => {
    const { items } = (await (await lectern.api("/api/v1/policies/refusals")).json()) as { items: object[] };
    return items.some(
      (one) => "dryRun" in one && one.dryRun && "rule" in one && one.rule === "viewers" && "count" in one && one.count === 1,
    );
  }, "its count");
});

test("the seats of a worker that dies are free at once, and an HLS session of it goes on at another worker with its seat", async (t) => {
  const lectern = await liveServer();
  await limit(lectern, { perViewer: 1, over: "refuse-newest" });
  const [byFlv, byHls] = [newLink(), newLink()];
  const flv = await watch(t, lectern, "flv", STREAM, { ...PHONE, query: byFlv, worker: WORKERS[0] });
  const hls = await watch(t, lectern, "hls", STREAM, { ...PHONE, query: byHls, worker: WORKERS[0] });
  assert.deepEqual([flv.answer, hls.answer], ["in", "in"]);
  process.kill(pidOf(lectern, WORKERS[0]), "SIGKILL");
  assert.equal(await flv.ended, "closed");
  await watchOnce(t, lectern, "flv", STREAM, { ...LAPTOP, query: byFlv });
  // The other worker tells that it sees the session.
  await until(async () => {
    const status = await playlistStatus(lectern, hls, { ...PHONE, worker: WORKERS[1] });
    assert.ok(status === 200 || status === 404, `${status}`);
    const probe = await connectionTo(lectern, LAPTOP);
    probe.write(`HEAD /live/${STREAM}.m3u8?${byHls} HTTP/1.1\r\nHost: test\r\nUser-Agent: laptop\r\n\r\n`);
    const head = await new Promise<string>((resolve) => probe.once("data", (bytes: Buffer) => resolve(bytes.toString())));
    probe.destroy();
    return head.startsWith("HTTP/1.1 429");
  }, "the session to have its seat again");
});

test("a recording and the past of a live stream are watched by one device at a time, by HLS and as a download", async (t) => {
  const lectern = await liveServer();
  const name = "recorded";
  const { child } = publishForever(t, clip("b-frames"), `${lectern.rtmp}/live/${name}`);
  await lectern.stream(name, (stream) => stream.video?.gopSeconds != null);
  await limit(lectern, { perViewer: 1 }, name);
  const shifted = `time_delay=2&${newLink(true, name)}`;
  const past = await until(async () => {
    const watching = await watch(t, lectern, "hls", name, { ...PHONE, query: shifted, worker: WORKERS[0] });
    return watching.answer === "in" ? watching : null;
  }, "a past");
  await until(async () => (await playlistStatus(lectern, past, { ...PHONE, worker: WORKERS[1] })) === 200, "segments of then");
  for (const by of ["hls", "flv"] as const)
    assert.equal((await watch(t, lectern, by, name, { ...LAPTOP, query: shifted, worker: WORKERS[1] })).answer, "too-many");
  const again = await watch(t, lectern, "hls", name, { ...PHONE, query: shifted, worker: WORKERS[1] });
  assert.equal(again.answer, "in");
  for (const worker of WORKERS)
    await until(
      async () => (await playlistStatus(lectern, past, { ...PHONE, worker })) === 429,
      `the old session's end at ${worker}`,
    );
  child.kill("SIGKILL");
  const recording: Body = await until(
    async () => (await done(lectern, "GET", "/recordings")).items.find((one: Body) => one.name === name && one.whole) ?? null,
    "the recording",
  );
  const query = signLink({ app: "vod", name: recording.id, expires: SOON, viewer: "anna" }, SECRET);
  const ask = async (format: string, from: From) => {
    const socket = await connectionTo(lectern, from);
    const answer = await get(socket, `/vod/${recording.id}.${format}?${query}`, from);
    socket.destroy();
    return answer;
  };
  const { status, body } = await ask("m3u8", { ...PHONE, worker: WORKERS[0] });
  assert.equal(status, 200);
  const statuses = async (from: From) => [
    (await ask("m3u8", from)).status,
    (await ask("flv", from)).status,
    (await ask("mp4", from)).status,
  ];
  assert.deepEqual(await statuses(LAPTOP), [429, 429, 429]);
  const session = { playlist: `/vod/${body.split("\n").find((line) => line.endsWith(".m3u8"))}` };
  for (const worker of WORKERS) assert.equal(await playlistStatus(lectern, session, { ...PHONE, worker }), 200);
  assert.equal((await ask("mp4", { ...PHONE, worker: WORKERS[1] })).status, 200, "the same device takes over");
  await until(async () => (await playlistStatus(lectern, session, PHONE)) === 429, "the session's end");
  await until(async () => (await ask("m3u8", LAPTOP)).status === 200, "the download's seat");
});
