import assert from "node:assert/strict";
import { test } from "node:test";
import { ChunkReader, MESSAGE_TYPE, muxFrame, type RtmpMessage, writeChunks } from "@lectern/media";
import { collect } from "../streams/index.ts";
import { aacConfiguration, avcConfiguration, ingestOf, lesson, mediaOf, pushAll } from "../streams/synthetic-source.ts";
import { rtmpFormat } from "./rtmp-format.ts";

test("what a player reads is the stream, message by message", () => {
  const { ingest, log, entries } = ingestOf();
  pushAll(ingest, [avcConfiguration(), aacConfiguration, ...lesson(3)]);
  const format = rtmpFormat({ video: true, audio: true, streamId: 1 }, 60000);
  const media = mediaOf(entries);
  const got: RtmpMessage[] = [];
  const reader = new ChunkReader({ maxMessageBytes: 1 << 20, onMessage: (message) => got.push(message) });
  reader.push(
    writeChunks({ type: MESSAGE_TYPE.setChunkSize, streamId: 0, timestamp: 0, payload: Uint8Array.of(0, 0, 0xea, 0x60) }, 2, 128),
  );
  reader.push(format.initBytes(log.context));
  for (const entry of media) reader.push(collect((reserve) => format.write(entry, reserve)));
  assert.deepEqual(
    got.slice(1, 4).map((message) => message.type),
    [MESSAGE_TYPE.data, MESSAGE_TYPE.video, MESSAGE_TYPE.audio],
  );
  assert.deepEqual(
    got.slice(4).map((message) => [message.timestamp, Buffer.from(message.payload)]),
    media.map((entry) => [entry.decodeTime, Buffer.from([...muxFrame(entry).header, ...entry.payload])]),
  );
});

test("a track that a player does not want is not there", () => {
  const { ingest, entries } = ingestOf();
  pushAll(ingest, [avcConfiguration(), aacConfiguration, ...lesson(1)]);
  const format = rtmpFormat({ video: false, audio: true, streamId: 1 }, 60000);
  assert.ok(mediaOf(entries, "video").every((entry) => collect((reserve) => format.write(entry, reserve)).length === 0));
  assert.notEqual(format.id, rtmpFormat({ video: true, audio: true, streamId: 1 }, 60000).id);
});
