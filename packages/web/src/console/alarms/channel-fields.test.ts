import assert from "node:assert/strict";
import { test } from "node:test";
import type { AlarmChannel } from "@lectern/client";
import { changedChannel, channelFields, newChannel } from "./channel-fields.ts";

const channel: AlarmChannel = {
  ...{
    id: "c",
    schoolId: null,
    kind: "dingtalk",
    name: "IT",
    target: "https://oapi.dingtalk.com/***",
    hasSecret: true,
    language: "zh",
  },
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
const shown = (fields: ReturnType<typeof channelFields>, kind: string) =>
  fields.filter(({ isShown }) => isShown?.({ kind }) ?? true).map(({ name }) => name);

test("a form asks for what the kind has", () => {
  const fields = channelFields(null, [], "", "en", (key) => key);
  assert.deepEqual(shown(fields, "slack"), ["kind", "name", "target-slack", "language", "severity"]);
  assert.deepEqual(shown(fields, "feishu"), ["kind", "name", "target-feishu", "secret-feishu", "language", "severity"]);
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
  assert.deepEqual(newChannel(values), { kind: "feishu", name: "IT", target: "https://f", language: "en", severity: "info" });
});

test("an address and a secret that are not typed in again stay, and are not shown", () => {
  const fields = channelFields(channel, [], "", "en", (key) => key);
  assert.ok(fields.every(({ value = "" }) => !value.includes("dingtalk")));
  const unchanged = { name: "IT", language: "zh", severity: "critical", "target-dingtalk": "", "secret-dingtalk": "" };
  assert.deepEqual(changedChannel(unchanged), { name: "IT", language: "zh", severity: "critical" });
  assert.equal(changedChannel({ ...unchanged, "secret-dingtalk": "SEC2" }).secret, "SEC2");
});

test("an operator's channel is of the platform, or of a school", () => {
  const fields = channelFields(null, [{ id: "s", name: "School" }], "", "en", (key) => key);
  const values = Object.fromEntries(fields.map(({ name, value = "" }) => [name, value]));
  assert.equal("schoolId" in newChannel(values), false);
  assert.equal(newChannel({ ...values, schoolId: "s" }).schoolId, "s");
});
