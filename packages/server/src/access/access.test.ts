import assert from "node:assert/strict";
import { test } from "node:test";
import { pino } from "pino";
import { Refusal } from "../platform/refusal.ts";
import { hashSecret } from "../platform/secrets.ts";
import { AccessControl, type AccessRequest } from "./access.ts";
import { Callbacks } from "./callbacks/callbacks.ts";
import { credentialsOf, sessionCredentials } from "./credentials/credentials.ts";
import { viewerTag } from "./credentials/viewer-set.ts";
import { STILLS_ONLY, signLink } from "./links/signed-link.ts";
import type { Policy, PolicyRule } from "./policies/access-policy.ts";
import { PolicyStore } from "./policies/policy-store.ts";
import { newLessonStream, type StreamPolicy } from "./policies/stream-policy.ts";
import { StreamPolicyCache } from "./policies/stream-policy-cache.ts";
import type { AccessSettings } from "./rules/rule.ts";
import { client, nothingKnown, policyStore } from "./rules/test-subject.ts";

const silent = pino({ level: "silent" });
const NO_CALLBACKS = new Callbacks(
  () => ({ urls: {}, style: "srs", timeoutMs: 1000, onFailure: "refuse", secret: "" }),
  "here",
  silent,
);

const SETTINGS: AccessSettings = {
  publish: { allow: "keys", keys: { "live/math": "s3cret" } },
  play: { allow: "signed" },
  linkSecrets: ["new-secret", "old-secret"],
};
const NOW = 1_700_000_000_000;
const SOON = NOW / 1000 + 60;

function controlOf(
  settings: AccessSettings,
  streamPolicies = new StreamPolicyCache(async () => null, silent),
  policies = policyStore(),
) {
  const facts = { policies, addresses: nothingKnown, now: () => NOW };
  return new AccessControl({ settings: () => settings, streamPolicies, callbacks: NO_CALLBACKS, ...facts });
}

function requestOf(
  action: "publish" | "play",
  query: Record<string, string> | URLSearchParams,
  name = "math",
  ip = "10.0.0.1",
): AccessRequest {
  const credentials = credentialsOf(new URLSearchParams(query));
  return { action, protocol: "flv", app: "live", name, client: client({ ip }), credentials };
}

async function ask(
  action: "publish" | "play",
  query: Record<string, string> | URLSearchParams,
  over: Partial<{ name: string; ip: string; settings: AccessSettings }> = {},
) {
  const control = controlOf(over.settings ?? SETTINGS);
  const answer = await control.ask(requestOf(action, query, over.name, over.ip), () => null);
  return answer instanceof Refusal ? answer.code : "allowed";
}

test("a publisher needs the key of its stream", async () => {
  assert.equal(await ask("publish", { key: "s3cret" }), "allowed");
  assert.equal(await ask("publish", {}), "not-signed-in");
  assert.equal(await ask("publish", { key: "" }), "not-signed-in");
  assert.equal(await ask("publish", { key: "s3cret " }), "bad-key");
  assert.equal(await ask("publish", { key: "s3cret" }, { name: "physics" }), "bad-key");
  assert.equal(await ask("publish", { key: "" }, { name: "toString" }), "not-signed-in");
  assert.equal(await ask("publish", { key: "x" }, { settings: { ...SETTINGS, publish: { allow: "any", keys: {} } } }), "allowed");
});

test("a signed link opens its own stream, until it expires, from the address that it is bound to", async () => {
  const link = (secret = "new-secret", ip?: string, expires = SOON) =>
    signLink({ app: "live", name: "math", expires, ip, viewer: "anna" }, secret);
  assert.equal(await ask("play", link()), "allowed");
  assert.equal(await ask("play", link("old-secret")), "allowed");
  assert.equal(await ask("play", link("wrong-secret")), "bad-signature");
  assert.equal(await ask("play", link(), { name: "physics" }), "bad-signature");
  assert.equal(await ask("play", link(), { name: "math@360p" }), "allowed");
  assert.equal(await ask("play", link("new-secret", "10.0.0.1")), "allowed");
  assert.equal(await ask("play", link("new-secret", "10.0.0.2")), "refused-by-rule");
  assert.equal(await ask("play", link("new-secret", undefined, NOW / 1000 - 1)), "link-expired");
  assert.equal(await ask("play", {}), "not-signed-in");
});

test("a link with any character altered is refused", async () => {
  const good = signLink({ app: "live", name: "math", expires: SOON, ip: "10.0.0.1", viewer: "anna" }, "new-secret").toString();
  assert.equal(await ask("play", new URLSearchParams(good)), "allowed");
  for (let i = 0; i < good.length; i++) {
    const changed = `${good.slice(0, i)}${good[i] === "7" ? "8" : "7"}${good.slice(i + 1)}`;
    assert.notEqual(await ask("play", new URLSearchParams(changed)), "allowed", changed);
  }
});

