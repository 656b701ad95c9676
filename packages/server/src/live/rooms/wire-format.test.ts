import assert from "node:assert/strict";
import { test } from "node:test";
import type { RoomEntry } from "@lectern/room";
import { acknowledgementFrame, entryText, frameText, SharedEnd, SharedFrame, signalText } from "./wire-format.ts";

const ENTRY: RoomEntry = {
  seq: 7,
  at: 5,
  mediaTime: null,
  id: "i",
  kind: "chat",
  to: "all",
  key: null,
  gone: false,
  sampled: false,
  from: { id: "p", name: "Li Lei", role: "guest" },
  body: { text: "你好" },
};
const POSITION = { epoch: "e", seq: 7 };

test("an entry is flat, and a body cannot change its fields, nor add those that it does not have", () => {
  const body = { text: "x", seq: 99, kind: "quiz", from: "t", role: "staff", key: "pin", gone: true, to: "staff", epoch: "f" };
  const fields = { epoch: "e", seq: 7, at: 5, mediaTime: null, id: "i", kind: "chat", from: "p", name: "Li Lei", role: "guest" };
  assert.deepEqual(JSON.parse(entryText("e", { ...ENTRY, body })), { text: "x", ...fields });
  assert.deepEqual(JSON.parse(entryText("e", { ...ENTRY, key: "chat/1", gone: true, to: { participant: "q" } })), {
    text: "你好",
    ...fields,
    key: "chat/1",
    gone: true,
    to: "q",
  });
});

test("the server as a sender has no id, name and role, whether it has none or an empty one", () => {
  for (const from of [null, { id: "", name: "", role: "staff" as const }]) {
    const { from: id, name, role } = JSON.parse(entryText("e", { ...ENTRY, from }));
    assert.deepEqual([id, name, role], [null, null, null]);
  }
});

const NOW = 1_785_000_000_000;

test("frames have exactly these bytes", () => {
  const signal = signalText({ kind: "people", key: "", to: "all", body: { count: 2 } });
  const text = frameText(POSITION, "entries", ['{"seq":7}'], [signal]);
  const json = '{"epoch":"e","seq":7,"entries":[{"seq":7}],"signals":[{"count":2,"kind":"people","key":""}]}';
  const frame = new SharedFrame(POSITION, text);
  assert.deepEqual(frame.bytes("socket"), Buffer.from([0x81, json.length, ...Buffer.from(json)]));
  assert.equal(frame.bytes("events").toString(), `id: e.7\ndata: ${json}\n\n`);
  const first = new SharedEnd(POSITION, frameText(POSITION, "snapshot", [], []));
  const you = '{"you":{"id":"p","name":"李雷","role":"guest"},"now":1785000000000,"epoch":"e","seq":7,"snapshot":[],"signals":[]}';
  const bytes = Buffer.from(you);
  const person = { id: "p", name: "李雷", role: "guest" } as const;
  assert.deepEqual(Buffer.concat(first.bytes(person, "socket", NOW)), Buffer.from([0x81, bytes.length, ...bytes]));
  assert.equal(Buffer.concat(first.bytes(person, "events", NOW)).toString(), `id: e.7\ndata: ${you}\n\n`);
  const ack = '{"acks":[{"id":"x","seq":7}]}';
  assert.deepEqual(acknowledgementFrame([{ id: "x", seq: 7 }], "socket"), Buffer.from([0x81, ack.length, ...Buffer.from(ack)]));
});
