/** Reads encrypted HLS for tests: playlists with their keys, segments with and without them, and the frames that ffmpeg gets. */
import assert from "node:assert/strict";
import { createDecipheriv } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Frame, ffmpeg, ffmpegDone, parseFrames } from "./ffmpeg.ts";
import { attributes } from "./hls-reader.ts";
import type { Scope } from "./lectern.ts";

/** Hashes of the pictures. */
export const hashes = (all: readonly Frame[]) => all.filter(({ stream }) => stream === 0).map(({ hash }) => hash);

/** The address of a segment without its key: the same segment in the clear. */
export const inTheClear = (address: string) => address.replace(/\.k[^/]+\.m4s/, ".m4s");

export type Media = {
  readonly at: string;
  readonly text: string;
  /** The EXT-X-KEY tags, in their order. */
  readonly keys: readonly Record<string, string>[];
  readonly segments: readonly string[];
  readonly map: string;
};

/** The media playlist behind a multivariant one. */
export async function mediaOf(address: string): Promise<Media | null> {
  const first = await fetch(address);
  const uri = /^[^#\n].*$/m.exec(await first.text())?.[0];
  if (first.status !== 200 || !uri) return null;
  const at = new URL(uri, address).href;
  const answer = await fetch(at);
  const text = await answer.text();
  if (answer.status !== 200) return null;
  return {
    at,
    text,
    keys: [...text.matchAll(/^#EXT-X-KEY:(.*)$/gm)].map(([, list = ""]) => attributes(list)),
    segments: [...text.matchAll(/^[^#\n].*$/gm)].map(([one]) => new URL(one, at).href),
    map: new URL(/#EXT-X-MAP:URI="([^"]+)"/.exec(text)?.[1] ?? "", at).href,
  };
}

export async function bytesOf(address: string): Promise<Buffer> {
  const answer = await fetch(address);
  const bytes = Buffer.from(await answer.arrayBuffer());
  assert.equal(answer.status, 200, `${address}: ${bytes.subarray(0, 300)}`);
  return bytes;
}

export const statusOf = async (address: string) => (await fetch(address)).status;

/** How many frames ffmpeg finds in a file of this content. */
export async function decodedFrames(t: Scope, bytes: Buffer): Promise<number> {
  const directory = mkdtempSync(join(tmpdir(), "lectern-encryption-"));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  const file = join(directory, "segment.mp4");
  writeFileSync(file, bytes);
  const { out } = await ffmpeg(t, ["-i", file, "-f", "framemd5", "-"]).done;
  return out
    .toString()
    .split("\n")
    .filter((line) => /^\d/.test(line)).length;
}

/** Hashes of the pictures that ffmpeg gets in so many seconds. */
export async function watched(t: Scope, address: string, seconds: number): Promise<string[]> {
  const out = await ffmpegDone(t, ["-i", address, "-t", String(seconds), "-map", "0:v", "-c", "copy", "-f", "framemd5", "-"]);
  return hashes(parseFrames(out.toString()));
}

/** One after the other as they were sent, and none missing. */
export function assertAmong(sent: readonly string[], seen: readonly string[], what: string): void {
  const from = sent.indexOf(seen[0] ?? "");
  assert.ok(seen.length > 40 && from >= 0, `${what}: ${seen.length} frames`);
  assert.deepEqual(seen, sent.slice(from, from + seen.length), what);
}

/** A segment as a player decrypts it: with the key that the playlist names before it. */
export async function decrypted({ text, at, segments }: Media, address: string): Promise<Buffer> {
  const before = text.slice(0, text.indexOf(`${address.split("/").at(-1)}\n`));
  const { URI = "", IV = "" } = attributes(/.*#EXT-X-KEY:(.*?)\n/s.exec(before)?.[1] ?? "");
  const key = await bytesOf(new URL(URI, at).href);
  assert.ok(segments.includes(address) && key.length === 16);
  const decipher = createDecipheriv("aes-128-cbc", key, Buffer.from(IV.slice(2), "hex"));
  return Buffer.concat([decipher.update(await bytesOf(address)), decipher.final()]);
}