test("a link for still images opens still images, and neither the stream nor its room", async () => {
  const link = signLink({ app: "live", name: "math", expires: SOON, viewer: STILLS_ONLY }, "new-secret");
  const control = controlOf(SETTINGS);
  const check = async (protocol: string) => (await control.check({ ...requestOf("play", link), protocol }))?.code ?? "allowed";
  assert.equal(await check("still"), "allowed");
  for (const protocol of ["flv", "ws", "hls", "rtmp", "room"]) assert.equal(await check(protocol), "refused-by-rule", protocol);
  assert.equal(await ask("play", link), "refused-by-rule");
});

test("a missing stream is reported only to clients that the rules admit", async () => {
  const absent = () => new Refusal("no-such-stream");
  const control = controlOf(SETTINGS);
  const code = async (query: Record<string, string>) => {
    const answer = await control.ask(requestOf("publish", query), absent);
    return answer instanceof Refusal ? answer.code : "allowed";
  };
  assert.equal(await code({ key: "s3cret" }), "no-such-stream");
  assert.equal(await code({ key: "wrong" }), "bad-key");
});

function policyOf(over: Partial<StreamPolicy> = {}): StreamPolicy {
  const name = newLessonStream();
  return {
    app: "live",
    name,
    lessonId: "l",
    schoolId: "s",
    keyHash: hashSecret("push"),
    open: true,
    state: "scheduled",
    publisherLeftAt: null,
    record: false,
    mayRecord: true,
    removed: [],
    ...over,
  };
}

const OPEN: AccessSettings = { publish: { allow: "any", keys: {} }, play: { allow: "any" }, linkSecrets: ["new-secret"] };
/** The credentials of a session that was issued to a viewer. */
const session = (viewer: string) => sessionCredentials(viewerTag(viewer));
const linkTo = ({ app, name }: StreamPolicy, viewer?: string) => signLink({ app, name, expires: SOON, viewer }, "new-secret");

test("a lesson's stream needs its key or a signed link, even where the server is open to everyone", async () => {
  const policy = policyOf();
  const control = controlOf(OPEN, new StreamPolicyCache(async (_app, name) => (name === policy.name ? policy : null), silent));
  const code = async (action: "publish" | "play", query: Record<string, string> | URLSearchParams, name = policy.name) => {
    const answer = await control.ask(requestOf(action, query, name), () => null);
    return answer instanceof Refusal ? answer.code : "allowed";
  };
  assert.equal(await code("publish", {}), "not-signed-in");
  assert.equal(await code("publish", { key: "pusj" }), "bad-key");
  assert.equal(await code("publish", { key: "push" }), "allowed");
  assert.equal(await code("publish", { key: "push" }, `${policy.name}@360p`), "bad-key");
  assert.equal(await code("play", {}), "not-signed-in");
  assert.equal(await code("play", linkTo(policy, "anna")), "allowed");
  assert.equal(await code("play", linkTo(policy, "anna"), `${policy.name}@360p`), "allowed");
  assert.equal(await code("play", linkTo(policyOf(), "anna")), "bad-signature");
  // A name of the same form that no lesson has.
  assert.equal(await code("publish", { key: "push" }, newLessonStream()), "no-such-stream");
});

test("while the control process is unreachable, cached policies hold, and unknown lessons are refused", async () => {
  const policy = policyOf();
  let isUnreachable = false;
  const policies = new StreamPolicyCache(async (_app, name) => {
    if (isUnreachable) throw new Error("unreachable");
    return name === policy.name ? policy : null;
  }, silent);
  const control = controlOf(OPEN, policies);
  const play = async (of: StreamPolicy) => {
    const answer = await control.ask(requestOf("play", linkTo(of), of.name), () => null);
    return answer instanceof Refusal ? answer.code : "allowed";
  };
  assert.equal(await play(policy), "allowed");
  isUnreachable = true;
  policies.refresh();
  assert.equal(await play(policy), "allowed");
  assert.equal(await play(policyOf()), "control-away");
});

test("requests for names that no lesson has are bounded in what they ask of the control process", async () => {
  let asked = 0;
  let answer = () => {};
  const wait = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const policies = new StreamPolicyCache(async () => {
    asked++;
    await wait;
    return null;
  }, silent);
  const control = controlOf(OPEN, policies);
  const all = Array.from({ length: 1000 }, () => control.ask(requestOf("play", {}, newLessonStream()), () => null));
  const settled = Promise.all(all);
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(asked, 256);
  answer();
  const codes = (await settled).map((one) => (one instanceof Refusal ? one.code : "allowed"));
  assert.deepEqual(Map.groupBy(codes, (code) => code).get("control-away")?.length, 1000 - 256);
  assert.equal(codes.filter((code) => code === "no-such-stream").length, 256);
});

