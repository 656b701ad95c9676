/** Measures the people of the soak test: publishers that connect and disconnect, viewers of every protocol, and students of a lesson. */
import { type ChildProcess, spawn } from "node:child_process";
import { connect } from "node:net";
import WebSocket from "ws";
import { mediaPlaylistOf } from "../../e2e/hls-conformance.ts";
import { RtmpClient } from "../../e2e/rtmp-client.ts";
import { type LecternRunning, TOKEN } from "../servers/servers.ts";
import { pause } from "../testbed/child-process.ts";

const STAY_SECONDS = 6;
/** Each short-lived publisher is connected for half of the period. */
export const SHORT_PUBLISHERS = { names: 4, periodSeconds: 16 } as const;
export const PROTOCOLS = ["flv", "ws", "rtmp", "hls", "lesson"] as const;
export type Protocol = (typeof PROTOCOLS)[number];

/** A lesson that guests join. */
export type SoakLesson = { readonly code: string; readonly path: string };

export function push(file: string, { push: base }: LecternRunning, name: string): ChildProcess {
  const input = ["-v", "error", "-nostdin", "-re", "-stream_loop", "-1", "-i", file, "-c", "copy", "-f", "flv", `${base}/${name}`];
  return spawn("ffmpeg", input, { stdio: "ignore" });
}

/** Publishes for half a period under one name after the other, until it is over. */
export async function publishShortly(
  lectern: LecternRunning,
  file: string,
  publishers: Set<ChildProcess>,
  isOver: () => boolean,
): Promise<void> {
  for (let turn = 0; !isOver(); turn++) {
    const publisher = push(file, lectern, `guest${turn % SHORT_PUBLISHERS.names}`);
    publishers.add(publisher);
    setTimeout(
      () => {
        publisher.kill("SIGKILL");
        publishers.delete(publisher);
      },
      (SHORT_PUBLISHERS.periodSeconds / 2) * 1000,
    );
    await pause(SHORT_PUBLISHERS.periodSeconds / SHORT_PUBLISHERS.names);
  }
}

/** Creates a lesson. @returns where its teacher publishes, and its code */
export async function createLesson({ httpPort }: LecternRunning): Promise<SoakLesson> {
  const response = await fetch(`http://127.0.0.1:${httpPort}/api/v1/lessons`, {
    method: "POST",
    headers: { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" },
    body: JSON.stringify({ title: "Soak" }),
  });
  const { code, stream }: { code: string; stream: { name: string; publishKey: string } } = JSON.parse(await response.text());
  return { code, path: `${stream.name}?key=${stream.publishKey}` };
}

/** One viewer who stays for a while. @returns whether media arrived */
export async function join(protocol: Protocol, { httpPort, push: base }: LecternRunning, lesson: SoakLesson): Promise<boolean> {
  const origin = `http://127.0.0.1:${httpPort}`;
  try {
    if (protocol === "hls") return await watchHls(`${origin}/live/steady.m3u8`);
    let bytes = 0;
    let leave = (): void => {};
    if (protocol === "flv" || protocol === "lesson") {
      const path = protocol === "flv" ? "/live/steady.flv" : await joinLesson(origin, lesson);
      const socket = connect(httpPort, "127.0.0.1");
      socket.on("error", () => {});
      socket.on("data", (piece) => (bytes += piece.length));
      socket.write(`GET ${path} HTTP/1.1\r\nHost: soak\r\n\r\n`);
      leave = () => socket.destroy();
    } else if (protocol === "ws") {
      const socket = new WebSocket(`${origin.replace("http", "ws")}/live/steady.flv`);
      socket.on("error", () => {});
      socket.on("message", (piece: Buffer) => (bytes += piece.length));
      leave = () => socket.terminate();
    } else {
      const client = await RtmpClient.open(Number(new URL(base?.replace("rtmp:", "http:") ?? "").port));
      client.socket.on("data", (piece: Buffer) => (bytes += piece.length));
      await client.play("steady");
      leave = () => client.break();
    }
    await pause(STAY_SECONDS);
    leave();
    return bytes > 100_000;
  } catch {
    return false;
  }
}

async function watchHls(url: string): Promise<boolean> {
  const base = await mediaPlaylistOf(url);
  const end = performance.now() + STAY_SECONDS * 1000;
  let bytes = 0;
  while (performance.now() < end) {
    const text = await (await fetch(base)).text();
    const part = /.*URI="([^"]+)"[^\n]*\n#EXT-X-PRELOAD-HINT/s.exec(text)?.[1];
    if (part) bytes += (await (await fetch(new URL(part, base))).arrayBuffer()).byteLength;
    await pause(0.5);
  }
  return bytes > 100_000;
}

/** Joins as a guest, as a page does. @returns the path of the stream, with its link */
async function joinLesson(origin: string, { code }: SoakLesson): Promise<string> {
  await (await fetch(`${origin}/api/v1/invitations/${code}`)).text();
  const response = await fetch(`${origin}/api/v1/lessons/${code}/join`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ name: "Guest" }),
  });
  const { play }: { play: { flv: string } } = JSON.parse(await response.text());
  const { pathname, search } = new URL(play.flv);
  return pathname + search;
}
