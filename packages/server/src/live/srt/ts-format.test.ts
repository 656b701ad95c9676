/** What players are sent, read back by the demuxer of publishers. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { type Configuration, collect, type LogContext, type MediaEntry, type SourceMessage } from "../streams/index.ts";
import { tsFormat } from "./ts-format.ts";
import { TsSource } from "./ts-source.ts";

const FIXTURES = new URL("../../../../media/src/ts/fixtures/", import.meta.url);
const place = { term: 1, sequence: 0 };

function read(bytes: Uint8Array): SourceMessage[] {
  const messages: SourceMessage[] = [];
  new TsSource({ onMessage: (message) => messages.push(message), onUnreadable: assert.fail }).push(bytes);
  return messages;
}

function entryOf(message: SourceMessage): Configuration | MediaEntry | null {
  if (message.kind === "configuration") {
    const { track, codec, data } = message;
    const entry = { ...place, kind: message.kind, time: 0, codec, data, format: null };
    return track === "video" ? { ...entry, track } : { ...entry, track };
  }
  if (message.kind !== "frame") return null;
  const { timestamp, kind: _, ...frame } = message;
  return { ...place, ...frame, kind: "media", decodeTime: timestamp };
}

for (const file of ["ffmpeg-5.1-hevc-aac.bin", "ffmpeg-5.1-h264-opus.bin"])
  test(`${file}: configurations, frames and times are those of the publisher`, () => {
    const messages = read(readFileSync(new URL(file, FIXTURES)));
    const entries = messages.flatMap((message) => entryOf(message) ?? []);
    const ofTrack = (track: string) => entries.find((entry) => entry.kind === "configuration" && entry.track === track) ?? null;
    const context = { video: ofTrack("video"), audio: ofTrack("audio"), metadata: null } as LogContext;
    const format = tsFormat();
    const bytes = Buffer.concat([
      format.initBytes(context),
      collect((reserve) => {
        for (const entry of entries) format.write(entry, reserve);
      }),
    ]);
    assert.equal(bytes.length % 188, 0);
    const found = read(bytes);
    for (const track of ["video", "audio"] as const) {
      const of = (all: readonly SourceMessage[]) => all.filter((message) => "track" in message && message.track === track);
      assert.ok(of(messages).length > 20);
      assert.deepEqual(of(found), of(messages), track);
    }
  });