test("permission is withdrawn from a removed viewer, and from all viewers when the lesson ends", async () => {
  const policy = policyOf();
  const policies = new StreamPolicyCache(async () => policy, silent);
  const control = controlOf(OPEN, policies);
  const withdrawn: string[] = [];
  const enter = async (viewer: string) => {
    const admission = await control.ask(requestOf("play", linkTo(policy, viewer), policy.name), () => null);
    assert.ok(!(admission instanceof Refusal));
    admission.onWithdrawn(({ code }) => withdrawn.push(`${viewer} ${code}`));
    return admission;
  };
  await enter("anna");
  await enter("ben");
  (await enter("gone already")).close();
  policies.take("live", policy.name, { ...policy, removed: ["anna"] });
  assert.deepEqual(withdrawn, ["anna removed-from-lesson"]);
  assert.equal((await control.recheck("live", policy.name, session("anna"), client()))?.code, "removed-from-lesson");
  assert.equal(await control.recheck("live", policy.name, session("ben"), client()), null);
  policies.take("live", policy.name, { ...policy, removed: ["anna"], open: false });
  assert.deepEqual(withdrawn, ["anna removed-from-lesson", "ben lesson-ended"]);
});

test("a permission that is withdrawn during admission ends at once", async () => {
  const policy = policyOf();
  const policies = new StreamPolicyCache(async () => policy, silent);
  const admission = await controlOf(OPEN, policies).ask(requestOf("play", linkTo(policy, "anna"), policy.name), () => {
    policies.take("live", policy.name, { ...policy, removed: ["anna"] });
    return null;
  });
  assert.ok(!(admission instanceof Refusal));
  const codes: string[] = [];
  admission.onWithdrawn(({ code }) => codes.push(code));
  assert.deepEqual(codes, ["removed-from-lesson"]);
});

test("an explanation names every rule with its decision, and a refusal names its rule", async () => {
  const control = controlOf(SETTINGS);
  const request = requestOf("play", { sign: "00", expires: String(SOON) });
  const decisions = await control.explain(request);
  const applied = decisions.filter(({ decision }) => decision !== "skip");
  assert.deepEqual(
    applied.map(({ rule, decision }) => `${rule} ${decision instanceof Refusal ? decision.code : decision}`),
    ["signed-link bad-signature"],
  );
  assert.equal((await control.check(request))?.rule, "signed-link");
});

test("an explanation of a lesson lists what the client was not told", async () => {
  const policy = policyOf({ open: false });
  const control = controlOf(OPEN, new StreamPolicyCache(async () => policy, silent));
  const decisions = await control.explain(requestOf("publish", { key: "wrong" }, policy.name));
  const decided = decisions.filter(({ decision }) => decision !== "skip");
  assert.deepEqual(
    decided.map(({ rule, decision }) => `${rule} ${decision instanceof Refusal ? decision.code : decision}`),
    ["lesson-lookup pass", "lesson-publish-key bad-key", "lesson-open lesson-ended"],
  );
});

test("a publisher whose key was replaced is disconnected, unless the change lets that publisher stay", async () => {
  const policy = policyOf();
  const policies = new StreamPolicyCache(async () => policy, silent);
  const control = controlOf(OPEN, policies);
  const withdrawn: string[] = [];
  const publish = async (key: string) => {
    const admission = await control.ask(requestOf("publish", { key }, policy.name), () => null);
    assert.ok(!(admission instanceof Refusal));
    admission.onWithdrawn(({ code }) => withdrawn.push(`${key} ${code}`));
  };
  await publish("push");
  const staying = { ...policy, keyHash: hashSecret("second"), formerKeyHash: policy.keyHash };
  policies.take("live", policy.name, staying);
  assert.deepEqual(withdrawn, []);
  assert.equal((await control.ask(requestOf("publish", { key: "push" }, policy.name), () => null)) instanceof Refusal, true);
  await publish("second");
  policies.take("live", policy.name, { ...policy, keyHash: hashSecret("third") });
  assert.deepEqual(withdrawn, ["push bad-key", "second bad-key"]);
});

test("a change that arrives while a policy is fetched wins over the answer", async () => {
  const policy = policyOf();
  let answer = (_found: StreamPolicy) => {};
  const policies = new StreamPolicyCache(
    () =>
      new Promise((resolve) => {
        answer = resolve;
      }),
    silent,
  );
  const control = controlOf(OPEN, policies);
  const asking = control.ask(requestOf("play", linkTo(policy, "anna"), policy.name), () => null);
  policies.take("live", policy.name, { ...policy, removed: ["anna"] });
  answer(policy);
  const refused = await asking;
  assert.equal(refused instanceof Refusal && refused.code, "removed-from-lesson");
});

