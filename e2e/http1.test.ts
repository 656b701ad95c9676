/**
 * Media by HTTP/1.1 with and without `node:http`: the server reads plain requests itself, and gives all others to `node:http`. A client cannot
 * tell which of them has answered, at any door and whatever it asks for.
 */
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { test } from "node:test";
import { clip } from "./clips.ts";
import { publishFast, publishForever } from "./ffmpeg.ts";
import { sharedLectern, wholeFile } from "./fixtures.ts";
import { type Lectern, until } from "./lectern.ts";
import { done } from "./lesson-client.ts";

/** A field that changes no answer, and that only `node:http` reads. */
const BY_NODE = "TE: trailers";

type Answer = { readonly head: string; readonly body: Buffer };

/** One connection that sends requests and reads their answers one after the other. */
class Client {
  private readonly socket: Socket;
  private received = Buffer.alloc(0);

  constructor(port: number) {
    this.socket = connect({ port, host: "127.0.0.1", noDelay: true });
    this.socket.on("data", (bytes: Buffer) => {
      this.received = Buffer.concat([this.received, bytes]);
    });
    this.socket.on("error", () => {});
  }

  send(text: string): void {
    this.socket.write(text, "latin1");
  }

  async read(hasBody: boolean): Promise<Answer> {
    while (!this.received.includes("\r\n\r\n")) await this.more();
    const end = this.received.indexOf("\r\n\r\n");
    const head = this.received.subarray(0, end + 4).toString("latin1");
    const length = hasBody ? Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? 0) : 0;
    while (this.received.length < end + 4 + length) await this.more();
    const body = this.received.subarray(end + 4, end + 4 + length);
    this.received = this.received.subarray(end + 4 + length);
    return { head, body };
  }

  close(): void {
    this.socket.destroy();
  }

  private async more(): Promise<void> {
    await Promise.race([
      once(this.socket, "data"),
      once(this.socket, "close").then(() => assert.fail("the connection was closed")),
    ]);
  }
}

/** What is not a chance of the moment: sessions and the second are new with each answer. */
function comparable({ head, body }: Answer): readonly [string, string] {
  const same = (text: string) => text.replace(/\/s\/[\w-]{40}/g, "/s/SESSION").replace(/^date: .*$/im, "Date: now");
  return [same(head), same(body.toString("latin1"))];
}

async function ask(
  port: number,
  requests: readonly string[],
  ...more: readonly string[]
): Promise<readonly (readonly [string, string])[]> {
  const client = new Client(port);
  const answers = [];
  for (const request of requests) {
    const fields = more.map((field) => `${field}\r\n`).join("");
    client.send(request.replace(/\r\n\r\n$/, `\r\n${fields}\r\n`));
    answers.push(comparable(await client.read(!request.startsWith("HEAD"))));
  }
  client.close();
  return answers;
}

const request = (path: string, method = "GET", ...fields: readonly string[]) =>
  `${method} ${path} HTTP/1.1\r\nHost: localhost\r\n${fields.map((field) => `${field}\r\n`).join("")}\r\n`;

/** A live stream, and a recording of one that is over. */
async function content() {
  const lectern = await sharedLectern({
    "hls.segmentSeconds": "1",
    "hls.windowSegments": "4",
    "publish.graceSeconds": "1",
    "recording.auto": "pushed",
  });
  recording ??= publishBoth(lectern);
  return { lectern, recording: await recording };
}

let recording: Promise<string> | null = null;

async function publishBoth(lectern: Lectern): Promise<string> {
  publishForever(wholeFile, clip("b-frames", 6), `${lectern.rtmp}/live/math`);
  await publishFast(wholeFile, clip("b-frames", 6), `${lectern.rtmp}/live/over`, 3).done;
  await lectern.stream("math", (stream) => stream.video !== null);
  const { id } = await until(async () => {
    const { items } = await done(lectern, "GET", "/recordings");
    return items.find((one: { name: string; whole: boolean }) => one.name === "over" && one.whole) ?? null;
  }, "the recording");
  return String(id);
}

/** The addresses that a playlist names, as paths. */
const linesOf = (playlist: string, at: string) =>
  [...playlist.matchAll(/URI="([^"]+)"|^([^#\s].*)$/gm)].map(([, uri, line]) => new URL(uri ?? line ?? "", at));

