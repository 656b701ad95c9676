/**
 * Publishes a file by RTMP with FFmpeg 8.1 (node-av), in real time: node push-file.ts FILE URL; with `fast` behind it, at once, into a file.
 * It runs as a process of its own, because FFmpeg closes its connection only when the process ends.
 */
import { Demuxer, Muxer, type Packet } from "node-av";

const [file = "", url = "", speed = ""] = process.argv.slice(2);
const input = await Demuxer.open(file);
for (const stream of input.streams) stream.codecpar.codecTag = 0;
const output = await Muxer.open(url, { format: "flv" });
const streams = input.streams.map((stream) => output.addStream(stream));
// All of them at first: a demuxer whose packets are not taken asks in every turn of the event loop whether they are, which takes a whole core.
const packets: Packet[] = [];
for await (const packet of input.packets()) {
  const kept = packet?.clone();
  if (kept) packets.push(kept);
}
const begun = performance.now();
for (const packet of packets) {
  const base = input.streams[packet.streamIndex]?.timeBase ?? { num: 1, den: 1000 };
  const wait = (Number(packet.dts) * 1000 * base.num) / base.den - (performance.now() - begun);
  if (wait > 5 && speed !== "fast") await new Promise((resolve) => setTimeout(resolve, wait));
  await output.writePacket(packet, streams[packet.streamIndex] ?? 0);
}
await output.close();
process.exit(0);