/** A policy of one rule that refuses these addresses. */
function denies(target: Policy["target"], deny: readonly string[], over: Partial<PolicyRule> = {}): Policy {
  const rule = { kind: "addresses", for: "play", combine: "add", mode: "enforce", locked: false, allow: [], deny, ...over };
  return { target, rules: [rule as PolicyRule] };
}

test("a policy ends what is open when it refuses it, by the address that was admitted, and no other client", async () => {
  const policies = policyStore();
  const control = controlOf(OPEN, undefined, policies);
  const ended: string[] = [];
  for (const [name, ip] of [
    ["math", "10.0.0.1"],
    ["math", "10.0.0.2"],
    ["math@480p", "10.0.0.1"],
    ["physics", "10.0.0.1"],
  ] as const) {
    const admission = await control.ask(requestOf("play", {}, name, ip), () => null);
    assert.ok(!(admission instanceof Refusal));
    admission.onWithdrawn(({ code, rule, source }) => ended.push(`${name} ${ip} ${code} ${rule} ${source}`));
  }
  const publisher = await control.ask(requestOf("publish", {}, "math", "10.0.0.1"), () => null);
  assert.ok(!(publisher instanceof Refusal));
  publisher.onWithdrawn(() => ended.push("the publisher"));
  policies.replace({
    policies: [denies({ level: "stream", id: "live/math" }, ["10.0.0.1"])],
    linkKeys: [],
    addressLists: [],
    channels: [],
    exemptions: [],
  });
  control.review();
  assert.deepEqual(ended.toSorted(), [
    "math 10.0.0.1 refused-by-rule addresses stream live/math",
    "math@480p 10.0.0.1 refused-by-rule addresses stream live/math",
  ]);
  const again = await control.ask(requestOf("play", {}, "math", "10.0.0.1"), () => null);
  assert.ok(again instanceof Refusal && again.code === "refused-by-rule");
});

test("ten thousand open admissions are reviewed without holding the process", async () => {
  const policies = policyStore();
  const control = controlOf(OPEN, undefined, policies);
  let ended = 0;
  for (let i = 0; i < 10_000; i++) {
    const admission = await control.ask(requestOf("play", {}, "math", `10.0.${i >> 8}.${i & 255}`), () => null);
    assert.ok(!(admission instanceof Refusal));
    admission.onWithdrawn(() => ended++);
  }
  policies.replace({
    policies: [denies({ level: "installation", id: "" }, ["10.0.0.0/8"])],
    linkKeys: [],
    addressLists: [],
    channels: [],
    exemptions: [],
  });
  let turns = 0;
  control.review();
  while (ended < 10_000) {
    turns++;
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.ok(turns >= 100, `in ${turns} turns`);
});

test("before policies are known nothing is opened; a request waits for them for a moment", async () => {
  const policies = new PolicyStore();
  const control = controlOf(OPEN, undefined, policies);
  const asked = control.ask(requestOf("play", {}), () => null);
  policies.replace({ policies: [], linkKeys: [], addressLists: [], channels: [], exemptions: [] });
  assert.ok(!((await asked) instanceof Refusal));
  const empty = controlOf(OPEN, undefined, new PolicyStore());
  const refused = await empty.recheck("live", "math", session("anna"), client());
  assert.equal(refused?.code, "control-away");
});

test("a lesson is under the policies of its school, its course and itself; a rule in dry-run refuses nobody and is told of", async () => {
  const policy = { ...policyOf(), schoolId: "s1", courseId: "c1", lessonId: "l1" };
  const told: string[] = [];
  const deny = (level: "school" | "course" | "lesson", id: string, mode: "enforce" | "dry-run" = "enforce") =>
    policyStore([denies({ level, id }, ["10.0.0.1"], { mode })]);
  const code = async (policies: PolicyStore) => {
    const control = new AccessControl({
      settings: () => OPEN,
      streamPolicies: new StreamPolicyCache(async () => policy, silent),
      callbacks: NO_CALLBACKS,
      policies,
      addresses: nothingKnown,
      now: () => NOW,
      onDryRun: ({ name }, { source }, refusal) => told.push(`${name} ${source.level} ${refusal.rule}`),
    });
    const answer = await control.ask(requestOf("play", linkTo(policy, "anna"), policy.name), () => null);
    return answer instanceof Refusal ? `${answer.code} ${answer.source}` : "allowed";
  };
  assert.equal(await code(deny("school", "s1")), "refused-by-rule school s1");
  assert.equal(await code(deny("course", "c1")), "refused-by-rule course c1");
  assert.equal(await code(deny("lesson", "l1")), "refused-by-rule lesson l1");
  assert.equal(await code(deny("school", "s2")), "allowed");
  assert.deepEqual(told, []);
  assert.equal(await code(deny("course", "c1", "dry-run")), "allowed");
  assert.deepEqual(told, [`${policy.name} course addresses`]);
});
