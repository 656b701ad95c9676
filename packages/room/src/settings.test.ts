/** What the settings of a room allow. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { settingsOf } from "./settings.ts";

test("settings that nobody has changed allow everything, and fields of another type count as absent", () => {
  const all = { questions: true, danmaku: true, reactions: true, hands: true, roster: true };
  assert.deepEqual(settingsOf(), { chat: "everybody", slowSeconds: 0, ...all });
  assert.deepEqual(settingsOf({ chat: "off", slowSeconds: "x", hands: false }), {
    chat: "off",
    slowSeconds: 0,
    ...all,
    hands: false,
  });
});
