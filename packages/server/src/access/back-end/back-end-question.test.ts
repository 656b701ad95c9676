import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";
import { credentialsOf } from "../credentials/credentials.ts";
import type { PolicyTarget } from "../policies/access-policy.ts";
import { client, lesson, subject } from "../rules/test-subject.ts";
import { encodeQuestion, isTooLong, MAX_QUERY, questionOf, sharedBy } from "./back-end-question.ts";
import { backEndRule } from "./test-back-end.ts";

const SCHOOL: PolicyTarget = { level: "school", id: "s" };
const question = (over: Parameters<typeof backEndRule>[0], query: string, of = SCHOOL, on: Parameters<typeof subject>[0] = {}) => {
  const about = subject({ credentials: credentialsOf(new URLSearchParams(query)), ...on });
  return questionOf({ rule: backEndRule(over), source: of }, about, sharedBy(about));
};

test("requests that would be told the same have one question, and others another one", () => {
  const key = (over: Parameters<typeof backEndRule>[0], query: string, ip: string) =>
    question(over, query, SCHOOL, { client: client({ ip }) }).key;
  assert.equal(key({ sends: ["query"] }, "token=a", "10.0.0.1"), key({ sends: ["query"] }, "token=a", "10.0.0.2"));
  assert.notEqual(key({ sends: ["query"] }, "token=a", "10.0.0.1"), key({ sends: ["query"] }, "token=b", "10.0.0.1"));
  assert.notEqual(key({ sends: ["ip"] }, "token=a", "10.0.0.1"), key({ sends: ["ip"] }, "token=a", "10.0.0.2"));
  assert.equal(key({ sends: [] }, "token=a", "10.0.0.1"), key({ sends: [] }, "token=b", "10.0.0.2"));
  const long = "x".repeat(4000);
  assert.ok(key({}, `token=${long}`, "10.0.0.1").length < 300, "what is kept is short");
  assert.notEqual(key({}, `token=${long}`, "10.0.0.1"), key({}, `token=${long}y`, "10.0.0.1"));
});

test("a rung has the question of its stream, and how a player plays is no part of it", () => {
  const of = (name: string, query: string) => question({}, query, SCHOOL, { name }).key;
  assert.equal(of("math@480p", "token=a"), of("math", "token=a"));
  for (const query of ["time_delay=60&token=a", "token=a&time_delay=30", "delay=low&token=a&onlyaudio=1", "start=1&end=2&token=a"])
    assert.equal(of("math", query), of("math", "token=a"), query);
  assert.equal(sharedBy(subject({ credentials: credentialsOf(new URLSearchParams("delay=low")) })).query, "");
});

test("questions of one school take turns together; those of the installation are the operator's", () => {
  const owner = (level: PolicyTarget["level"], on: Parameters<typeof subject>[0] = {}) => {
    const { owner: name, isOperators } = question({}, "", { level, id: "x" }, on);
    return `${name}${isOperators ? ", private" : ""}`;
  };
  assert.equal(owner("installation"), "operator, private");
  assert.equal(owner("school"), "x");
  assert.equal(owner("lesson", { lesson: lesson() }), "s");
  assert.equal(owner("recording", { recording: { signed: true, schoolId: "r" } }), "r");
  assert.equal(owner("stream"), "stream x");
});

test("viewers cannot pass a parameter off as what the server says, however a back end reads names", () => {
  const given = [
    "ip=9",
    "IP=9",
    "ip[]=9",
    "ip[a]=9",
    " ip=9",
    "action=publish",
    "app.id=9",
    "app id=9",
    "app_id[]=9",
    "token=a",
    "token=b",
  ];
  const { url } = encodeQuestion(question({ method: "GET", url: "https://auth.test/watch?app_id=7" }, given.join("&")));
  assert.deepEqual(
    [...url.searchParams].filter(([name]) => !["referer", "userAgent"].includes(name)),
    [
      ["app_id", "7"],
      ["token", "a"],
      ["token", "b"],
      ["action", "play"],
      ["ip", "10.0.0.1"],
      ["stream", "live/math"],
      ["protocol", "hls"],
    ],
  );
});

test("a signature covers the body, or the path with its query where there is none", () => {
  for (const method of ["POST", "GET", "HEAD"] as const) {
    const { url, body, headers } = encodeQuestion(question({ method, secret: "a secret" }, "token=a"));
    const [, at, given] = /^t=(\d+),v1=(\w+)$/.exec(headers["lectern-signature"] ?? "") ?? [];
    const signed = method === "POST" ? body : `${url.pathname}${url.search}`;
    assert.equal(given, createHmac("sha256", "a secret").update(`${at}.${signed}`).digest("hex"));
    assert.equal(body === "", method !== "POST");
  }
  assert.equal("lectern-signature" in encodeQuestion(question({}, "")).headers, false);
});

test("long parameters are too long, long headers are cut", () => {
  assert.equal(isTooLong(question({}, `t=${"x".repeat(MAX_QUERY)}`)), true);
  assert.equal(isTooLong(question({ sends: ["ip"] }, `t=${"x".repeat(MAX_QUERY)}`)), false);
  const about = subject({ client: client({ userAgent: `${"x".repeat(1023)}😀` }) });
  assert.equal(sharedBy(about).userAgent?.length, 1024);
  assert.doesNotThrow(() => encodeURIComponent(sharedBy(about).userAgent ?? ""));
});
