/** Rules as the API takes them: in one form each, and with the path of what is wrong. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { validationErrorsOf } from "../../../platform/api/validation-errors.ts";
import { newId } from "../../../platform/id.ts";
import { textIn } from "../../../platform/messages/message.ts";
import { plainNetwork } from "../../foundation/requests/network.ts";
import { plainDomain } from "./rule-fields.ts";
import { changedPolicy } from "./shapes.ts";

const take = (...rules: object[]) => changedPolicy.safeParse({ rules });
const taken = (rule: object): unknown => take(rule).data?.rules[0];
const mistakes = (...rules: object[]) =>
  validationErrorsOf(changedPolicy, { rules }).map(({ path, message }) => `${path} ${textIn("en", message)}`);
const play = { for: "play" };
const base = { ...play, combine: "add", mode: "enforce", locked: false };

test("a network is an address or a network of either family, and IPv4-mapped ones count as IPv4", () => {
  for (const [written, plain] of [
    ["192.0.2.7", "192.0.2.7"],
    [" 10.0.0.0/8 ", "10.0.0.0/8"],
    ["2001:DB8::1", "2001:db8::1"],
    ["2001:db8::/32", "2001:db8::/32"],
    ["::ffff:192.0.2.7", "192.0.2.7"],
    ["::FFFF:10.0.0.0/104", "10.0.0.0/8"],
  ] as const)
    assert.equal(plainNetwork(written), plain, written);
  for (const wrong of [
    "",
    "10.0.0",
    "10.0.0.0/33",
    "fe80::1%eth0",
    "2001:db8::/129",
    "::ffff:10.0.0.0/90",
    "school.com",
    "10.0.0.1-10.0.0.9",
  ])
    assert.equal(plainNetwork(wrong), null, wrong);
});

test("a domain is in ASCII and lower case, with or without `*.`, and nothing else of an address", () => {
  for (const [written, plain] of [
    ["School.COM", "school.com"],
    ["*.school.com", "*.school.com"],
    ["学校.中国", "xn--48s290a.xn--fiqs8s"],
    ["*.学校.中国", "*.xn--48s290a.xn--fiqs8s"],
    ["localhost", "localhost"],
    ["10.0.0.5", "10.0.0.5"],
  ] as const)
    assert.equal(plainDomain(written), plain, written);
  for (const wrong of [
    "",
    "*",
    "*.",
    "a.*.com",
    "https://school.com",
    "school.com/x",
    "school.com:80",
    "-a.com",
    "a..com",
    `${"a".repeat(64)}.com`,
    "学 校.中国",
  ])
    assert.equal(plainDomain(wrong), null, wrong);
});

test("a rule of each kind is taken with its defaults", () => {
  const id = newId();
  for (const [sent, kept] of [
    [
      { kind: "addresses", deny: [`list:${id}`, "192.0.2.1"] },
      { allow: [], deny: [`list:${id}`, "192.0.2.1"] },
    ],
    [
      { kind: "referers", allow: ["*.School.com"] },
      { allow: ["*.school.com"], deny: [], empty: "allow" },
    ],
    [
      { kind: "user-agents", deny: ["*Wget*"], empty: "refuse" },
      { allow: [], deny: ["*Wget*"], empty: "refuse" },
    ],
    [
      { kind: "regions", allow: ["中国 / 广东/深圳"] },
      { allow: ["中国/广东/深圳"], deny: [], unknown: "allow" },
    ],
    [
      { kind: "carriers", allow: ["telecom"] },
      { allow: ["telecom"], deny: [], unknown: "allow" },
    ],
    [
      { kind: "links", boundAddress: true },
      { boundAddress: true, keys: [] },
    ],
  ] as const)
    assert.deepEqual(taken({ ...play, ...sent }), { ...base, kind: sent.kind, ...kept });
  const times = { kind: "times", timeZone: "Asia/Shanghai", windows: [{ days: [1, 7], from: "22:00", to: "06:00" }] };
  assert.deepEqual(taken({ ...play, ...times }), { ...base, ...times });
});

test("a mistake is named by its path", () => {
  const window = { days: [1], from: "08:00", to: "09:00" };
  const times = { kind: "times", ...play, timeZone: "UTC", windows: [window] };
  for (const [rule, path] of [
    [{ kind: "addresses", ...play, allow: ["10.0.0.0/8", "10.0.0"] }, "rules.0.allow.1"],
    [{ kind: "addresses", ...play, deny: ["list:nothing"] }, "rules.0.deny.0"],
    [{ kind: "addresses", ...play, empty: "allow" }, "rules.0.empty"],
    [{ kind: "referers", ...play, allow: ["https://school.com"] }, "rules.0.allow.0"],
    [{ kind: "regions", ...play, deny: ["中国//深圳"] }, "rules.0.deny.0"],
    [{ kind: "regions", ...play, deny: ["中国/广东/深圳/南山"] }, "rules.0.deny.0"],
    [{ kind: "carriers", ...play, allow: ["a b"] }, "rules.0.allow.0"],
    [{ ...times, timeZone: "Mars/Base" }, "rules.0.timeZone"],
    [{ ...times, windows: [] }, "rules.0.windows"],
    [{ ...times, windows: [{ ...window, days: [1, 1] }] }, "rules.0.windows.0.days"],
    [{ ...times, windows: [{ ...window, days: [8] }] }, "rules.0.windows.0.days.0"],
    [{ ...times, windows: [{ ...window, to: "24:00" }] }, "rules.0.windows.0.to"],
    [{ kind: "links", ...play, keys: ["../x"] }, "rules.0.keys.0"],
    [{ kind: "addresses", for: "watch" }, "rules.0.for"],
    [{ kind: "weather", ...play }, "rules.0.kind"],
  ] as const) {
    const found = mistakes(rule);
    assert.equal(found.length, 1, JSON.stringify(rule));
    assert.ok(found[0]?.startsWith(`${path} `), `${path}: ${found[0]}`);
  }
});

test("rules are bounded in number, entries and size", () => {
  const rule = { kind: "addresses", ...play };
  const entries = (count: number) => Array.from({ length: count }, (_, i) => `10.0.${i >> 8}.${i & 255}`);
  assert.equal(take({ ...rule, allow: entries(1000) }).success, true);
  assert.match(mistakes({ ...rule, allow: entries(1001) })[0] ?? "", /^rules\.0\.allow /);
  const many = Array.from({ length: 101 }, () => rule);
  assert.match(mistakes(...many)[0] ?? "", /^rules /);
  const large = Array.from({ length: 20 }, () => ({ ...rule, allow: entries(1000) }));
  assert.match(mistakes(...large)[0] ?? "", /^rules takes more than 128 KiB/);
});
