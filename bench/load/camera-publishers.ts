/** Publishes a small camera many times over WebSockets from this process, as candidates' pages do: 320×240, 5 frames a second, about 110 kbit/s, a key frame each 5 s. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { TAG_TYPE, writeTag } from "@lectern/media";
import WebSocket from "ws";
import { readTags } from "../../e2e/rtmp-client.ts";
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
  private readonly sockets: WebSocket[] = [];
  private readonly tags = readTags(readFileSync(cameraClip()));
  private readonly begun: number[] = [];
  private readonly next: number[] = [];
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
    this.sockets.push(socket);
    // Not all at the same moment.
    this.begun.push(performance.now() + Math.random() * 1000);
    this.next.push(0);
    this.timer ??= setInterval(() => this.send(), TICK_MS);
  }

  close(): void {
    this.isOver = true;
    if (this.timer) clearInterval(this.timer);
    for (const socket of this.sockets) socket.terminate();
  }

  private send(): void {
    const now = performance.now();
    for (const [i, socket] of this.sockets.entries()) {
      const elapsed = now - (this.begun[i] ?? now);
      for (let at = this.next[i] ?? 0; ; at++) {
        const round = Math.floor(at / this.tags.length);
        const tag = this.tags[at % this.tags.length];
        if (!tag || tag.timestamp + round * SECONDS * 1000 > elapsed) break;
        this.next[i] = at + 1;
        const isRepeated = round > 0 && tag.type === TAG_TYPE.script;
        if (!isRepeated) socket.send(writeTag(tag.type, tag.timestamp + round * SECONDS * 1000, [tag.body]));
      }
    }
  }
}
