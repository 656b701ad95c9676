/** Provides the RTMP load generator: many publishers of one clip, in a process of their own on the clients' core. */
import { type ChildProcess, execFileSync, fork } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { type AmfValue, encodeAmf0, HANDSHAKE_SIZE, MESSAGE_TYPE, openHandshake, writeChunks } from "@lectern/media";
import { ClipLoop, readClip } from "../../packages/server/src/load/clients/clip-loop.ts";
import { CLIENT_CORE } from "../testbed/child-process.ts";

const CHUNK = 65536;

/** @param push the address without the stream name; the names are s0, s1, … */
export function startRtmpPublishers(push: string, file: string, count: number): ChildProcess {
  const publishers = fork(import.meta.filename, ["publish", push, file, String(count)]);
  execFileSync("taskset", ["-cp", String(CLIENT_CORE), String(publishers.pid)], { stdio: "ignore" });
  return publishers;
}

/** Runs in the child process: publishes the clip under many names, each with its own start time. */
async function publishAll(push: string, file: string, count: number): Promise<void> {
  const clip = readClip(readFileSync(file));
  const target = new URL(push.replace("rtmp:", "http:"));
  const sockets: { socket: Socket; loop: ClipLoop; begun: number }[] = [];
  for (let i = 0; i < count; i++) {
    const socket = connect({ port: Number(target.port), host: target.hostname, noDelay: true });
    await once(socket, "connect");
    socket.resume();
    const command = (streamId: number, ...values: AmfValue[]) =>
      writeChunks({ type: MESSAGE_TYPE.command, streamId, timestamp: 0, payload: encodeAmf0(...values) }, 3, 128);
    socket.write(openHandshake(new Uint8Array(HANDSHAKE_SIZE).fill(i), null));
    // C2 must follow the server's response: some servers read no further before they have sent it.
    await once(socket, "data");
    socket.write(new Uint8Array(HANDSHAKE_SIZE));
    socket.write(command(0, "connect", 1, { app: "live", tcUrl: push, flashVer: "bench" }));
    await once(socket, "data");
    socket.write(command(0, "createStream", 2, null));
    await once(socket, "data");
    socket.write(command(1, "publish", 3, null, `s${i}`, "live"));
    await once(socket, "data");
    socket.write(
      writeChunks({ type: MESSAGE_TYPE.setChunkSize, streamId: 0, timestamp: 0, payload: Uint8Array.of(0, 1, 0, 0) }, 2, 128),
    );
    sockets.push({ socket, loop: new ClipLoop(clip), begun: performance.now() + i * 3 });
  }
  setInterval(() => {
    const now = performance.now();
    for (const { socket, loop, begun } of sockets)
      loop.send(now - begun, ({ type, body }, timestamp) =>
        socket.write(writeChunks({ type, streamId: 1, timestamp, payload: body }, type === MESSAGE_TYPE.video ? 6 : 4, CHUNK)),
      );
  }, 5);
}

if (process.argv[2] === "publish") await publishAll(process.argv[3] ?? "", process.argv[4] ?? "", Number(process.argv[5]));
