/**
 * A caching proxy configured as docs/cdn.md says: the server gets one request for each part, whatever the number of viewers. Runs late: they
 * have to ask for a part while it is new.
 * Only with --all, or by name.
 */
import assert from "node:assert/strict";
import { request as ask, createServer } from "node:http";
import { type TestContext, test } from "node:test";
import { ffmpeg } from "./ffmpeg.ts";
import { mediaPlaylistOf } from "./hls-conformance.ts";
import { readPlaylist } from "./hls-reader.ts";
import { freePort, type Lectern, startLectern, until } from "./lectern.ts";
import { done } from "./lesson-client.ts";
import { runsRare } from "./long-tests.ts";
import { documented, startNginx } from "./nginx.ts";

const VIEWERS = runsRare ? 500 : 100;

/** Stands between the cache and the server, and counts what is asked for. */
async function counter(t: TestContext, lectern: Lectern): Promise<{ port: number; counts: Map<string, number> }> {
  const counts = new Map<string, number>();
  const server = createServer((request, response) => {
    const path = (request.url ?? "").replace(/\/s\/[^/]+/, "/s/-");
    counts.set(path, (counts.get(path) ?? 0) + 1);
    const onward = ask(
      { host: "127.0.0.1", port: lectern.httpPort, path: request.url, method: request.method, headers: request.headers },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      },
    );
    onward.on("error", () => response.destroy());
    onward.end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  return { port: typeof address === "object" && address ? address.port : 0, counts };
}

/** The status of a path that is sent as it is; `fetch` would resolve its dots. */
function statusOf(base: string, path: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const asked = ask(`${base}/`, { path }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    asked.on("error", reject);
    asked.end();
  });
}

/** A live lesson through nginx, with the media playlist of a guest. */
async function lessonBehindNginx(t: TestContext) {
  const limits = { "limits.perAddress.requestsPerSecond": "100000", "limits.perAddress.connections": "100000" };
  // Long segments: a playlist is the same for everybody, and stays in the cache, for as long as a slow machine takes.
  const long = { "hls.segmentSeconds": "10", "hls.partMs": "1000" };
  const lectern = await startLectern(t, { ...limits, ...long });
  const lesson = await done(lectern, "POST", "/lessons", { title: "Maths" });
  const clip = ["-re", "-f", "lavfi", "-i", "testsrc2=size=160x90:rate=10", "-c:v", "libx264", "-preset", "ultrafast", "-g", "100"];
  ffmpeg(t, [...clip, "-f", "flv", lesson.stream.rtmpUrl]);
  await lectern.stream(lesson.stream.name, (stream) => stream.video !== null);
  const { port: counted, counts } = await counter(t, lectern);
  const port = await freePort();
  const configuration = documented("cdn.md")
    .replace("127.0.0.1:8080", `127.0.0.1:${counted}`)
    .replace("listen 80;", `listen 127.0.0.1:${port};`);
  const nginx = await startNginx(t, port, configuration);
  const enter = async (name: string) => {
    const { viewer, play } = await done(lectern, "POST", `/lessons/${lesson.code}/join`, { name });
    const { pathname, search } = new URL(play.hls);
    return { viewer, open: () => mediaPlaylistOf(`${nginx}${pathname}${search}`) };
  };
  return { lectern, lesson, nginx, counts, enter };
}

test("all viewers of a lesson through nginx cost the server one request for each part and each playlist", async (t) => {
  const { lectern, lesson, nginx, counts, enter } = await lessonBehindNginx(t);
  const { name } = lesson.stream;
  const [anna, ben] = [await enter("Anna"), await enter("Ben")];
  const hers = await anna.open();
  const bases = [hers, ...(await Promise.all(Array.from({ length: VIEWERS - 1 }, ben.open)))];
  const before = readPlaylist(await (await fetch(hers)).text());
  const msn = (before.segments.at(-1)?.msn ?? 0) + 1;
  const got = new Map<string, Set<string>>();
  const see = (key: string, bytes: string) => got.set(key, (got.get(key) ?? new Set()).add(bytes));
  const permission = `/live/${name}/s/-`;
  const [checkedBefore, begun] = [counts.get(`${permission}/`) ?? 0, performance.now()];
  const files: string[] = [];
  await Promise.all(
    bases.map(async (base) => {
      for (const part of [0, 1, 2, 3]) {
        const response = await fetch(`${base}?_HLS_msn=${msn}&_HLS_part=${part}`);
        assert.deepEqual([response.status, response.headers.get("cache-control")], [200, `public, max-age=${6 * before.target}`]);
        const text = await response.text();
        see(`playlist ${part}`, text);
        const uri = readPlaylist(text).segments.find((segment) => segment.msn === msn)?.parts[part]?.uri ?? "";
        const media = await fetch(new URL(uri, base));
        assert.equal(media.status, 200);
        see(`part ${part}`, Buffer.from(await media.arrayBuffer()).toString("base64"));
        if (base === hers || base === bases[1]) files.push(new URL(uri, base).href);
      }
    }),
  );
  assert.deepEqual(
    [...got.values()].map((seen) => seen.size),
    Array.from({ length: 8 }, () => 1),
  );
  const asked = [...counts].filter(([path]) => path.includes(`-${msn}.`) || path.includes(`_HLS_msn=${msn}`));
  assert.equal(asked.length, 8, JSON.stringify(asked));
  for (const [path, count] of asked) assert.equal(count, 1, `${path} was asked for ${count} times`);
  const checks = (counts.get(`${permission}/`) ?? 0) - checkedBefore;
  const allowed = VIEWERS * (Math.ceil((performance.now() - begun) / 2000) + 1);
  t.diagnostic(`${checks} permission checks for ${VIEWERS * 8} requests of ${VIEWERS} viewers`);
  assert.ok(checks > 0 && checks <= allowed, `${checks} permission checks, at most ${allowed}`);
  assert.equal((await lectern.stream(name, (stream) => stream.viewers.hls === VIEWERS)).viewers.total, VIEWERS);

  // What is in the cache needs a session all the same, however its address is written.
  const path = new URL(files[0] ?? "").pathname;
  const [, session = ""] = /\/s\/([^/]+)\//.exec(path) ?? [];
  const forged = "A".repeat(40);
  for (const wrong of [
    path.replace(`/s/${session}`, ""),
    path.replace(session, forged),
    path.replace(session, "-"),
    path.replace("/s/", "/./s/").replace(session, forged),
    path.replace("/s/", "/%2e/s/").replace(session, forged),
    path.replace("/s/", "//s/").replace(session, forged),
    path.replace("/s/", "/x/../s/").replace(session, forged),
  ])
    assert.ok([401, 404].includes(await statusOf(nginx, wrong)), `${wrong}: ${await statusOf(nginx, wrong)}`);

  // Who is removed gets nothing from the cache either, and the others do.
  const status = async (of: string) =>
    (await fetch(files.find((file) => file.startsWith(of.replace(/index\.m3u8$/, ""))) ?? "")).status;
  const [his = ""] = bases.slice(1);
  await done(lectern, "DELETE", `/lessons/${lesson.id}/participants/${anna.viewer}`);
  const removed = performance.now();
  await until(async () => (await status(hers)) === 403, "the refusal of a removed viewer");
  t.diagnostic(`the cache refused the removed viewer after ${Math.round(performance.now() - removed)} ms`);
  assert.equal(await status(his), 200);
});
