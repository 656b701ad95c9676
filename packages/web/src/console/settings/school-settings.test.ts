import assert from "node:assert/strict";
import { test } from "node:test";
import { fieldsOf, type SchoolSettings, settingsOf } from "./school-settings.ts";

const settings: SchoolSettings = {
  name: "No. 7 School",
  timeZone: "Asia/Shanghai",
  guests: true,
  adminNetworks: ["192.168.7.0/24", "10.0.0.0/8"],
  keepDays: 30,
  keepBytes: 1_500_000_000,
  quotaBytes: 2_000_000_000_000,
  passwordSignIn: false,
  secondFactor: true,
  idleMinutes: 30,
  endAfterMinutes: 45,
  guestConsent: "We note your name.",
  lessonRanking: false,
  keepAuditDays: 365,
  keepNamesDays: 30,
  viewDetails: "anonymous" as const,
  ladder: "mobile",
  ladderStart: null,
};

test("the fields of a form give back the same settings", () => {
  assert.deepEqual(settingsOf(fieldsOf(settings), true), settings);
});

test("only an operator sends the quota", () => {
  assert.equal("quotaBytes" in settingsOf(fieldsOf(settings), false), false);
});

test("networks are separated by any white space, and empty lines are ignored", () => {
  const fields = { ...fieldsOf(settings), networks: "\n 10.0.0.0/8 \r\n\n192.168.7.0/24\n" };
  assert.deepEqual(settingsOf(fields, false).adminNetworks, ["10.0.0.0/8", "192.168.7.0/24"]);
  assert.deepEqual(settingsOf({ ...fields, networks: " " }, false).adminNetworks, []);
});
