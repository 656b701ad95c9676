/** Publishers whose clocks run wrong, over an hour: in the picture, what they did at the same moment stays at the same moment. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { FlvReader, type FlvTag } from "@lectern/media";
import { Ingest, Log, NO_METER } from "../../live/streams/index.ts";
import { aacConfiguration, audioFrame, avcConfiguration, videoFrame } from "../../live/streams/synthetic-source.ts";
import type { Clock } from "../../platform/clock.ts";
import { FileWriter } from "../files/file-writer.ts";
import { IndexedFile } from "../files/indexed-file.ts";
import { Timeline } from "../files/timeline.ts";
import { feedOf } from "./composite-feed.ts";
import { placeTracks } from "./composite-tracks.ts";

const UTC = 1_700_000_000_000;
const HOUR_MS = 3_600_000;
const EVERY_MS = 200;
const MOST_OFF_MS = 80;
const DELAY_MS = 40;
/** The line makes each frame late by up to this, and all of them now and then for some seconds. */
const JITTER_MS = 60;
const CONGESTED = { every: 600_000, for: 20_000, ms: 300 } as const;
const MARK_BYTES = { 8: 2, 9: 5 } as const;

/** Deterministic, 0 to 1. */
function noise(of: number): number {
  const wave = Math.sin(of * 12.9898) * 43_758.5453;
  return wave - Math.floor(wave);
}

/** A person who publishes for an hour. Each frame's number is the real time at which it was taken. @param ppm how much too fast their clock runs */
async function published(folder: string, name: string, ppm: number): Promise<Timeline> {
  let now = 0;
  const clock: Clock = { monotonic: () => now, utc: () => UTC + now, after: () => () => {}, longestHold: () => 0 };
  const log = new Log(name, { segments: 2, milliseconds: 20_000, bytes: () => 16 << 20 });
  const ingest = new Ingest(log, clock, { segmentMs: 2000, partMs: 500 }, NO_METER);
  const path = join(folder, `${name}.flv`);
  let writer: FileWriter | null = null;
  log.listen((entry) => {
    if (entry.kind === "segment")
      writer ??= new FileWriter(
        { path, recording: name, number: 0, app: "live", name, epoch: name, segments: 4096, key: null },
        entry,
        log.context,
      );
    if (entry.kind !== "term" && entry.kind !== "gap" && entry.kind !== "end") writer?.take(entry);
  });
  const written = (): FileWriter | null => writer;
  ingest.beginTerm(1);
  for (const message of [avcConfiguration(), aacConfiguration]) assert.equal(ingest.push(message), null);
  for (let taken = 0; taken < HOUR_MS; taken += EVERY_MS) {
    const isCongested = taken % CONGESTED.every > CONGESTED.every - CONGESTED.for;
    const delay = DELAY_MS + JITTER_MS * noise(taken + ppm) + (isCongested ? CONGESTED.ms : 0);
    now = Math.max(now, taken + delay);
    const timestamp = Math.round(taken * (1 + ppm / 1e6));
    assert.equal(ingest.push(audioFrame(timestamp, taken + 1)), null);
    assert.equal(ingest.push(videoFrame(timestamp, taken % 2000 === 0, taken + 1, 30)), null);
    if (taken % 60_000 === 0) await written()?.flush();
  }
  ingest.end("over");
  const file = written();
  assert.ok(file);
  await file.finish({ reason: "ended", end: null, time: file.time, sequence: file.next });
  const opened = await IndexedFile.open(path);
  assert.ok(opened);
  return new Timeline([opened]);
}

test("clocks that run wrong by 50 ppm, one too fast and one too slow, keep people within 80 ms for an hour", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "lectern-drift-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const people = [];
  for (const ppm of [50, 0, -50]) people.push({ person: `${ppm}`, timelines: [await published(folder, `p${ppm}`, ppm)] });
  const { tracks, utc } = placeTracks(people);
  const worst: Record<string, number> = {};
  for (const track of tracks) {
    let frames = 0;
    const onTag = ({ type, timestamp, body }: FlvTag): void => {
      const from = MARK_BYTES[type as keyof typeof MARK_BYTES];
      if (from === undefined || body[1] === 0 || body.length < from + 20) return;
      const taken = Buffer.from(body.buffer, body.byteOffset + from).readDoubleBE(8) - 1;
      const off = timestamp + utc - UTC - (taken + DELAY_MS);
      frames++;
      const key = `${track.person} ${type}`;
      if (Math.abs(off) > Math.abs(worst[key] ?? 0)) worst[key] = Math.round(off);
    };
    const reader = new FlvReader({ onTag, maxTagBytes: 1e6 });
    for await (const piece of feedOf({ track, video: true, audio: true, tile: null, origin: 0 }))
      assert.equal(reader.push(piece), null);
    assert.ok(frames >= (2 * HOUR_MS) / EVERY_MS - 20, `${frames} frames`);
  }
  t.diagnostic(JSON.stringify(worst));
  assert.equal(Object.keys(worst).length, 6);
  // Of two people, each may be off to the other side.
  for (const [key, off] of Object.entries(worst)) assert.ok(Math.abs(off) <= MOST_OFF_MS, `${key}: ${off} ms off`);
});
