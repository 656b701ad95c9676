/**
 * A caching proxy configured as docs/cdn.md says: the server gets one request for each part, whatever the number of viewers. Runs alone: five
 * hundred viewers have to ask for a part while it is new.
 */
import assert from "node:assert/strict";
import { request as ask, createServer } from "node:http";
import { type TestContext, test } from "node:test";
import { ffmpeg } from "./ffmpeg.ts";
import { mediaPlaylistOf } from "./hls-conformance.ts";
import { readPlaylist } from "./hls-reader.ts";
import { freePort, type Lectern, startLectern } from "./lectern.ts";
import { documented, startNginx } from "./nginx.ts";

const VIEWERS = 500;

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

test("five hundred viewers through nginx cost the server one request for each part and each playlist", async (t) => {
  const limits = { "limits.perAddress.requestsPerSecond": "100000", "limits.perAddress.connections": "100000" };
  // Long segments: a playlist is the same for everybody until its position is more than a segment behind, however slow the machine is.
  const long = { "hls.segmentSeconds": "10", "hls.partMs": "1000" };
  const lectern = await startLectern(t, { ...limits, ...long, "hls.strict": "true" });
  const clip = [
    "-re",
    "-f",
    "lavfi",
    "-i",
    "testsrc2=size=320x180:rate=25",
    "-c:v",
    "libx264",
    "-preset",
    "ultrafast",
    "-g",
    "250",
  ];
  ffmpeg(t, [...clip, "-f", "flv", `${lectern.rtmp}/live/many`]);
  await lectern.stream("many", (stream) => stream.video !== null);
  const { port: counted, counts } = await counter(t, lectern);
  const port = await freePort();
  const configuration = documented("cdn.md")
    .replace("127.0.0.1:8080", `127.0.0.1:${counted}`)
    .replace("listen 80;", `listen 127.0.0.1:${port};`);
  const nginx = await startNginx(t, port, configuration);

  const bases = await Promise.all(Array.from({ length: VIEWERS }, () => mediaPlaylistOf(`${nginx}/live/many.m3u8`)));
  const [first = ""] = bases;
  const before = readPlaylist(await (await fetch(first)).text());
  const msn = (before.segments.at(-1)?.msn ?? 0) + 1;
  const got = new Map<string, Set<string>>();
  const see = (key: string, bytes: string) => got.set(key, (got.get(key) ?? new Set()).add(bytes));
  await Promise.all(
    bases.map(async (base) => {
      for (const part of [0, 1, 2, 3]) {
        const response = await fetch(`${base}?_HLS_msn=${msn}&_HLS_part=${part}`);
        assert.equal(response.status, 200);
        const text = await response.text();
        see(`playlist ${part}`, text);
        const uri = readPlaylist(text).segments.find((segment) => segment.msn === msn)?.parts[part]?.uri ?? "";
        const media = await fetch(new URL(uri, base));
        assert.equal(media.status, 200);
        see(`part ${part}`, Buffer.from(await media.arrayBuffer()).toString("base64"));
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
  assert.equal((await lectern.stream("many", (stream) => stream.viewers.hls === VIEWERS)).viewers.total, VIEWERS);

  // Permission is asked although the file is in the cache.
  const known = [...counts.keys()].find((path) => path.endsWith(`-${msn}.0.m4s`)) ?? "";
  assert.equal((await fetch(`${nginx}${known.replace("/s/-", `/s/${"A".repeat(40)}`)}`)).status, 401);
});
