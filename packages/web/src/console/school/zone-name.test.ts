import assert from "node:assert/strict";
import { test } from "node:test";
import { translator } from "../../texts/translator.ts";
import { CONSOLE_MESSAGES } from "../messages/messages.ts";
import { withZone, zoneName } from "./zone-name.ts";

test("a time zone has the name that people use, in their language", () => {
  // Of several versions of the CLDR.
  assert.match(zoneName("Asia/Shanghai", "en"), /^China (?:Standard )?Time$/);
  assert.match(zoneName("Asia/Shanghai", "zh-CN"), /^中国(?:标准)?时间$/);
  assert.equal(zoneName("Atlantis/Centre", "en"), "Atlantis/Centre");
});

test("a label has the zone only where it is not the one of the person's clock", () => {
  const { t } = translator("en", [CONSOLE_MESSAGES]);
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const other = own === "Asia/Tokyo" ? "Asia/Shanghai" : "Asia/Tokyo";
  assert.equal(withZone("Starts", own, t), "Starts");
  assert.equal(withZone("Starts", other, t), `Starts (${other})`);
});
