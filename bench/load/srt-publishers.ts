/** Provides the SRT load generator: many publishers of one clip, in a process of their own on the clients' core. */
import { type ChildProcess, execFileSync, fork } from "node:child_process";
import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import {
  isSrtControl,
  Malformed,
  readSrtHandshake,
  SRT_CONTROL,
  SRT_EXTENSION,
  SRT_FLAG,
  SRT_HANDSHAKE,
  SRT_HAS,
  SRT_HEADER_SIZE,
  type SrtHandshake,
  setSrtDataHeader,
  srtControlType,
  srtInformation,
  writeSrtCapabilities,
  writeSrtControl,
  writeSrtHandshake,
  writeSrtText,
} from "@lectern/media";
import { CLIENT_CORE } from "../testbed/child-process.ts";

const PAYLOAD = 1316;
const LATENCY_MS = 200;
const EVERY_MS = 5;
const PADDING = new Uint8Array(4);

/** @param port UDP, of 127.0.0.1; the names are s0, s1, … */
export function startSrtPublishers(port: number, file: string, count: number): ChildProcess {
  const publishers = fork(import.meta.filename, ["publish", String(port), file, String(count)]);
  execFileSync("taskset", ["-cp", String(CLIENT_CORE), String(publishers.pid)], { stdio: "ignore" });
  return publishers;
}

type Publisher = { readonly socket: Socket; readonly destination: number; readonly begun: number; sent: number };

/** Runs in the child process: publishes the clip under many names, evenly at its own rate. */
async function publishAll(port: number, file: string, count: number): Promise<void> {
  const media = execFileSync("ffmpeg", ["-v", "error", "-i", file, "-c", "copy", "-f", "mpegts", "-"], { maxBuffer: 1 << 28 });
  const seconds = Number(execFileSync("ffprobe", ["-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0", file]));
  const bytesPerMs = media.length / seconds / 1000;
  const publishers: Publisher[] = [];
  for (let i = 0; i < count; i++) publishers.push(await connect(port, `publish:live/s${i}`, i));
  setInterval(() => {
    const now = performance.now();
    for (const one of publishers) while (one.sent * PAYLOAD < (now - one.begun) * bytesPerMs) sendNext(one, media, now);
  }, EVERY_MS);
}

function sendNext(one: Publisher, media: Buffer, now: number): void {
  const at = (one.sent * PAYLOAD) % (Math.floor(media.length / PAYLOAD) * PAYLOAD);
  const packet = Buffer.allocUnsafe(SRT_HEADER_SIZE + PAYLOAD);
  one.sent++;
  setSrtDataHeader(packet, one.sent, one.sent, 0, Math.round((now - one.begun) * 1000), one.destination);
  media.copy(packet, SRT_HEADER_SIZE, at, at + PAYLOAD);
  one.socket.send(packet);
}

/** draft-sharabayko-srt-01 section 4.3.1, as a caller. The first packet has the number 1. */
async function connect(port: number, streamId: string, socketId: number): Promise<Publisher> {
  const socket = createSocket("udp4");
  socket.connect(port, "127.0.0.1");
  await once(socket, "connect");
  // The server is gone.
  socket.on("error", () => process.exit());
  const begun = performance.now();
  const own = { encryption: 0, initialSequence: 1, mtu: 1500, flowWindow: 8192, socketId: socketId + 1 };
  const ask = async (handshake: SrtHandshake): Promise<SrtHandshake> => {
    socket.send(
      writeSrtControl(SRT_CONTROL.handshake, 0, Math.round((performance.now() - begun) * 1000), 0, writeSrtHandshake(handshake)),
    );
    const [packet] = await once(socket, "message");
    const answer = readSrtHandshake(packet.subarray(SRT_HEADER_SIZE));
    if (answer instanceof Malformed || (answer.type >= 1000 && answer.type !== SRT_HANDSHAKE.conclusion))
      throw new Error(`${streamId} was not let in`);
    return answer;
  };
  const { cookie } = await ask({ ...own, version: 4, extension: 2, type: SRT_HANDSHAKE.induction, cookie: 0, extensions: [] });
  const flags = SRT_FLAG.sendsTimed | SRT_FLAG.receivesTimed | SRT_FLAG.dropsLate | SRT_FLAG.periodicNak | SRT_FLAG.rexmit;
  const capabilities = writeSrtCapabilities({ version: 0x010501, flags, receiverDelayMs: LATENCY_MS, senderDelayMs: LATENCY_MS });
  const answer = await ask({
    ...own,
    version: 5,
    extension: SRT_HAS.handshake | SRT_HAS.configuration,
    type: SRT_HANDSHAKE.conclusion,
    cookie,
    extensions: [
      { type: SRT_EXTENSION.request, content: capabilities },
      { type: SRT_EXTENSION.streamId, content: writeSrtText(streamId) },
    ],
  });
  socket.on("message", (packet) => {
    if (!isSrtControl(packet) || srtControlType(packet) !== SRT_CONTROL.ack) return;
    const time = Math.round((performance.now() - begun) * 1000);
    socket.send(writeSrtControl(SRT_CONTROL.ackAck, srtInformation(packet), time, answer.socketId, PADDING));
  });
  return { socket, destination: answer.socketId, begun, sent: 0 };
}

if (process.argv[2] === "publish") {
  const [port = "", file = "", count = ""] = process.argv.slice(3);
  await publishAll(Number(port), file, Number(count));
}
