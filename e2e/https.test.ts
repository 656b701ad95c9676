/** HTTPS: HTTP/2 and HTTP/1.1, every protocol of playback, renewed and broken certificates, and misbehaving peers. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request as insecureRequest } from "node:http";
import { type ClientHttp2Session, connect as connectHttp2, constants } from "node:http2";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, type TestContext, test } from "node:test";
import { connect as connectTls } from "node:tls";
import WebSocket from "ws";
import { makeCertificate } from "./certificate.ts";
import { clip } from "./clips.ts";
import { ffmpeg } from "./ffmpeg.ts";
import { wholeFile } from "./fixtures.ts";
import { freePort, type Lectern, type Scope, startLectern, until } from "./lectern.ts";
import { readTags } from "./rtmp-client.ts";

const directory = mkdtempSync(join(tmpdir(), "lectern-https-"));
after(() => rmSync(directory, { recursive: true, force: true }));

const made = { first: makeCertificate(directory, "first"), second: makeCertificate(directory, "second") };
const file = clip("b-frames");

/** A server with HTTPS. */
async function secureLectern(t: Scope, tls: Record<string, unknown> = {}) {
  const port = await freePort();
  const [cert, key] = [join(directory, `${port}.pem`), join(directory, `${port}.key`)];
  copyFileSync(made.first.cert, cert);
  copyFileSync(made.first.key, key);
  const lectern = await startLectern(t, { "http.tls": JSON.stringify({ cert, key, port, ...tls }) });
  return { lectern, port, cert, key, https: `https://127.0.0.1:${port}` };
}

async function startUsual() {
  const usual = await secureLectern(wholeFile);
  // A lesson that goes on.
  const { rtmp } = usual.lectern;
  ffmpeg(wholeFile, ["-re", "-stream_loop", "-1", "-i", file, "-c", "copy", "-f", "flv", `${rtmp}/live/safe`]);
  await usual.lectern.stream("safe", (stream) => stream.video !== null);
  return usual;
}

let started: ReturnType<typeof startUsual> | null = null;
/** One server for the tests that set nothing else; the last of them replaces its certificate. */
const usualLectern = () => (started ??= startUsual());

function openHttp2(t: TestContext, url: string): ClientHttp2Session {
  const session = connectHttp2(url, { rejectUnauthorized: false });
  session.on("error", () => {});
  t.after(() => session.destroy());
  return session;
}

function getHttp2(session: ClientHttp2Session, path: string, headers: Record<string, string> = {}) {
  return new Promise<{ status: number; headers: Record<string, unknown>; body: Buffer }>((resolve, reject) => {
    const stream = session.request({ ":path": path, ...headers });
    let head: Record<string, unknown> = {};
    const pieces: Buffer[] = [];
    stream.on("response", (got) => {
      head = got;
    });
    stream.on("data", (piece) => pieces.push(piece));
    stream.on("end", () => resolve({ status: Number(head[":status"]), headers: head, body: Buffer.concat(pieces) }));
    stream.on("error", reject);
  });
}

function getHttp1(url: string): Promise<{ status: number; location: string | undefined; version: string; body: string }> {
  return new Promise((resolve, reject) => {
    const ask = url.startsWith("https") ? request(url, { rejectUnauthorized: false }) : insecureRequest(url);
    ask.on("error", reject);
    ask.on("response", (response) => {
      let body = "";
      response.setEncoding("utf8");
      response.on("data", (piece) => (body += piece));
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, location: response.headers.location, version: response.httpVersion, body }),
      );
    });
    ask.end();
  });
}

/** The name on the certificate that a new connection is shown. */
function shownName(port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connectTls({ port, host: "127.0.0.1", rejectUnauthorized: false }, () => {
      resolve(String(socket.getPeerCertificate().subject.CN));
      socket.destroy();
    });
    socket.on("error", reject);
  });
}

/** How many warnings and errors are in the log. */
const complaints = (lectern: Lectern): number => lectern.said().match(/"level":[456]0/g)?.length ?? 0;