async function text(url: URL | string): Promise<string> {
  const response = await fetch(url);
  assert.equal(response.status, 200, String(url));
  return await response.text();
}

test("every door answers the same with and without node:http", async () => {
  const { lectern, recording } = await content();
  const { http, httpPort: port } = lectern;
  await until(async () => (await fetch(`${http}/live/math.m3u8?time_delay=3`)).status === 200, "something three seconds old");
  const variant = new URL(linesOf(await text(`${http}/live/math.m3u8`), `${http}/live/math.m3u8`)[0] ?? "");
  const shifted = new URL(linesOf(await text(`${http}/live/math.m3u8?time_delay=3`), `${http}/live/math.m3u8`)[0] ?? "");
  const recorded = linesOf(await text(`${http}/vod/${recording}.m3u8`), `${http}/vod/${recording}.m3u8`)[0]?.pathname ?? "";
  const ofRecording = linesOf(await text(`${http}${recorded}`), `${http}${recorded}`).map(({ pathname }) => pathname);
  const newest = async () => {
    const files = linesOf(await text(variant), variant.href).map(({ pathname }) => pathname);
    const [, msn] = /-(\d+)\.\d+\.m4s$/.exec(files.findLast((file) => /\.\d+\.m4s$/.test(file)) ?? "") ?? [];
    return { files, msn: Number(msn) };
  };
  const { files } = await newest();
  const initialisation = files.find((file) => file.endsWith(".mp4")) ?? "";
  const part = files.findLast((file) => /\.\d+\.m4s$/.test(file)) ?? "";
  const segment = files.findLast((file) => /\/\d+-\d+\.m4s$/.test(file)) ?? "";
  const broken = variant.pathname.replace(/\/s\/[\w-]{40}/, `/s/${"A".repeat(40)}`);
  const paths = [
    "/live/math.m3u8",
    variant.pathname,
    variant.pathname.replace("index.m3u8", ""),
    part,
    segment,
    initialisation,
    "/live/math.flv?x=1",
    "/live/math.jpg",
    "/live/math.m3u8?time_delay=3",
    shifted.pathname + shifted.search,
    `/vod/${recording}.m3u8`,
    recorded,
    ...ofRecording.slice(0, 3),
    recorded.replace("index.m3u8", "still-10.jpg"),
    recorded.replace("index.m3u8", "still-11.jpg"),
    `/vod/${recording}.mp4`,
    `/vod/${recording}.flv?start=1`,
    `/vod/${recording}.flv?start=100000`,
    "/healthz",
    // Refusals: 400, 401, 403, 404.
    `${variant.pathname}?_HLS_part=1`,
    `${variant.pathname}?_HLS_msn=999999`,
    broken,
    broken.replace("index.m3u8", ""),
    "/live/nothing.m3u8",
    "/live/nothing.flv",
    "/live/nothing.jpg",
    "/live/math.m3u8?time_delay=x",
    part.replace(/\.\d+\.m4s$/, ".9999.m4s"),
    segment.replace(/-\d+\.m4s$/, "-0.m4s"),
    initialisation.replace(/init-[0-9a-f]{4}/, "init-0000"),
    `/vod/${recording}/${"x".repeat(12)}/index.m3u8`,
    "/vod/00000000000000000000000000.m3u8",
    "/vod/nothing",
  ];
  const variations: readonly (readonly string[])[] = [
    [],
    ["Accept-Encoding: gzip, deflate, br"],
    ["Range: bytes=0-9"],
    ["Range: bytes=9999999-"],
    ['If-None-Match: "x"', "If-Modified-Since: Sun, 22 Nov 2026 08:00:00 GMT"],
    ["Accept-Language: zh-CN", "Origin: https://example.org"],
  ];
  let compared = 0;
  for (const path of paths) {
    const isStream = path.startsWith("/live/math.flv");
    const requests = [request(path, "HEAD"), ...variations.map((fields) => request(path, "GET", ...fields))];
    for (const one of isStream ? requests.slice(0, 1) : requests) {
      await until(async () => {
        const [before] = await ask(port, [one]);
        const [through] = await ask(port, [one], BY_NODE);
        const isSame = JSON.stringify(before) === JSON.stringify(through);
        // Between two different answers, the stream may have gone on.
        const [after] = isSame ? [before] : await ask(port, [one]);
        if (JSON.stringify(before) !== JSON.stringify(after)) return false;
        assert.deepEqual(through, before, one);
        return true;
      }, `two equal answers to ${one}`);
      compared++;
    }
  }
  assert.ok(compared > 200, `${compared} requests`);
});

