/**
 * Decodes the video frames of a file or address with FFmpeg 8.1 (node-av), and prints the MD5 of each: node decode-frames.ts ADDRESS
 * It runs as a process of its own, so that a crash of a decoder fails one test only.
 */
import { createHash } from "node:crypto";
import { Decoder, Demuxer } from "node-av";

const [address = ""] = process.argv.slice(2);
const input = await Demuxer.open(address);
const video = input.video();
if (!video) throw new Error(`${address} has no pictures`);
const decoder = await Decoder.create(video);
for await (const frame of decoder.frames(input.packets(video.index))) {
  if (!frame) continue;
  process.stdout.write(`${createHash("md5").update(frame.toBuffer()).digest("hex")}\n`);
  frame.free();
}
process.exit(0);
