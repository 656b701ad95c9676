import assert from "node:assert/strict";
import { test } from "node:test";
import type { SharedFacts } from "./back-end/back-end-question.ts";
import type { FoundFacts } from "./back-end/session-facts.ts";
import { backEndRule, drivenBackEnd, settled } from "./back-end/test-back-end.ts";
import { BackEnds } from "./back-ends.ts";
import { credentialsOf, sessionCredentials } from "./credentials/credentials.ts";
import { explain } from "./pipeline.ts";
import type { BackEndRule, EffectiveRule } from "./policies/access-policy.ts";
import type { AccessSubject } from "./rules/rule.ts";
import { client, subject } from "./rules/test-subject.ts";

const TOLD: SharedFacts = { query: "?token=a", referer: null, userAgent: null };
const ruleOf = (over: Partial<BackEndRule> = {}): EffectiveRule => ({
  rule: backEndRule(over),
  source: { level: "school", id: "s" },
});
const asking = (over: Partial<AccessSubject> = {}, rule: Partial<BackEndRule> = {}) =>
  subject({ credentials: credentialsOf(new URLSearchParams("token=a")), rules: [ruleOf(rule)], ...over });

function scene(told: FoundFacts = TOLD) {
  const driven = drivenBackEnd();
  const backEnds = new BackEnds(driven.cache, {
    of: () => (told === null || told === "unanswered" ? Promise.resolve(told) : told),
  });
  /** The decision, with an answer to the question that it asks. */
  const decided = async (decision: ReturnType<BackEnds["session"]>, status: number | null) => {
    await settled();
    driven.asked.at(-1)?.answer(status);
    return (await decision)?.code ?? "in";
  };
  return { ...driven, backEnds, decided };
}

test("the answer decides, in the words of the code, with the policy that asks", async () => {
  for (const [status, onFailure, expected] of [
    [200, "refuse", "in"],
    [403, "allow", "refused-by-callback"],
    [302, "allow", "refused-by-callback"],
    [500, "refuse", "callback-failed"],
    [500, "allow", "in"],
    [null, "refuse", "callback-failed"],
  ] as const) {
    const { backEnds, decided } = scene();
    assert.equal(await decided(backEnds.begin(asking({}, { onFailure })), status), expected, `${status} ${onFailure}`);
  }
  const { backEnds, asked } = scene();
  const decision = backEnds.begin(asking());
  await settled();
  asked[0]?.answer(404);
  const refusal = await decision;
  assert.deepEqual([refusal?.rule, refusal?.source, refusal?.about], ["back-end", "school s", "status 404"]);
});

test("nobody is asked about a request that another rule refuses, and a rule in dry-run tells once", async () => {
  const { backEnds, asked } = scene();
  const tried: string[] = [];
  const deny: EffectiveRule = {
    rule: { ...ruleOf().rule, kind: "addresses", allow: [], deny: ["10.0.0.1"] } as never,
    source: { level: "school", id: "s" },
  };
  const on = asking({ rules: [deny, ruleOf()], onDryRun: (of, refusal) => tried.push(`${of.rule.kind} ${refusal.code}`) });
  assert.equal((await backEnds.begin(on))?.rule, "addresses");
  assert.equal(asked.length, 0);
  const dry = { ...deny, rule: { ...deny.rule, mode: "dry-run" as const } };
  const dryBackEnd = ruleOf({ mode: "dry-run", url: "https://other.test/" });
  assert.equal(await backEnds.begin({ ...on, rules: [dry, dryBackEnd] }), null, "nobody waits");
  await settled();
  asked[0]?.answer(403);
  await settled();
  assert.deepEqual(tried, ["addresses refused-by-rule", "back-end refused-by-callback"]);
});

test("an explanation has the answers of this moment, and none where nobody is asked", async () => {
  const { backEnds, asked } = scene();
  const pending = backEnds.asked(asking());
  await settled();
  asked[0]?.answer(403);
  const of = (on: AccessSubject) => explain(on).find(({ rule }) => rule === "back-end")?.decision;
  assert.equal(Reflect.get(of(await pending) as object, "code"), "refused-by-callback");
  const { settings } = subject();
  const stranger = asking({ settings: { ...settings, play: { allow: "signed" } } });
  assert.equal(of(await backEnds.asked(stranger)), "skip");
  assert.equal(asked.length, 1);
});

test("an open connection goes on while its answer is asked for, and ends with a refusal", async () => {
  const { backEnds, asked, refusals } = scene();
  const open = asking({ purpose: "stay" });
  assert.equal(backEnds.stay(open), null);
  await settled();
  asked[0]?.answer(403);
  await settled();
  assert.equal(refusals(), 1);
  assert.equal(backEnds.stay(open)?.code, "refused-by-callback");
});

test("an HLS session says what its viewer said first, and waits only for what is not known or long overdue", async () => {
  const { backEnds, asked, pass, decided } = scene();
  const from = (ip: string) =>
    asking({ purpose: "stay", credentials: sessionCredentials("tag", 7), client: client({ ip, userAgent: "another" }) });
  assert.equal(await decided(backEnds.session(from("10.0.0.1")), 200), "in");
  assert.match(asked[0]?.question.body ?? "", /"userAgent":null.*"token":"a"/);
  assert.equal(backEnds.session(from("10.0.0.1")), null, "known at once");
  assert.equal(await decided(backEnds.session(from("10.0.0.2")), 403), "refused-by-callback");
  pass(61_000);
  assert.equal(backEnds.session(from("10.0.0.1")), null, "the last answer, while it is asked for");
  await settled();
  asked.at(-1)?.answer(500);
  await settled();
  assert.equal(backEnds.session(from("10.0.0.1")), null, "a failure changes nothing");
  pass(600_000);
  assert.equal(await decided(backEnds.session(from("10.0.0.1")), 403), "refused-by-callback");
});

test("a busy supervisor, which does not say whether a session is known, sends nobody away", async () => {
  const stay = asking({ purpose: "stay", credentials: sessionCredentials("tag", 7) });
  assert.equal(await scene("unanswered").backEnds.session(stay), null);
});

test("a session that nobody knows has to be asked for again", async () => {
  const { backEnds, asked } = scene(null);
  const stay = asking({ purpose: "stay", credentials: sessionCredentials("tag", 7) });
  assert.equal((await backEnds.session(stay))?.code, "bad-signature");
  assert.equal(await backEnds.session({ ...stay, rules: [ruleOf({ mode: "dry-run" })] }), null);
  assert.equal(asked.length, 0);
});
