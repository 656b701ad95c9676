import assert from "node:assert/strict";
import { test } from "node:test";
import { credentialsOf } from "../credentials/credentials.ts";
import type { BackEndRule } from "../policies/access-policy.ts";
import { subject } from "../rules/test-subject.ts";
import { MAX_QUERY, questionOf, sharedBy } from "./back-end-question.ts";
import { backEndRule, drivenBackEnd, settled } from "./test-back-end.ts";

const questionFor = (token: string, over: Partial<BackEndRule> = {}, school = "s") => {
  const about = subject({ credentials: credentialsOf(new URLSearchParams({ token })) });
  return questionOf({ rule: backEndRule(over), source: { level: "school", id: school } }, about, sharedBy(about));
};

test("those who ask at the same moment share a question, and later ones its answer, until its time is over", async () => {
  const { cache, asked, pass } = drivenBackEnd();
  const question = questionFor("a");
  const all = Promise.all(Array.from({ length: 1000 }, () => cache.answer(question)));
  await settled();
  assert.equal(asked.length, 1);
  asked[0]?.answer(200);
  assert.ok((await all).every(({ kind }) => kind === "allow"));
  pass(59_999);
  assert.equal((await cache.answer(question)).kind, "allow");
  assert.equal(asked.length, 1);
  pass(1);
  const again = cache.answer(question);
  await settled();
  asked[1]?.answer(403);
  assert.deepEqual(await again, { kind: "refuse", about: "status 403" });
});

test("a failure is known for two seconds, refuses those who come, and leaves the last answer to those who are in", async () => {
  const { cache, asked, pass } = drivenBackEnd();
  const question = questionFor("a", { cacheSeconds: 5 });
  const first = cache.answer(question);
  await settled();
  asked[0]?.answer(204);
  await first;
  pass(5000);
  assert.equal(cache.known(question).last?.kind, "allow", "it is asked in the background");
  await settled();
  asked[1]?.answer(null);
  await settled();
  assert.deepEqual([cache.known(question).last?.kind, cache.known(question).failed?.kind], ["allow", "failed"]);
  assert.equal((await cache.answer(question)).kind, "failed");
  assert.equal(asked.length, 2);
  pass(2000);
  const { overdueMs } = cache.known(question);
  assert.equal(overdueMs, 0);
  await settled();
  asked[2]?.answer(200);
  await settled();
  assert.equal((await cache.answer(question)).kind, "allow");
});

test("an answer that becomes a refusal tells of it once, also where the rule keeps no answers", async () => {
  const { cache, asked, pass, refusals } = drivenBackEnd();
  const question = questionFor("a", { cacheSeconds: 0 });
  const first = cache.answer(question);
  await settled();
  asked[0]?.answer(200);
  await first;
  cache.known(question);
  await settled();
  assert.equal(asked.length, 1, "what is open asks once a second at most");
  pass(1000);
  cache.known(question);
  await settled();
  asked[1]?.answer(401);
  await settled();
  assert.equal(refusals(), 1);
});

test("a question without a turn fails in time, and another school has its turn", async () => {
  const { cache, asked, pass } = drivenBackEnd();
  const answers = Array.from({ length: 100 }, (_, i) => cache.answer(questionFor(String(i))));
  await settled();
  const held = asked.length;
  assert.ok(held < 60, `${held} at once`);
  const other = cache.answer(questionFor("x", {}, "another school"));
  await settled();
  assert.equal(asked.length, held + 1);
  asked[held]?.answer(200);
  assert.equal((await other).kind, "allow");
  pass(3000);
  for (const { answer } of asked) answer(200);
  const kinds = (await Promise.all(answers)).map(({ kind }) => kind);
  assert.deepEqual(
    [kinds.filter((kind) => kind === "allow").length, kinds.filter((kind) => kind === "failed").length],
    [held, 100 - held],
  );
});

test("parameters that are too long are refused without a question", async () => {
  const { cache, asked } = drivenBackEnd();
  assert.equal((await cache.answer(questionFor("x".repeat(MAX_QUERY)))).kind, "refuse");
  assert.equal(asked.length, 0);
});
