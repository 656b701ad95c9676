/**
 * Makes still images of live streams on request: the newest key frame as a JPEG, cached for a few seconds. The workers of a node share the
 * files, because each of them names a frame alike.
 */
import { mkdirSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { writeAtomically } from "../../platform/write-atomically.ts";
import type { Stream } from "../streams/index.ts";
import type { Decode } from "./decoder.ts";
import { type KeyFrame, newestKeyFrame } from "./key-frame.ts";

/** The part of a stream that a still needs. */
export type StillSource = Pick<Stream, "app" | "name" | "epoch" | "log" | "ended">;
export type Still = { readonly jpeg: Buffer; readonly madeAt: number };
/** no-picture: the stream has no video frame that can be decoded. busy: too many requests wait. */
export type NoStill = "no-picture" | "busy";

const FRESH_MS = 3000;
/** A still without a request for this long is dropped. */
const IDLE_MS = 60_000;

type Entry = {
  readonly stream: StillSource;
  readonly width: number;
  still: Still | null;
  frame: string;
  usedAt: number;
  making: Promise<Still | NoStill> | null;
};

export class Stills {
  private readonly decode: Decode;
  private readonly directory: string;
  private readonly entries = new Map<StillSource, Entry>();

  /** @param directory where the workers share stills; it is deleted with the server's temporary files */
  constructor(directory: string, decode: Decode) {
    this.directory = directory;
    this.decode = decode;
    mkdirSync(directory, { recursive: true });
  }

  /** Concurrent requests share one image. @param width in pixels, at most */
  async of(stream: StillSource, width: number, now = performance.now()): Promise<Still | NoStill> {
    const entry = this.entry(stream, width, now);
    if (entry.still && now - entry.still.madeAt < FRESH_MS) return entry.still;
    entry.making ??= this.make(entry).finally(() => {
      entry.making = null;
    });
    const made = await entry.making;
    // An older image is better than none.
    return made === "busy" ? (entry.still ?? made) : made;
  }

  private async make(entry: Entry): Promise<Still | NoStill> {
    const frame = newestKeyFrame(entry.stream.log);
    if (!frame) return "no-picture";
    // Without a newer key frame the image stays the same.
    const known = frame.name === entry.frame && entry.still ? entry.still.jpeg : null;
    const jpeg = known ?? (await this.share(entry, frame));
    if (jpeg === "busy") return jpeg;
    if (!jpeg) return entry.still ?? "no-picture";
    entry.frame = frame.name;
    entry.still = { jpeg, madeAt: performance.now() };
    return entry.still;
  }

  /** Reads the image that another worker made, or makes it and writes it for the others. A file has the frame's name before the image. */
  private async share({ stream, width }: Entry, frame: KeyFrame): Promise<Buffer | null | "busy"> {
    const path = this.pathOf(stream);
    const head = Buffer.from(`${frame.name} ${width}\n`);
    const shared = await readFile(path).catch(() => null);
    if (shared?.subarray(0, head.length).equals(head)) return shared.subarray(head.length);
    const jpeg = await this.decode(frame.mp4, width);
    if (!jpeg || jpeg === "busy") return jpeg;
    // If the file cannot be written, each worker makes its own image.
    await writeAtomically(path, Buffer.concat([head, jpeg])).catch(() => {});
    return jpeg;
  }

  private pathOf({ app, name, epoch }: StillSource): string {
    return join(this.directory, `${app} ${name} ${epoch}`);
  }

  /** Where the width has changed, because a policy has, the image is made again. */
  private entry(stream: StillSource, width: number, now: number): Entry {
    for (const [other, { usedAt }] of this.entries) {
      if (now - usedAt <= IDLE_MS && !other.ended) continue;
      this.entries.delete(other);
      void rm(this.pathOf(other), { force: true });
    }
    const before = this.entries.get(stream);
    const known = before?.width === width ? before : { stream, width, still: null, frame: "", usedAt: now, making: null };
    known.usedAt = now;
    this.entries.set(stream, known);
    return known;
  }
}
