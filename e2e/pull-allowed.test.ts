/** What a pulled channel may reach: an origin outside cannot lead it, or its ffmpeg, to a server inside. */
import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createServer as createHttpServer } from "node:http";
import { createServer, type Server } from "node:net";
import { describe, type TestContext, test } from "node:test";
import { clip } from "./clips.ts";
import { ffmpegDone } from "./ffmpeg.ts";
import { pullChannel } from "./pulled-channel.ts";

/** The origin that is allowed, and the network that is not. */
const OUTSIDE = "127.0.0.2";
const INSIDE = "127.0.0.1";
const ALLOW = [OUTSIDE];

type Inside = { readonly port: number; readonly visits: () => number };

/** A server inside, that counts who comes, by TCP and UDP. */
async function startInside(t: TestContext): Promise<Inside> {
  let visits = 0;
  const server = createServer((socket) => {
    visits++;
    socket.destroy();
  });
  const port = await listen(t, server, INSIDE);
  const datagrams = createSocket("udp4", () => visits++).bind(port, INSIDE);
  await once(datagrams, "listening");
  t.after(() => datagrams.close());
  return { port, visits: () => visits };
}

async function listen(t: TestContext, server: Server, host: string): Promise<number> {
  server.listen(0, host);
  await once(server, "listening");
  t.after(() => server.close());
  const address = server.address();
  return typeof address === "object" && address ? address.port : 0;
}

/** An origin outside: a path's answer is a status with a location, or a body. */
async function startOutside(
  t: TestContext,
  answers: Readonly<Record<string, string | Buffer | { location: string }>>,
): Promise<string> {
  const server = createHttpServer(({ url = "" }, response) => {
    const answer = answers[url];
    if (answer === undefined) response.writeHead(404).end();
    else if (typeof answer === "object" && "location" in answer) response.writeHead(302, { location: answer.location }).end();
    else response.end(answer);
  });
  t.after(() => server.closeAllConnections());
  return `http://${OUTSIDE}:${await listen(t, server, OUTSIDE)}`;
}

async function assertRefused(
  t: TestContext,
  addresses: readonly string[],
  inside: Inside,
  codes: readonly string[] = ["not-allowed"],
): Promise<void> {
  for (const address of addresses) {
    const channel = pullChannel(t, { addresses: [address], allow: ALLOW });
    const { problem } = await channel.reported((report) => report.problem !== null);
    assert.ok(codes.includes(problem?.code ?? ""), `${address}: ${JSON.stringify(problem)}`);
    assert.equal(inside.visits(), 0, address);
    channel.job.close("test");
  }
}

