/**
 * Stills: what a stream shows now, as a JPEG, made when somebody asks and kept for a few seconds. Only a key frame is decoded, by
 * ffmpeg; so many at once and no more, whoever asks. The workers share what they have made: each has the same frames by the same names.
 */
import { spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Stream } from "../streams/index.ts";
import { type KeyFrame, newestKeyFrame } from "./key-frame.ts";

/** What a still is made of. */
export type Shown = Pick<Stream, "app" | "name" | "epoch" | "log" | "ended">;
export type Still = { readonly jpeg: Buffer; readonly madeAt: number };
/** no-picture: the stream has none. busy: too many are asked for; an older one may be there in a moment. */
export type NoStill = "no-picture" | "busy";

const FRESH_MS = 3000;
/** What nobody has asked for since so long is dropped. */
const IDLE_MS = 60_000;
const AT_ONCE = 2;
const MOST_WAITING = 64;
const DECODE_WITHIN_MS = 5000;
const MAX_BYTES = 1024 * 1024;
const WIDTH = 640;

type Entry = {
  readonly stream: Shown;
  still: Still | null;
  frame: string;
  usedAt: number;
  making: Promise<Still | NoStill> | null;
};

export class Stills {
  private readonly decode: (film: Buffer) => Promise<Buffer | null>;
  private readonly directory: string;
  private readonly entries = new Map<Shown, Entry>();
  private running = 0;
  private readonly waiting: (() => void)[] = [];

  /** @param directory where workers find what others have made; it goes with the server */
  constructor(directory: string, decode: (film: Buffer) => Promise<Buffer | null> = decodeWithFfmpeg) {
    this.directory = directory;
    this.decode = decode;
    mkdirSync(directory, { recursive: true });
  }

  /** All who ask at the same moment get the same picture. */
  async of(stream: Shown, now = performance.now()): Promise<Still | NoStill> {
    const entry = this.entry(stream, now);
    if (entry.still && now - entry.still.madeAt < FRESH_MS) return entry.still;
    entry.making ??= this.make(entry).finally(() => {
      entry.making = null;
    });
    const made = await entry.making;
    // What was shown a little while ago is better than nothing.
    return made === "busy" ? (entry.still ?? made) : made;
  }

  private async make(entry: Entry): Promise<Still | NoStill> {
    if (this.running >= AT_ONCE) {
      if (this.waiting.length >= MOST_WAITING) return "busy";
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
    this.running++;
    try {
      const frame = newestKeyFrame(entry.stream.log);
      if (!frame) return "no-picture";
      // The publisher is away, or its key frames are far apart: the same picture.
      const known = frame.name === entry.frame && entry.still ? entry.still.jpeg : null;
      const jpeg = known ?? (await this.share(entry.stream, frame));
      if (!jpeg) return entry.still ?? "no-picture";
      entry.frame = frame.name;
      entry.still = { jpeg, madeAt: performance.now() };
      return entry.still;
    } finally {
      this.running--;
      this.waiting.shift()?.();
    }
  }

  /** The picture as another worker has made it, or made here, and left for the others. A file holds one, with the frame's name before it. */
  private async share(stream: Shown, frame: KeyFrame): Promise<Buffer | null> {
    const path = this.pathOf(stream);
    const head = Buffer.from(`${frame.name}\n`);
    const shared = await readFile(path).catch(() => null);
    if (shared?.subarray(0, head.length).equals(head)) return shared.subarray(head.length);
    const jpeg = await this.decode(frame.film);
    if (!jpeg) return null;
    // Nobody reads half a file. Where it cannot be written, each worker makes its own.
    const draft = `${path}.${process.pid}`;
    await writeFile(draft, Buffer.concat([head, jpeg]))
      .then(() => rename(draft, path))
      .catch(() => rm(draft, { force: true }));
    return jpeg;
  }

  private pathOf({ app, name, epoch }: Shown): string {
    return join(this.directory, `${app} ${name} ${epoch}`);
  }

  private entry(stream: Shown, now: number): Entry {
    for (const [other, { usedAt }] of this.entries) {
      if (now - usedAt <= IDLE_MS && !other.ended) continue;
      this.entries.delete(other);
      void rm(this.pathOf(other), { force: true });
    }
    const known = this.entries.get(stream) ?? { stream, still: null, frame: "", usedAt: now, making: null };
    known.usedAt = now;
    this.entries.set(stream, known);
    return known;
  }
}

/** Null when it cannot be decoded. */
function decodeWithFfmpeg(film: Buffer): Promise<Buffer | null> {
  const scale = `scale=w='min(${WIDTH},iw)':h=-2`;
  const quiet = ["-hide_banner", "-loglevel", "error", "-threads", "1", "-i", "pipe:0"];
  const child = spawn("ffmpeg", [...quiet, "-frames:v", "1", "-vf", scale, "-q:v", "5", "-f", "mjpeg", "pipe:1"], {
    stdio: ["pipe", "pipe", "ignore"],
  });
  return new Promise((resolve) => {
    const pieces: Buffer[] = [];
    let bytes = 0;
    const timer = setTimeout(() => child.kill("SIGKILL"), DECODE_WITHIN_MS);
    child.stdout.on("data", (piece: Buffer) => {
      bytes += piece.length;
      if (bytes > MAX_BYTES) child.kill("SIGKILL");
      else pieces.push(piece);
    });
    // ffmpeg has seen enough, or is not there.
    child.stdin.on("error", () => {});
    child.on("error", () => resolve(null));
    child.on("close", (code) => {
      clearTimeout(timer);
      resolve(code === 0 && bytes > 0 ? Buffer.concat(pieces) : null);
    });
    child.stdin.end(film);
  });
}
