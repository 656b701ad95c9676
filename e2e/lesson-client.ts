/** Helps tests of lessons: calls the API of a running server, publishes a looped clip, and watches by every protocol. */
import type { Socket } from "node:net";
import { connect } from "node:net";
import { decodeAmf0, Malformed, MESSAGE_TYPE } from "@lectern/media";
import WebSocket from "ws";
import { clip } from "./clips.ts";
import { publishForever, type Run } from "./ffmpeg.ts";
import { type Lectern, type Scope, TOKEN } from "./lectern.ts";
import { RtmpClient } from "./rtmp-client.ts";

// What an answer has is each test's own business.
// biome-ignore lint/suspicious/noExplicitAny: see above
export type Body = any;

/** Asks the API; the answer's status and body. */
export async function ask(
  { http }: Pick<Lectern, "http">,
  method: string,
  path: string,
  body?: unknown,
  token: string | null = TOKEN,
): Promise<{ status: number; body: Body }> {
  const response = await fetch(`${http}/api/v1${path}`, {
    method,
    headers: {
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text === "" ? null : JSON.parse(text) };
}

/** The same, and fails unless it succeeds. */
export async function done(lectern: Pick<Lectern, "http">, method: string, path: string, body?: unknown): Promise<Body> {
  const answer = await ask(lectern, method, path, body);
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body;
}

/** Pushes a clip over and over, with a key frame each second. @param which calm: for pages of which the picture is not the subject */
export function push(t: Scope, url: string, which: "camera" | "calm" = "camera"): Run {
  return publishForever(t, clip(which, 20), url);
}

export type Watching = {
  /** Bytes of media that came. */
  readonly bytes: () => number;
  readonly longestGapMs: () => number;
  /** When it was cut off, or refused; with what it was told. */
  readonly ended: Promise<string>;
  readonly leave: () => void;
};

/** Watches an address by the protocol that it names: `…​.flv` by http and ws, `…​.m3u8`, rtmp. */
export function watch(url: string): Watching {
  if (url.startsWith("rtmp:")) return watchRtmp(url);
  if (url.startsWith("ws:")) return watchWebSocket(url);
  return new URL(url).pathname.endsWith(".m3u8") ? watchHls(url) : watchFlv(url);
}

function meter() {
  const state = { bytes: 0, newest: performance.now(), gap: 0 };
  return {
    count: (bytes: number) => {
      const now = performance.now();
      if (state.bytes > 0) state.gap = Math.max(state.gap, now - state.newest);
      state.newest = now;
      state.bytes += bytes;
    },
    bytes: () => state.bytes,
    longestGapMs: () => Math.max(state.gap, performance.now() - state.newest),
  };
}

function watchFlv(url: string): Watching {
  const { hostname, port, pathname, search } = new URL(url);
  const { count, ...rest } = meter();
  const socket: Socket = connect(Number(port), hostname);
  let head = "";
  const ended = new Promise<string>((resolve) => {
    socket.on("data", (bytes: Buffer) => {
      if (!head.includes("\r\n\r\n")) head += bytes.toString("latin1");
      if (/^HTTP\/1.1 200/.test(head)) count(bytes.length);
      const code = /"code":"([^"]+)"/.exec(head)?.[1];
      if (code) resolve(code);
    });
    socket.on("error", () => {});
    socket.on("close", () => resolve(/^HTTP\/1.1 (\d+)/.exec(head)?.[1] === "200" ? "closed" : head));
  });
  socket.write(`GET ${pathname}${search} HTTP/1.1\r\nHost: test\r\n\r\n`);
  return { ...rest, ended, leave: () => socket.destroy() };
}

function watchWebSocket(url: string): Watching {
  const { count, ...rest } = meter();
  const socket = new WebSocket(url);
  const ended = new Promise<string>((resolve) => {
    socket.on("message", (bytes: Buffer) => count(bytes.length));
    socket.on("unexpected-response", (_request, response) => {
      let text = "";
      response.on("data", (piece: Buffer) => (text += piece));
      response.on("end", () => resolve(JSON.parse(text).code));
    });
    socket.on("error", () => {});
    socket.on("close", (_code, reason) => resolve(String(reason)));
  });
  return { ...rest, ended, leave: () => socket.terminate() };
}

function watchRtmp(url: string): Watching {
  const { port, pathname, search } = new URL(url.replace("rtmp:", "http:"));
  const { count, ...rest } = meter();
  let client: RtmpClient | null = null;
  let left = false;
  const run = async (): Promise<string> => {
    client = await RtmpClient.open(Number(port));
    if (left) client.break();
    const name = pathname.split("/")[2] ?? "";
    const { socket, messages } = client;
    const code = await client.play(name + search);
    if (code !== "NetStream.Play.Start") return code;
    return await new Promise((resolve) => {
      socket.on("close", () => resolve("closed"));
      socket.on("data", (bytes: Buffer) => {
        count(bytes.length);
        // Media are of no interest here.
        for (const { type, payload } of messages.splice(0)) {
          const values = type === MESSAGE_TYPE.command ? decodeAmf0(payload) : null;
          if (!values || values instanceof Malformed || values[0] !== "onStatus") continue;
          const { description }: { description: string } = JSON.parse(JSON.stringify(values[3]));
          resolve(description.split(":")[0] ?? "");
        }
      });
    });
  };
  const leave = () => {
    left = true;
    client?.break();
  };
  return { ...rest, ended: run().catch((error: unknown) => String(error)), leave };
}

function watchHls(url: string): Watching {
  const { count, ...rest } = meter();
  let over = false;
  const run = async (): Promise<string> => {
    const refused = async (response: Response) => ((await response.json()) as { code: string }).code;
    const first = await fetch(url);
    if (!first.ok) return await refused(first);
    const playlist = new URL(/^[^#\n].*$/m.exec(await first.text())?.[0] ?? "", url);
    const seen = new Set<string>();
    while (!over) {
      const response = await fetch(playlist);
      if (!response.ok) return await refused(response);
      for (const [, part = ""] of (await response.text()).matchAll(/#EXT-X-PART:.*URI="([^"]+)"/g)) {
        if (seen.has(part)) continue;
        seen.add(part);
        count((await (await fetch(new URL(part, playlist))).arrayBuffer()).byteLength);
      }
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    return "left";
  };
  return {
    ...rest,
    // A connection that breaks off is an end too, and no failure of the test by itself.
    ended: run().catch((error: unknown) => String(error)),
    leave: () => {
      over = true;
    },
  };
}