describe("what a pulled channel may reach", { concurrency: 2 }, () => {
  test("an address inside is refused without a connection, by every protocol and in every notation", async (t) => {
    const inside = await startInside(t);
    const { port } = inside;
    const hosts = [INSIDE, "localhost", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]"];
    await assertRefused(
      t,
      [
        ...hosts.flatMap((host) => [`rtmp://${host}:${port}/live/math`, `rtsp://${host}:${port}/live`, `srt://${host}:${port}`]),
        ...hosts.flatMap((host) => [`http://${host}:${port}/live/math.flv`, `https://${host}:${port}/live/math.m3u8`]),
        ...[`udp://${INSIDE}:${port}`, `udp://239.1.1.1:${port}`, `udp://0.0.0.0:${port}`],
        ...["srt://8.8.8.8:9000?mode=listener", "http://169.254.169.254/latest/meta-data", "rtsp://[fe80::1]/live"],
      ],
      inside,
    );
    await assertRefused(
      t,
      ["srt://0.0.0.0:99?mode=listener", "udp://0.0.0.0:1000", "ftp://127.0.0.1/a", "srt://127.0.0.2"],
      inside,
      ["unsupported"],
    );
  });

  test("a redirect inside is not followed", async (t) => {
    const inside = await startInside(t);
    const location = `http://${INSIDE}:${inside.port}/secret`;
    const base = await startOutside(t, { "/a.flv": { location }, "/a.m3u8": { location }, "/twice": { location: "/a.flv" } });
    await assertRefused(
      t,
      ["a.flv", "a.m3u8", "twice"].map((name) => `${base}/${name}`),
      inside,
    );
  });

  test("a playlist cannot name what is inside: variants, sound, segments, keys and initialisation segments", async (t) => {
    const inside = await startInside(t);
    const secret = `http://${INSIDE}:${inside.port}/secret.ts`;
    const head = "#EXTM3U\n#EXT-X-TARGETDURATION:2\n";
    const base = await startOutside(t, {
      "/variant.m3u8": `#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n${secret}\n`,
      "/sound.m3u8": `#EXTM3U\n#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",URI="${secret}"\n#EXT-X-STREAM-INF:BANDWIDTH=1,AUDIO="a"\nsegment.m3u8\n`,
      "/segment.m3u8": `${head}#EXTINF:2,\n${secret}\n`,
      "/key.m3u8": `${head}#EXT-X-KEY:METHOD=AES-128,URI="${secret}"\n#EXTINF:2,\n/a.ts\n`,
      "/map.m3u8": `${head}#EXT-X-MAP:URI="${secret}"\n#EXTINF:2,\n/a.ts\n`,
      "/file.m3u8": `${head}#EXTINF:2,\nfile:///etc/hostname\n`,
      "/a.ts": Buffer.alloc(188, 0x47),
    });
    const names = ["variant", "sound", "segment", "key", "map", "file"];
    await assertRefused(
      t,
      names.map((name) => `${base}/${name}.m3u8`),
      inside,
    );
  });

  test("a segment that is a playlist itself, or a list of ffmpeg's, is no media", async (t) => {
    const inside = await startInside(t);
    const secret = `http://${INSIDE}:${inside.port}/secret.ts`;
    const head = "#EXTM3U\n#EXT-X-TARGETDURATION:2\n";
    const lists = [`#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n${secret}\n`, `ffconcat version 1.0\nfile ${secret}\n`];
    const movie = await ffmpegDone(t, [
      "-i",
      clip("tiny", 4),
      "-c",
      "copy",
      "-f",
      "mp4",
      "-movflags",
      "frag_keyframe+empty_moov",
      "-",
    ]);
    const base = await startOutside(t, {
      ...Object.fromEntries(lists.map((list, i) => [`/list${i}`, list])),
      ...Object.fromEntries(lists.map((list, i) => [`/transport${i}`, Buffer.concat([Buffer.from([0x47]), Buffer.from(list)])])),
      "/movie": movie,
      "/list.m3u8": `${head}#EXTINF:2,\n/list0\n#EXT-X-ENDLIST\n`,
      "/concat.m3u8": `${head}#EXTINF:2,\n/list1\n#EXT-X-ENDLIST\n`,
      "/transport.m3u8": `${head}#EXTINF:2,\n/transport0\n#EXTINF:2,\n/transport1\n#EXT-X-ENDLIST\n`,
      "/mapped.m3u8": `${head}#EXT-X-MAP:URI="/list0"\n#EXTINF:2,\n/list1\n#EXT-X-ENDLIST\n`,
    });
    const names = ["list", "concat", "transport", "mapped"];
    await assertRefused(
      t,
      names.map((name) => `${base}/${name}.m3u8`),
      inside,
      ["not-media", "ended"],
    );
  });

  for (const [what, answer] of [
    ["a redirect", (to: string) => `RTSP/1.0 302 Moved\r\nCSeq: 1\r\nLocation: ${to}\r\n\r\n`],
    ["a redirect without returns", (to: string) => `RTSP/1.0 301 Moved\nCSeq: 1\nLocation: ${to}\n\n`],
    [
      "a redirect behind a body",
      (to: string) => `RTSP/1.0 200 OK\r\nCSeq: 1\r\nContent-Length: 2\r\n\r\nokRTSP/1.0 302 M\r\nLocation: ${to}\r\n\r\n`,
    ],
    ["a redirect behind media", (to: string) => `$\0\0\x03abcRTSP/1.0 305 M\r\nCSeq: 1\r\nLocation: ${to}\r\n\r\n`],
    [
      "a redirect in a head that looks like media",
      (to: string) => `RTSP/1.0 200 OK\r\n$\0\0\x02\r\n\r\nRTSP/1.0 302 M\r\nLocation: ${to}\r\n\r\n`,
    ],
  ] as const)
    test(`RTSP: ${what} does not lead inside`, async (t) => {
      const inside = await startInside(t);
      const server = createServer((socket) => {
        socket.on("error", () => {});
        socket.on("data", () => socket.write(Buffer.from(answer(`rtsp://${INSIDE}:${inside.port}/live`), "latin1")));
      });
      const port = await listen(t, server, OUTSIDE);
      await assertRefused(t, [`rtsp://${OUTSIDE}:${port}/live`, `rtsp://${OUTSIDE}:${port}/live?transport=udp`], inside, [
        "not-allowed",
        "not-media",
      ]);
    });
});
