import assert from "node:assert/strict";
import { test } from "node:test";
import type { Alarm } from "@lectern/client";
import { translator } from "../../texts/translator.ts";
import { CONSOLE_MESSAGES } from "../messages/messages.ts";
import { CONSOLE_PAGE_MESSAGES } from "../messages/pages.ts";
import { alarmDetail, componentDetail } from "./alarm-detail.ts";

const { t } = translator("zh-CN", [CONSOLE_MESSAGES, CONSOLE_PAGE_MESSAGES]);
const said = (code: Alarm["code"], detail: string, ruleId: string | null = null) =>
  alarmDetail({ code, detail, ruleId, subject: "n1" }, { t, time: (iso) => iso.slice(0, 10) });

test("what the server says of an alarm in English is said in the language of the page", () => {
  assert.equal(said("node-gone", "It has not been heard for 3 s."), "已有 3 秒没有收到它的消息。");
  assert.equal(said("clock-skew", "It is -12 s off."), "时钟相差 -12 秒。");
  assert.equal(said("ladder-refused", "No node has room for its ladder."), "");
  assert.equal(said("break-glass", "has signed in, ends at 2026-12-01T08:00:00.000Z"), "已登录，2026-12-01 失效。");
  assert.equal(said("operator-token-expires", "it has expired"), "已过期。");
  assert.equal(said("operator-token-expires", "6 days are left"), "还剩 6 天。");
  assert.equal(said("source-away", "unreachable: ECONNREFUSED"), "对方服务器没有响应。详情：ECONNREFUSED");
  assert.equal(
    said("publish-refused", "The last from 203.0.113.9 by rtmp, OBS: The key is wrong."),
    "最近一次来自 203.0.113.9（rtmp）。",
  );
  assert.equal(said("forward-away", "bad-credential"), "对方拒绝了密码或推流码，请重新填写地址。");
});

test("a detail that the page does not know is shown as it is, of a rule the value alone", () => {
  assert.equal(said("recording-stopped", "ENOSPC"), "ENOSPC");
  assert.equal(said("source-away", "No answer from 203.0.113.9"), "No answer from 203.0.113.9");
  assert.equal(said("node-gone", "packet loss 12 %", "r"), "12 %");
});

test("what is wrong with a component is said in the language of the page", () => {
  const of = (detail: string) => componentDetail(detail, t);
  assert.deepEqual(["It has expired.", "It expires in 12 days.", "No time server has set it.", "ENOENT", ""].map(of), [
    "已过期。",
    "还剩 12 天。",
    "没有时间服务器为它校时。",
    "ENOENT",
    "",
  ]);
});
