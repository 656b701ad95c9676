import assert from "node:assert/strict";
import { test } from "node:test";
import { pino } from "pino";
import { Refusal } from "../platform/refusal.ts";
import { AccessControl, type AccessRequest, type AccessRules } from "./access.ts";
import { Callbacks } from "./callbacks/callbacks.ts";
import { signLink } from "./links/signed-link.ts";
import { newLessonStream, type StreamPolicy } from "./policies/stream-policy.ts";
import { StreamPolicyCache } from "./policies/stream-policy-cache.ts";
import { hashSecret } from "./secrets.ts";

const silent = pino({ level: "silent" });
const NO_CALLBACKS = new Callbacks(
  () => ({ urls: {}, style: "srs", timeoutMs: 1000, onFailure: "refuse", secret: "" }),
  "here",
  silent,
);

const RULES: AccessRules = {
  publish: { allow: "keys", keys: { "live/math": "s3cret" } },
  play: { allow: "signed" },
  linkSecrets: ["new-secret", "old-secret"],
};
const NOW = 1_700_000_000_000;
const SOON = NOW / 1000 + 60;

function controlOf(rules: AccessRules, lessons = new StreamPolicyCache(async () => null, silent)) {
  return new AccessControl({ rules: () => rules, lessons, callbacks: NO_CALLBACKS, now: () => NOW });
}

function requestOf(
  action: "publish" | "play",
  query: Record<string, string> | URLSearchParams,
  name = "math",
  ip = "10.0.0.1",
): AccessRequest {
  return { action, protocol: "flv", app: "live", name, ip, query: new URLSearchParams(query) };
}

async function ask(
  action: "publish" | "play",
  query: Record<string, string> | URLSearchParams,
  over: Partial<{ name: string; ip: string; rules: AccessRules }> = {},
) {
  const control = controlOf(over.rules ?? RULES);
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
  assert.equal(await ask("publish", { key: "x" }, { rules: { ...RULES, publish: { allow: "any", keys: {} } } }), "allowed");
});

