import assert from "node:assert/strict";
import { test } from "node:test";
import { Receiver } from "ws";
import { binaryFrame } from "./websocket-frame.ts";

test("frames of every size class are read by another implementation as what was put in", () => {
  const receiver = new Receiver({ isServer: false, binaryType: "nodebuffer" });
  const got: Buffer[] = [];
  receiver.on("message", (data: Buffer) => got.push(data));
  const sent = [0, 1, 125, 126, 65_535, 65_536, 300_000].map((size) => Buffer.alloc(size, size % 255));
  for (const bytes of sent) receiver.write(binaryFrame(bytes));
  assert.deepEqual(got.map((bytes) => bytes.length), sent.map((bytes) => bytes.length));
  assert.deepEqual(got.at(-1), sent.at(-1));
});
