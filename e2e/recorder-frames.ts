/** Sends frames as a camera of GB/T 28181 does: each in a program stream of its own, in RTP packets with one time. */
import { type PsFrame, type PsShape, writePsFrame } from "../packages/media/test/test-program-stream.ts";

/** Frames that are sent again and again, and how they are packed. */
export type RecorderVideo = { readonly frames: readonly PsFrame[]; readonly shape: PsShape };

const PACKET_BYTES = 1400;
const FRAME_MS = 40;

/** Sends in real time, again and again. Returns the function that ends it. */
export function sendFrames({ frames, shape }: RecorderVideo, ssrc: number, send: (packet: Uint8Array) => void): () => void {
  const videos = frames.filter(({ track }) => track === "video").length;
  const roundTicks = videos * FRAME_MS * 90;
  let [at, sequence, began] = [0, 65_500, Date.now()];
  let round = 0;
  const sendOne = ({ pts, ...frame }: PsFrame): void => {
    const time = pts + round * roundTicks;
    const stream = writePsFrame({ ...frame, pts: time }, shape);
    for (let from = 0; from < stream.length; from += PACKET_BYTES) {
      const piece = stream.subarray(from, from + PACKET_BYTES);
      const head = Buffer.alloc(12);
      head[0] = 0x80;
      head[1] = (from + PACKET_BYTES >= stream.length ? 0x80 : 0) | 96;
      head.writeUInt16BE(sequence++ & 0xffff, 2);
      head.writeUInt32BE(time % 2 ** 32, 4);
      head.writeUInt32BE(ssrc, 8);
      send(Buffer.concat([head, piece]));
    }
  };
  const timer = setInterval(() => {
    for (;;) {
      const frame = frames[at];
      if (!frame || (frame.pts + round * roundTicks - (frames[0]?.pts ?? 0)) / 90 > Date.now() - began) return;
      sendOne(frame);
      at++;
      if (at < frames.length) continue;
      at = 0;
      round++;
    }
  }, 10);
  return () => clearInterval(timer);
}