test("a signed link opens its stream for its time, its address and nobody's else", async () => {
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

test("a link that was altered in any character is refused", async () => {
  const good = signLink({ app: "live", name: "math", expires: SOON, ip: "10.0.0.1", viewer: "anna" }, "new-secret").toString();
  assert.equal(await ask("play", new URLSearchParams(good)), "allowed");
  for (let i = 0; i < good.length; i++) {
    const changed = `${good.slice(0, i)}${good[i] === "7" ? "8" : "7"}${good.slice(i + 1)}`;
    assert.notEqual(await ask("play", new URLSearchParams(changed)), "allowed", changed);
  }
});

test("whoever may come, but to nothing, is told so after the rules", async () => {
  const absent = () => new Refusal("no-such-stream");
  const control = controlOf(RULES);
  const code = async (query: Record<string, string>) => {
    const answer = await control.ask(requestOf("publish", query), absent);
    return answer instanceof Refusal ? answer.code : "allowed";
  };
  assert.equal(await code({ key: "s3cret" }), "no-such-stream");
  assert.equal(await code({ key: "wrong" }), "bad-key");
});

function lessonOf(over: Partial<StreamPolicy> = {}): StreamPolicy {
  const name = newLessonStream();
  return {
    app: "live",
    name,
    lessonId: "l",
    schoolId: "s",
    keyHash: hashSecret("push"),
    open: true,
    record: false,
    mayRecord: true,
    removed: [],
    ...over,
  };
}

const OPEN: AccessRules = { publish: { allow: "any", keys: {} }, play: { allow: "any" }, linkSecrets: ["new-secret"] };
const linkTo = ({ app, name }: StreamPolicy, viewer?: string) => signLink({ app, name, expires: SOON, viewer }, "new-secret");

test("a lesson's stream is closed to everybody without its key or a signed link, however open the server is", async () => {
  const rule = lessonOf();
  const control = controlOf(OPEN, new StreamPolicyCache(async (_app, name) => (name === rule.name ? rule : null), silent));
  const code = async (action: "publish" | "play", query: Record<string, string> | URLSearchParams, name = rule.name) => {
    const answer = await control.ask(requestOf(action, query, name), () => null);
    return answer instanceof Refusal ? answer.code : "allowed";
  };
  assert.equal(await code("publish", {}), "not-signed-in");
  assert.equal(await code("publish", { key: "pusj" }), "bad-key");
  assert.equal(await code("publish", { key: "push" }), "allowed");
  assert.equal(await code("publish", { key: "push" }, `${rule.name}@360p`), "bad-key");
  assert.equal(await code("play", {}), "not-signed-in");
  assert.equal(await code("play", linkTo(rule, "anna")), "allowed");
  assert.equal(await code("play", linkTo(rule, "anna"), `${rule.name}@360p`), "allowed");
  assert.equal(await code("play", linkTo(lessonOf(), "anna")), "bad-signature");
  // A name of the same kind that no lesson has.
  assert.equal(await code("publish", { key: "push" }, newLessonStream()), "no-such-stream");
});

test("while nobody can be asked, what is known of a lesson holds, and what is not known is refused", async () => {
  const rule = lessonOf();
  let away = false;
  const lessons = new StreamPolicyCache(async (_app, name) => {
    if (away) throw new Error("away");
    return name === rule.name ? rule : null;
  }, silent);
  const control = controlOf(OPEN, lessons);
  const play = async (of: StreamPolicy) => {
    const answer = await control.ask(requestOf("play", linkTo(of), of.name), () => null);
    return answer instanceof Refusal ? answer.code : "allowed";
  };
  assert.equal(await play(rule), "allowed");
  away = true;
  lessons.refresh();
  assert.equal(await play(rule), "allowed");
  assert.equal(await play(lessonOf()), "control-away");
});

test("strangers who ask for names that no lesson has keep the control process no busier than a bound", async () => {
  let asked = 0;
  let answer = () => {};
  const wait = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const lessons = new StreamPolicyCache(async () => {
    asked++;
    await wait;
    return null;
  }, silent);
  const control = controlOf(OPEN, lessons);
  const all = Array.from({ length: 1000 }, () => control.ask(requestOf("play", {}, newLessonStream()), () => null));
  const settled = Promise.all(all);
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(asked, 256);
  answer();
  const codes = (await settled).map((one) => (one instanceof Refusal ? one.code : "allowed"));
  assert.deepEqual(Map.groupBy(codes, (code) => code).get("control-away")?.length, 1000 - 256);
  assert.equal(codes.filter((code) => code === "no-such-stream").length, 256);
});

test("a permission is withdrawn from the one who was taken out, and from all when the lesson ends", async () => {
  const rule = lessonOf();
  const lessons = new StreamPolicyCache(async () => rule, silent);
  const control = controlOf(OPEN, lessons);
  const withdrawn: string[] = [];
  const enter = async (viewer: string) => {
    const admission = await control.ask(requestOf("play", linkTo(rule, viewer), rule.name), () => null);
    assert.ok(!(admission instanceof Refusal));
    admission.onWithdrawn(({ code }) => withdrawn.push(`${viewer} ${code}`));
    return admission;
  };
  await enter("anna");
  await enter("ben");
  (await enter("gone already")).close();
  lessons.take("live", rule.name, { ...rule, removed: ["anna"] });
  assert.deepEqual(withdrawn, ["anna removed-from-lesson"]);
  assert.equal((await control.recheck("live", rule.name, (viewer) => viewer === "anna"))?.code, "removed-from-lesson");
  assert.equal(await control.recheck("live", rule.name, (viewer) => viewer === "ben"), null);
  lessons.take("live", rule.name, { ...rule, removed: ["anna"], open: false });
  assert.deepEqual(withdrawn, ["anna removed-from-lesson", "ben lesson-ended"]);
});

test("a permission that was withdrawn while it was given is withdrawn at once", async () => {
  const rule = lessonOf();
  const lessons = new StreamPolicyCache(async () => rule, silent);
  const admission = await controlOf(OPEN, lessons).ask(requestOf("play", linkTo(rule, "anna"), rule.name), () => {
    lessons.take("live", rule.name, { ...rule, removed: ["anna"] });
    return null;
  });
  assert.ok(!(admission instanceof Refusal));
  const codes: string[] = [];
  admission.onWithdrawn(({ code }) => codes.push(code));
  assert.deepEqual(codes, ["removed-from-lesson"]);
});
