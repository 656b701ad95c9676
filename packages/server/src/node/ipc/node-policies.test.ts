import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { pino } from "pino";
import type { Policy } from "../../access/policies/access-policy.ts";
import type { KnownPolicies, PolicySnapshot } from "../../access/policies/policy-snapshot.ts";
import { NodePolicies, type NodePoliciesOptions } from "./node-policies.ts";

const EMPTY: PolicySnapshot = { policies: [], linkKeys: [], addressLists: [], channels: [], exemptions: [] };
const policyOf = (id: string): Policy => ({ target: { level: "school", id }, rules: [] });
const levels = ({ snapshot }: KnownPolicies) => snapshot.policies.map(({ target }) => target.id);

/** A policies of a folder, and what it tells workers. */
function policiesOf(t: TestContext, over: Partial<NodePoliciesOptions> = {}) {
  const dataDir = over.dataDir ?? mkdtempSync(join(tmpdir(), "lectern-policies-"));
  const told: KnownPolicies[] = [];
  let wake = (): void => {};
  const policies = new NodePolicies({
    dataDir,
    log: pino({ level: "silent" }),
    retryMs: 1,
    askSnapshot: async () => EMPTY,
    askPart: async () => null,
    tellWorkers: (known) => {
      told.push(known);
      wake();
    },
    ...over,
  });
  t.after(async () => {
    await policies.close();
    rmSync(dataDir, { recursive: true, force: true });
  });
  const notices = async (isSo: (known: KnownPolicies) => boolean) => {
    for (;;) {
      const last = told.at(-1);
      if (last && isSo(last)) return last;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
  return { policies, dataDir, told, notices };
}

test("policies are asked for until the control process answers, and kept on the disk for the next start, for its owner only", async (t) => {
  let refusals = 3;
  const askSnapshot = async () => {
    if (refusals-- > 0) throw new Error("not yet");
    return { ...EMPTY, policies: [policyOf("a")] };
  };
  const { policies, dataDir, notices } = policiesOf(t, { askSnapshot });
  await policies.open();
  assert.equal(policies.known, null);
  policies.refresh();
  await notices((known) => levels(known).join() === "a");
  const file = join(dataDir, "access", "policies.json");
  while (!existsSync(file)) await new Promise((resolve) => setTimeout(resolve, 5));
  assert.equal(statSync(file).mode & 0o777, 0o600);
  const next = policiesOf(t, { dataDir, askSnapshot: () => Promise.reject(new Error("gone")) });
  await next.policies.open();
  assert.deepEqual(next.policies.known && levels(next.policies.known), ["a"]);
  writeFileSync(file, "{ damaged");
  const damaged = policiesOf(t, { dataDir });
  await damaged.policies.open();
  assert.equal(damaged.policies.known, null);
});

test("a change that comes while all policies are asked for is not lost to the older answer", async (t) => {
  let answer = (_: PolicySnapshot): void => {};
  const asked = new Promise<PolicySnapshot>((resolve) => {
    answer = resolve;
  });
  const { policies, notices } = policiesOf(t, { askSnapshot: () => asked });
  policies.refresh();
  policies.take({ part: "policy", target: { level: "school", id: "b" }, policy: policyOf("b") });
  policies.take({ part: "policy", target: { level: "school", id: "a" }, policy: null });
  answer({ ...EMPTY, policies: [policyOf("a"), policyOf("c")] });
  const known = await notices((one) => levels(one).includes("c"));
  assert.deepEqual(levels(known).toSorted(), ["b", "c"]);
});

test("lists of addresses are fetched piece by piece into files; the old version stays until the new one is whole", async (t) => {
  const pieces = new Map([
    ["1", ["one ", "whole"]],
    ["2", ["two"]],
  ]);
  const askPart: NodePoliciesOptions["askPart"] = async ({ version, n }) => {
    const parts = pieces.get(String(version)) ?? [];
    const bytes = parts[n];
    return bytes === undefined ? null : { bytes: Buffer.from(bytes).toString("base64"), isLast: n === parts.length - 1 };
  };
  const list = (version: number) => ({ part: "address-list", id: "l", list: { id: "l", version } }) as const;
  const { policies, notices } = policiesOf(t, { askPart });
  policies.refresh();
  await notices(() => true);
  policies.take(list(1));
  const first = await notices(({ files }) => files[0]?.version === 1);
  assert.equal(readFileSync(first.files[0]?.file ?? "", "utf8"), "one whole");
  policies.take(list(7));
  await notices(({ snapshot }) => snapshot.addressLists[0]?.version === 7);
  assert.equal(policies.known?.files[0]?.version, 1);
  policies.take(list(2));
  const second = await notices(({ files }) => files[0]?.version === 2);
  assert.equal(readFileSync(second.files[0]?.file ?? "", "utf8"), "two");
  policies.take({ part: "address-list", id: "l", list: null });
  await notices(({ files }) => files.length === 0);
});
