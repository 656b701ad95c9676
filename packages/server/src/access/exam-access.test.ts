import assert from "node:assert/strict";
import { test } from "node:test";
import { ExamAccess } from "./exam-access.ts";
import type { Policy, PolicyRule, PolicyTarget } from "./policies/access-policy.ts";
import type { PolicyStore } from "./policies/policy-store.ts";
import { client, NOW, nothingKnown, policyStore, SECRET } from "./rules/test-subject.ts";

const EXAM = { exam: "e", school: "s", course: "c" };

const addresses = (deny: readonly string[], more: object = {}): PolicyRule =>
  ({ kind: "addresses", for: "play", combine: "add", mode: "enforce", locked: false, allow: [], deny, ...more }) as PolicyRule;
const policy = (target: PolicyTarget, ...rules: readonly PolicyRule[]): Policy => ({ target, rules }) as Policy;

function access(policies: PolicyStore) {
  const dryRuns: string[] = [];
  const settings = () => ({
    publish: { allow: "any" as const, keys: {} },
    play: { allow: "signed" as const },
    linkSecrets: [SECRET],
  });
  const onDryRun = (exam: string) => dryRuns.push(exam);
  return { dryRuns, check: new ExamAccess({ settings, policies, addresses: nothingKnown, now: () => NOW, onDryRun }).check };
}

test("without rules everybody reaches an examination, also where streams need a link", async () => {
  assert.equal(await access(policyStore()).check(EXAM, client()), null);
});

test("rules for watching of the installation, the school and the course hold; those of others, and for publishing, do not", async () => {
  const of = async (target: PolicyTarget, rule = addresses(["10.0.0.0/8"])) => {
    const refusal = await access(policyStore([policy(target, rule)])).check(EXAM, client());
    return refusal && `${refusal.code} ${refusal.rule}`;
  };
  for (const [level, id] of [
    ["installation", ""],
    ["school", "s"],
    ["course", "c"],
  ] as const)
    assert.equal(await of({ level, id }), "refused-by-rule addresses", level);
  assert.equal(await of({ level: "school", id: "another" }), null);
  assert.equal(await of({ level: "school", id: "s" }, addresses(["192.0.2.0/24"])), null);
  assert.equal(await of({ level: "school", id: "s" }, addresses(["10.0.0.0/8"], { for: "publish" })), null);
});

test("a rule in dry-run is counted, and lets in", async () => {
  const rule = addresses(["10.0.0.0/8"], { mode: "dry-run" });
  const { check, dryRuns } = access(policyStore([policy({ level: "school", id: "s" }, rule)]));
  assert.equal(await check(EXAM, client()), null);
  assert.deepEqual(dryRuns, ["e"]);
});

test("programs and places are rules of examinations too", async () => {
  const base = { for: "play", combine: "add", mode: "enforce", locked: false } as const;
  const agents = { ...base, kind: "user-agents", allow: [], deny: ["curl*"], empty: "allow" } as PolicyRule;
  const regions = { ...base, kind: "regions", allow: ["中国"], deny: [], unknown: "refuse" } as PolicyRule;
  const of = async (rule: PolicyRule, userAgent: string | null = null) =>
    (await access(policyStore([policy({ level: "school", id: "s" }, rule)])).check(EXAM, client({ userAgent })))?.rule ?? "in";
  assert.equal(await of(agents, "curl/8"), "user-agents");
  assert.equal(await of(agents, "Mozilla"), "in");
  assert.equal(await of(regions), "regions");
});
