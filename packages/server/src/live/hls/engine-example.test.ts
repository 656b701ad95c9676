/**
 * Runs the engine of live streams by itself: what a program writes that has it without a server. No process, socket, school or person is in it.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ManualClock } from "../../platform/clock.ts";
import { Refusal } from "../../platform/refusal.ts";
import type { WireFormat } from "../streams/index.ts";
import { aacConfiguration, avcConfiguration, lesson } from "../streams/synthetic-source.ts";
import { soleStreams } from "../streams/test-streams.ts";
import { HlsStream } from "./hls-stream.ts";

/** The shortest protocol: a letter for each configuration and frame. */
const LETTERS: WireFormat = {
  id: "letters",
  video: true,
  audio: true,
  initBytes: () => Buffer.from("<"),
  configurations: () => Buffer.from("c"),
  write: (entry, reserve) => void (entry.kind === "media" && reserve(1).set(Buffer.from(entry.track === "video" ? "v" : "a"))),
};

test("a program publishes a stream, watches it by a protocol of its own, and has it as HLS", async () => {
  const streams = soleStreams(new ManualClock());
  const source = { protocol: "mine", ip: "127.0.0.1", agent: "example" };
  const session = await streams.publications.open({ app: "live", name: "math", source, backup: false, onRevoked: () => {} });
  assert.ok(!(session instanceof Refusal));
  for (const message of [avcConfiguration(), aacConfiguration]) session.push(message);

  const stream = streams.find("live", "math");
  assert.ok(stream !== null);
  let got = "";
  const write = (bytes: Uint8Array) => void (got += Buffer.from(bytes));
  const writeAll = (pieces: readonly Uint8Array[]) => pieces.forEach(write);
  stream.watch(
    LETTERS,
    { write, writeAll, pending: 0, end: () => {}, wrap: null, connection: () => null },
    { protocol: "mine", batchMs: 0 },
  );
  const hls = new HlsStream(stream.log, "", 8);

  for (const message of lesson(7)) session.push(message);
  const playlist = hls.playlist(null, false);
  assert.match(got, /^<[va]+$/);
  assert.ok(playlist !== null && typeof playlist === "object" && "plain" in playlist);
  assert.match(String(playlist.plain), /#EXT-X-PART:.*1-3\.0\.m4s/);
  assert.ok(Buffer.isBuffer(hls.media(1, 2, null)), "a segment of fragmented MP4");
  streams.close("over");
});