test("a held playlist and a held part are answered the same with and without node:http, and at the same time", async () => {
  const { lectern } = await content();
  const { http, httpPort: port } = lectern;
  const variant = new URL(linesOf(await text(`${http}/live/math.m3u8`), `${http}/live/math.m3u8`)[0] ?? "");
  const files = linesOf(await text(variant), variant.href).map(({ pathname }) => pathname);
  const [, epoch, msn] = /^(.*-)(\d+)\.\d+\.m4s$/.exec(files.findLast((file) => /\.\d+\.m4s$/.test(file)) ?? "") ?? [];
  const next = Number(msn) + 1;
  const [playlist, part] = [request(`${variant.pathname}?_HLS_msn=${next}&_HLS_part=0`), request(`${epoch}${next}.0.m4s`)];
  const held = await Promise.all([
    ask(port, [playlist]),
    ask(port, [playlist], BY_NODE),
    ask(port, [part]),
    ask(port, [part], BY_NODE),
  ]);
  assert.deepEqual(held[1], held[0]);
  assert.deepEqual(held[3], held[2]);
  assert.match(held[0][0]?.[0] ?? "", /^HTTP\/1.1 200 OK\r\n[\s\S]*cache-control: public, max-age=\d+\r\n/);
});

test("one connection may ask for media, for the API, and for media again, at once or in pieces", async () => {
  const { lectern } = await content();
  const { httpPort: port } = lectern;
  const mixed = [
    request("/healthz"),
    request("/live/nothing.m3u8"),
    request("/api/v1/none"),
    request("/live/nothing.jpg", "HEAD"),
    request("/live/nothing.m3u8", "GET", "Accept-Language: zh"),
  ];
  const one = await ask(port, mixed);
  const client = new Client(port);
  client.send(mixed.join(""));
  const together = [];
  for (const each of mixed) together.push(comparable(await client.read(!each.startsWith("HEAD"))));
  client.close();
  const pieces = new Client(port);
  const split = [];
  for (const each of mixed) {
    for (const character of each) {
      pieces.send(character);
      await new Promise((resolve) => setImmediate(resolve));
    }
    split.push(comparable(await pieces.read(!each.startsWith("HEAD"))));
  }
  pieces.close();
  const statuses = one.map(([head]) => head.slice(9, 12));
  assert.deepEqual(statuses, ["200", "404", "404", "404", "404"]);
  assert.deepEqual(together, one);
  assert.deepEqual(split, one);
});

test("a viewer of HTTP-FLV gets the same stream with and without node:http, and any byte that it sends ends it", async (t) => {
  const { lectern } = await content();
  const open = (...fields: readonly string[]) => {
    const socket = connect(lectern.httpPort, "127.0.0.1");
    socket.on("error", () => {});
    t.after(() => socket.destroy());
    socket.write(request("/live/math.flv", "GET", ...fields));
    return socket;
  };
  const begin = async (socket: Socket) => {
    let received = Buffer.alloc(0);
    socket.on("data", (bytes: Buffer) => {
      received = Buffer.concat([received, bytes]);
    });
    await until(() => received.length > 5000, "the beginning of the stream");
    return received;
  };
  const [plain, through] = [open(), open(BY_NODE)];
  const [without, by] = await Promise.all([begin(plain), begin(through)]);
  const [end, endBy] = [without.indexOf("FLV"), by.indexOf("FLV")];
  assert.equal(without.toString("latin1", 0, end), by.toString("latin1", 0, endBy));
  await until(() => lectern.stream("math", ({ viewers }) => viewers.flv === 2), "two viewers");
  for (const socket of [plain, through]) {
    const closed = once(socket, "close");
    socket.write(request("/live/math.flv"));
    await closed;
  }
  await lectern.stream("math", ({ viewers }) => viewers.flv === 0);
});
