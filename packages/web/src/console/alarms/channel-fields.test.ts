import assert from "node:assert/strict";
import { test } from "node:test";
import type { AlarmChannel } from "@lectern/client";
import { InputError } from "../../session/error-message.ts";
import { changedChannel, channelFields, newChannel } from "./channel-fields.ts";

const channel: AlarmChannel = {
  id: "c",
  schoolId: null,
  kind: "dingtalk",
  name: "IT",
  target: "https://oapi.dingtalk.com/***",
  hasSecret: true,
  language: "zh",
  severity: "critical",
  onCall: [],
  quiet: [],
  enabled: true,
  failures: 0,
  lastError: null,
  lastSentAt: null,
  createdAt: "",
  version: 1,
};
const form = {
  channel: null,
  schools: [],
  canChoose: false,
  schoolId: "",
  language: "en",
  t: (key: string) => key,
  hoursInput: () => () => null,
};
const t = form.t;
const shown = (fields: ReturnType<typeof channelFields>, kind: string) =>
  fields.filter(({ isShown }) => isShown?.({ kind }) ?? true).map(({ name }) => name);

test("a form asks for what the kind has", () => {
  const fields = channelFields(form);
  assert.deepEqual(shown(fields, "slack"), ["kind", "name", "target-slack", "language", "severity", "onCall", "quiet"]);
  assert.deepEqual(shown(fields, "feishu"), [
    "kind",
    "name",
    "target-feishu",
    "secret-feishu",
    "language",
    "severity",
    "onCall",
    "quiet",
  ]);
});

test("a new channel has the address and secret of its kind alone", () => {
  const values = {
    kind: "feishu",
    name: " IT ",
    "target-slack": "x",
    "target-feishu": "https://f",
    "secret-webhook": "y",
    severity: "info",
  };
  assert.deepEqual(newChannel(values, t), {
    kind: "feishu",
    name: "IT",
    target: "https://f",
    language: "en",
    severity: "info",
    onCall: [],
    quiet: [],
  });
});

test("an address and a secret that are not typed in again stay, and are not shown", () => {
  const fields = channelFields({ ...form, channel });
  assert.ok(fields.every(({ value = "" }) => !value.includes("dingtalk")));
  const unchanged = { name: "IT", language: "zh", severity: "critical", "target-dingtalk": "", "secret-dingtalk": "" };
  assert.deepEqual(changedChannel(unchanged, t), { name: "IT", language: "zh", severity: "critical", onCall: [], quiet: [] });
  assert.equal(changedChannel({ ...unchanged, "secret-dingtalk": "SEC2" }, t).secret, "SEC2");
});

test("an operator's channel is of the platform, or of a school", () => {
  const fields = channelFields({ ...form, schools: [{ id: "s", name: "School", timeZone: "Asia/Shanghai" }], canChoose: true });
  const values = Object.fromEntries(fields.map(({ name, value = "" }) => [name, value]));
  assert.equal("schoolId" in newChannel(values, t), false);
  assert.equal(newChannel({ ...values, schoolId: "s" }, t).schoolId, "s");
});

test("hours are those of the channel, and each time has a day", () => {
  const night = { days: [1, 7], from: "22:00", to: "07:00" };
  const fields = channelFields({ ...form, channel: { ...channel, quiet: [night] } });
  const values = Object.fromEntries(fields.map(({ name, value = "" }) => [name, value]));
  const { onCall, quiet } = changedChannel(values, t);
  assert.deepEqual([onCall, quiet], [[], [night]]);
  const noDays = JSON.stringify([{ ...night, days: [] }]);
  assert.throws(() => newChannel({ onCall: noDays }, t), new InputError("timeWindows.noDays", "onCall"));
});

test("hours are told in the zone of the channel's school, and in UTC for the platform", () => {
  const schools = [{ id: "s", name: "School", timeZone: "Asia/Shanghai" }];
  const zoned = { ...form, schools, t: (key: string, values = {}) => `${key} ${JSON.stringify(values)}` };
  const hintOf = (fields: ReturnType<typeof channelFields>, values = {}) => {
    const hint = fields.find(({ name }) => name === "quiet")?.hint;
    return typeof hint === "function" ? hint(values) : hint;
  };
  assert.match(String(hintOf(channelFields({ ...zoned, canChoose: true }), { schoolId: "platform" })), /"UTC"/);
  assert.match(String(hintOf(channelFields({ ...zoned, canChoose: true }), { schoolId: "s" })), /Shanghai/);
  assert.match(String(hintOf(channelFields({ ...zoned, schoolId: "s" }))), /Shanghai/);
  assert.match(String(hintOf(channelFields({ ...zoned, channel: { ...channel, schoolId: "s" } }))), /Shanghai/);
});