/** Whether the server still has a connection from a port, as the system sees it. */
function isServed(serverPort: number, clientPort: number): boolean {
  const hex = (value: number) => value.toString(16).toUpperCase().padStart(4, "0");
  const ends = new RegExp(`:${hex(serverPort)} [0-9A-F]+:${hex(clientPort)} 01 `);
  return ends.test(readFileSync("/proc/net/tcp", "utf8"));
}

test("HTTP/2 and HTTP/1.1 side by side: pages, API, health, low-latency HLS, FLV and WebSocket-FLV", async (t) => {
  const { https, port, lectern } = await usualLectern();
  const session = openHttp2(t, https);
  const page = await getHttp2(session, "/");
  assert.equal(page.status, 200);
  assert.match(page.body.toString(), /<html/);
  const hsts = async (host: string) =>
    (await getHttp2(session, "/", { ":authority": host })).headers["strict-transport-security"] ?? null;
  assert.equal(await hsts("school.example"), "max-age=15552000", "browsers come back by HTTPS only");
  assert.equal(await hsts(`school.example:${port}`), null, "a port of its own has plain HTTP beside it");
  assert.equal((await getHttp2(session, "/healthz")).status, 200);
  assert.equal((await getHttp2(session, "/api/v1/streams")).status, 401);
  const list = await getHttp2(session, "/api/v1/streams", { authorization: "Bearer test-token" });
  assert.equal(JSON.parse(list.body.toString()).items[0].name, "safe");
  const old = await getHttp1(`${https}/healthz`);
  assert.deepEqual([old.status, old.version], [200, "1.1"]);

  const multivariant = (await getHttp2(session, "/live/safe.m3u8")).body.toString();
  const playlist = new URL(multivariant.trim().split("\n").at(-1) ?? "", "https://host/live/safe.m3u8").pathname;
  const now = (await getHttp2(session, playlist)).body.toString();
  const next = Number(/MEDIA-SEQUENCE:(\d+)/.exec(now)?.[1]) + (now.match(/#EXTINF/g)?.length ?? 0) + 1;
  const hint = new URL(/PRELOAD-HINT:TYPE=PART,URI="([^"]+)"/.exec(now)?.[1] ?? "", `https://host${playlist}`).pathname;
  const [held, part] = await Promise.all([getHttp2(session, `${playlist}?_HLS_msn=${next}&_HLS_part=0`), getHttp2(session, hint)]);
  assert.match(held.body.toString(), new RegExp(`-${next}\\.0\\.m4s`));
  assert.equal(part.body.subarray(4, 8).toString(), "moof");

  const flv = session.request({ ":path": "/live/safe.flv" });
  let bytes = Buffer.alloc(0);
  flv.on("data", (piece) => {
    bytes = Buffer.concat([bytes, piece]);
  });
  await until(() => bytes.length > 60_000, "FLV by HTTP/2");
  flv.close(constants.NGHTTP2_CANCEL);
  assert.ok(readTags(bytes).length > 20);
  assert.equal(await lectern.metric('lectern_slow_path_total{what="flv-over-http2"}'), 1);
  await lectern.stream("safe", (stream) => stream.viewers.flv === 0);

  const ws = new WebSocket(`wss://127.0.0.1:${port}/live/safe.flv`, { rejectUnauthorized: false });
  t.after(() => ws.terminate());
  let received = 0;
  ws.on("message", (data: Buffer) => (received += data.length));
  await until(() => received > 60_000, "FLV by WebSocket");
});

test("redirect: HTTP only leads to HTTPS; health and the proof for a certificate stay in the clear", async (t) => {
  const { lectern, port } = await secureLectern(t, { redirect: true });
  const { status, location } = await getHttp1(`${lectern.http}/class/ABC?x=1`);
  assert.deepEqual([status, location], [308, `https://127.0.0.1:${port}/class/ABC?x=1`]);
  assert.equal((await getHttp1(`${lectern.http}/healthz`)).status, 200);
  const proofs = "/.well-known/acme-challenge";
  mkdirSync(join(lectern.directory, "acme", proofs), { recursive: true });
  writeFileSync(join(lectern.directory, "acme", proofs, "a-token_1"), "a-token_1.thumbprint");
  const proof = await getHttp1(`${lectern.http}${proofs}/a-token_1`);
  assert.deepEqual([proof.status, proof.body], [200, "a-token_1.thumbprint"]);
  for (const wrong of ["another", "..%2f..%2fsecret", "."]) {
    assert.notEqual((await getHttp1(`${lectern.http}${proofs}/${wrong}`)).status, 200);
  }
});

test("resets, floods and nonsense on HTTP/2 cost only their own connection", async (t) => {
  const { lectern, https, port } = await usualLectern();
  const calm = openHttp2(t, https);
  assert.equal((await getHttp2(calm, "/healthz")).status, 200);

  // Opened only to be reset: CVE-2023-44487.
  const socket = connectTls({ port, host: "127.0.0.1", rejectUnauthorized: false, ALPNProtocols: ["h2"] });
  await once(socket, "secureConnect");
  const ownPort = socket.localPort ?? 0;
  assert.equal(isServed(port, ownPort), true);
  const rapid = connectHttp2(https, { createConnection: () => socket });
  rapid.on("error", () => {});
  t.after(() => rapid.destroy());
  for (let round = 0; round < 20; round++) {
    for (let i = 0; i < 100 && !rapid.destroyed; i++) {
      const stream = rapid.request({ ":path": "/live/safe.m3u8" });
      stream.on("error", () => {});
      stream.close(constants.NGHTTP2_CANCEL);
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
  await until(() => !isServed(port, ownPort), "the flooding connection to be closed");

  // Held requests that are abandoned, by the hundred.
  const abandoning = openHttp2(t, https);
  const multivariant = (await getHttp2(abandoning, "/live/safe.m3u8")).body.toString();
  const playlist = new URL(multivariant.trim().split("\n").at(-1) ?? "", "https://host/live/safe.m3u8").pathname;
  const now = (await getHttp2(abandoning, playlist)).body.toString();
  const last = Number(/MEDIA-SEQUENCE:(\d+)/.exec(now)?.[1]) + (now.match(/#EXTINF/g)?.length ?? 0);
  for (let i = 0; i < 100; i++) {
    const stream = abandoning.request({ ":path": `${playlist}?_HLS_msn=${last + 2}&_HLS_part=0` });
    stream.on("error", () => {});
  }
  // Its answer comes after the requests have been read.
  await new Promise((resolve) => abandoning.ping(resolve));
  abandoning.destroy();

  for (const nonsense of [
    Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
    Buffer.concat([Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), Buffer.alloc(65_536, 0xff)]),
    Buffer.from("GET / HTTP/9.9\r\n\r\n\r\n"),
  ]) {
    const socket = connectTls({ port, host: "127.0.0.1", rejectUnauthorized: false, ALPNProtocols: ["h2"] });
    const gone = new Promise((resolve) => socket.on("close", resolve));
    socket.on("error", () => {});
    socket.resume();
    socket.end(nonsense);
    await gone;
  }
  assert.equal((await getHttp2(calm, "/healthz")).status, 200);
  await lectern.stream("safe", (stream) => stream.publisher !== null);
  assert.doesNotMatch(lectern.said(), /"signal":|"level":60/);
});

test("a certificate is replaced without a restart; rubbish is refused with an error, and the old one stays", async () => {
  const { lectern, port, cert, key } = await usualLectern();
  assert.equal(await shownName(port), "first");
  copyFileSync(made.second.key, key);
  copyFileSync(made.second.cert, cert);
  await until(async () => (await shownName(port)) === "second", "the new certificate");
  const before = complaints(lectern);
  writeFileSync(cert, "-----BEGIN CERTIFICATE-----\nrubbish\n-----END CERTIFICATE-----\n");
  await until(() => complaints(lectern) > before, "an error in the log");
  assert.equal(await shownName(port), "second");
  rmSync(key);
  await until(() => lectern.said().includes("ENOENT"), "an error in the log");
  assert.equal(await shownName(port), "second");
  copyFileSync(made.first.key, key);
  copyFileSync(made.first.cert, cert);
  await until(async () => (await shownName(port)) === "first", "the first certificate again");
});
