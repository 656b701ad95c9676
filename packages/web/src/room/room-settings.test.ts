/** What the settings of a room allow. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { settingsOf } from "./room-settings.ts";
import { parseEntry } from "./wire.ts";

test("settings that nobody has changed allow everything, and fields of another type count as absent", () => {
  const all = { questions: true, danmaku: true, reactions: true, hands: true, roster: true };
  assert.deepEqual(settingsOf({ one: () => null }), { chat: "everybody", slowSeconds: 0, ...all });
  const [entry = null] = parseEntry({
    epoch: "e",
    seq: 1,
    at: 0,
    mediaTime: null,
    id: "x",
    from: null,
    name: null,
    role: null,
    kind: "settings",
    key: "settings",
    chat: "off",
    slowSeconds: "x",
    hands: false,
  });
  assert.ok(entry);
  assert.deepEqual(settingsOf({ one: () => entry }), { chat: "off", slowSeconds: 0, ...all, hands: false });
});
