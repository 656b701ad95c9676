/**
 * Provides publishers as browsers are, by WHIP or by WebSocket: many of one clip, in a process of their own on the clients' core. The clip has a
 * picture only, and is made into packets or tags once for all.
 */
import { type ChildProcess, execFileSync, fork } from "node:child_process";
import { once } from "node:events";
import { stampRtp, TAG_TYPE, writeTag } from "@lectern/media";
import { PeerConnection, type Track, Video } from "node-datachannel";
import { CLIENT_CORE } from "../testbed/child-process.ts";
import { type ClipVideo, type H264Clip, readH264Clip } from "./h264-clip.ts";

export type PublisherKind = "whip" | "websocket";

/** Sends one picture at its time since the beginning, milliseconds. */
type Line = (picture: ClipVideo, ms: number) => void;

const PAYLOAD_TYPE = 96;
const FRAME_MS = 40;
const STEP_MS = 5;
const TICKS_PER_MS = 90;
const CONNECTED_WITHIN_MS = 10_000;

/** @param base the address of the application, as `http://127.0.0.1:8080/live`; the streams' names are s0, s1, … @returns the process, when all publish */
export async function startBrowserPublishers(
  kind: PublisherKind,
  base: string,
  file: string,
  count: number,
): Promise<ChildProcess> {
  const child = fork(import.meta.filename, ["publish", kind, base, file, String(count)]);
  execFileSync("taskset", ["-a", "-p", "-c", String(CLIENT_CORE), String(child.pid)], { stdio: "ignore" });
  const [message] = await Promise.race([once(child, "message"), once(child, "exit")]);
  if (message !== "publishing") throw new Error("the publishers have ended");
  return child;
}

async function openWhip(url: string): Promise<Line> {
  const connection = new PeerConnection("publisher", { iceServers: [] });
  const video = new Video("0", "SendOnly");
  video.addH264Codec(PAYLOAD_TYPE);
  const ssrc = 1 + Math.floor(Math.random() * 0xfffffff);
  video.addSSRC(ssrc, "bench", "stream", "video");
  const track: Track = connection.addTrack(video);
  const offered = new Promise<string>((resolve) => {
    connection.onGatheringStateChange((state) => state === "complete" && resolve(connection.localDescription()?.sdp ?? ""));
  });
  connection.setLocalDescription("offer");
  const answer = await fetch(url, { method: "POST", headers: { "content-type": "application/sdp" }, body: await offered });
  if (answer.status !== 201) throw new Error(`WHIP: ${answer.status} ${await answer.text()}`);
  const open = new Promise<void>((resolve, reject) => {
    setTimeout(() => reject(new Error("a publisher is not connected in time")), CONNECTED_WITHIN_MS).unref();
    track.onOpen(resolve);
  });
  connection.setRemoteDescription(await answer.text(), "answer");
  await open;
  const sender = { payloadType: PAYLOAD_TYPE, ssrc, transportSequenceId: null, fixed: [] };
  let sequence = 0;
  return ({ payloads }, ms) => {
    for (const payload of payloads) {
      const packet = stampRtp(payload, sender, sequence++ & 0xffff, (ms * TICKS_PER_MS) >>> 0, 0);
      track.sendMessageBinary(Buffer.from(packet.buffer, packet.byteOffset, packet.length));
    }
  };
}

async function openWebSocket(url: string, { configuration }: H264Clip): Promise<Line> {
  const socket = new WebSocket(url, "lectern.flv.v1");
  socket.addEventListener("close", ({ code }) => {
    process.stderr.write(`a WebSocket was closed: ${code}\n`);
    process.exit(1);
  });
  await once(socket, "open");
  const send = (body: Uint8Array, ms: number) => socket.send(Buffer.from(writeTag(TAG_TYPE.video, ms, [body])));
  send(configuration, 0);
  return ({ body }, ms) => send(body, ms);
}

async function publishAll(kind: PublisherKind, base: string, file: string, count: number): Promise<void> {
  const clip = readH264Clip(file);
  const spanMs = (clip.pictures.at(-1)?.ms ?? 0) + FRAME_MS;
  const lines: { readonly send: Line; next: number; readonly begun: number }[] = [];
  for (let i = 0; i < count; i++) {
    const address = `${base}/s${i}`;
    const send = kind === "whip" ? openWhip(`${address}/whip`) : openWebSocket(`${address.replace("http", "ws")}/publish`, clip);
    lines.push({ send: await send, next: 0, begun: performance.now() });
  }
  setInterval(() => {
    const now = performance.now();
    for (const line of lines) {
      for (;;) {
        const picture = clip.pictures[line.next % clip.pictures.length];
        if (!picture) return;
        const ms = picture.ms + Math.floor(line.next / clip.pictures.length) * spanMs;
        if (ms > now - line.begun) break;
        line.next++;
        line.send(picture, ms);
      }
    }
  }, STEP_MS);
  process.send?.("publishing");
}

if (process.argv[2] === "publish") {
  process.on("disconnect", () => process.exit(0));
  const [kind, base = "", file = "", count] = process.argv.slice(3);
  await publishAll(kind === "whip" ? "whip" : "websocket", base, file, Number(count));
}
