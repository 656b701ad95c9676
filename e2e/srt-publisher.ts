/** Publishes by SRT with ffmpeg's libsrt, and finds ports for servers that listen for it. */
import { createSocket } from "node:dgram";
import { ffmpeg, type Run } from "./ffmpeg.ts";
import type { Scope } from "./lectern.ts";

/** A UDP port that is free on 127.0.0.1 now. */
export function freeUdpPort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = createSocket("udp4");
    socket.once("error", reject);
    socket.bind(0, "127.0.0.1", () => {
      const { port } = socket.address();
      socket.close(() => resolve(port));
    });
  });
}

/** @param options of libsrt, after the stream id: `passphrase=…` */
export function srtUrl(port: number, streamId: string, ...options: readonly string[]): string {
  return `srt://127.0.0.1:${port}?${[`streamid=${streamId}`, ...options].join("&")}`;
}

/** Publishes a file over and over in real time. @param sound how its sound is encoded */
export function publishBySrt(t: Scope, file: string, url: string, sound: readonly string[] = ["-c:a", "copy"]): Run {
  return ffmpeg(t, ["-re", "-stream_loop", "-1", "-i", file, "-c:v", "copy", ...sound, "-f", "mpegts", url]);
}
