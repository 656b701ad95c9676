/** Publishes a small camera many times over WebSockets from this process, as candidates' pages do: 320×240, 5 frames a second, about 110 kbit/s, a key frame each 5 s. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { writeTag } from "@lectern/media";
import WebSocket from "ws";
import { ClipLoop, readClip } from "../../packages/server/src/load/clients/clip-loop.ts";
import { cacheDirectory } from "./clip.ts";

const SECONDS = 20;
const TICK_MS = 50;

/** A picture with the noise of a cheap camera. Made once and cached. */
function cameraClip(): string {
  const file = join(cacheDirectory(), "exam-camera.flv");
  if (existsSync(file)) return file;
  const input = ["-f", "lavfi", "-i", "testsrc2=size=320x240:rate=5", "-vf", "noise=alls=12:allf=t", "-t", String(SECONDS)];
  const rate = ["-b:v", "105k", "-maxrate", "115k", "-bufsize", "115k", "-g", "25", "-keyint_min", "25", "-sc_threshold", "0"];
  const video = ["-c:v", "libx264", "-preset", "veryfast", "-profile:v", "baseline", "-pix_fmt", "yuv420p"];
  execFileSync("ffmpeg", ["-v", "error", "-y", ...input, ...video, ...rate, "-f", "flv", file]);
  return file;
}

export class CameraPublishers {
  private readonly cameras: { readonly socket: WebSocket; readonly loop: ClipLoop; readonly begun: number }[] = [];
  private readonly clip = readClip(readFileSync(cameraClip()));
  private timer: NodeJS.Timeout | null = null;
  /** Connections that ended by themselves. */
  lost = 0;
  private isOver = false;

  /** Resolves once the server takes it. @param address with its key */
  async add(address: string): Promise<void> {
    const socket = new WebSocket(address, "lectern.flv.v1");
    socket.on("error", () => {});
    await new Promise<void>((resolve, reject) => {
      socket.on("message", () => resolve());
      socket.on("close", (_code, reason) => {
        if (!this.isOver) this.lost++;
        reject(new Error(String(reason)));
      });
    });
    // Not all at the same moment.
    this.cameras.push({ socket, loop: new ClipLoop(this.clip), begun: performance.now() + Math.random() * 1000 });
    this.timer ??= setInterval(() => this.send(), TICK_MS);
  }

  close(): void {
    this.isOver = true;
    if (this.timer) clearInterval(this.timer);
    for (const { socket } of this.cameras) socket.terminate();
  }

  private send(): void {
    const now = performance.now();
    for (const { socket, loop, begun } of this.cameras)
      loop.send(now - begun, ({ type, body }, timestamp) => socket.send(writeTag(type, timestamp, [body])));
  }
}
