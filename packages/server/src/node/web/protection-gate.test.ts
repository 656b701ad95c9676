import assert from "node:assert/strict";
import { test } from "node:test";
import { AbuseSignalTally } from "../../access/protection/abuse-signal-tally.ts";
import { CLEARANCE_COOKIE, signProofOfWork } from "../../access/protection/proof-of-work.ts";
import type { Countermeasure } from "../../access/protection/protection-messages.ts";
import { ProvenCredentials } from "../../access/protection/proven-credentials.ts";
import { MediaRequest, type RawRequest } from "../../live/http/media-request.ts";
import { Refusal } from "../../platform/refusal.ts";
import { ProtectionGate } from "./protection-gate.ts";

const IP = "203.0.113.9";
const SECRET = "a-long-secret";
const JOIN = "/api/v1/lessons/math/join";
const TRUE_CRAWLER = "Googlebot of Google";
const FALSE_CRAWLER = "Googlebot of somebody else";

type Over = { method?: string; headers?: Record<string, string>; ip?: string; isFromNode?: boolean };

function requestOf(url: string, { method = "GET", headers = {}, ip = IP, isFromNode = false }: Over = {}): MediaRequest {
  const raw = { url, method, headers, socket: {} } as unknown as RawRequest;
  return new MediaRequest(raw, { ip, isTls: false, isSecure: false, isFromNode }, new WeakSet());
}

function open(measure: Countermeasure | null) {
  const clock = { ms: 0 };
  const tally = new AbuseSignalTally({ isOn: () => true, isUncounted: () => false, isExempt: () => false });
  const gate = new ProtectionGate({
    countermeasures: { of: (ip) => (ip === IP ? measure : null) },
    tally,
    proven: new ProvenCredentials(() => clock.ms),
    crawlers: { verdictOf: (_ip, agent) => (agent === TRUE_CRAWLER ? "crawler" : agent === FALSE_CRAWLER ? "false" : null) },
    secrets: () => [SECRET],
    publicHost: () => "",
    now: Date.now,
    waitMs: 1,
  });
  /** pass, wait, or the code of the refusal. */
  const ask = (url: string, over?: Over): string => {
    const verdict = gate.check(requestOf(url, over));
    return verdict === null ? "pass" : verdict instanceof Refusal ? verdict.code : "wait";
  };
  const signs = () => tally.take()[0] ?? { good: 0, signs: {}, about: null };
  return { gate, ask, signs, clock };
}

const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });
const POST = { method: "POST" };

test("each measure holds up what it is for", () => {
  const asked = (measure: Countermeasure | null) => {
    const { ask } = open(measure);
    return [ask("/j/code"), ask("/api/v1/me"), ask(JOIN, POST), ask("/api/v1/invitations/x"), ask("/api/v1/challenge", POST)];
  };
  assert.deepEqual(asked(null), ["pass", "pass", "pass", "pass", "pass"]);
  assert.deepEqual(asked("slow"), ["pass", "wait", "wait", "wait", "pass"]);
  assert.deepEqual(asked("challenge"), ["pass", "wait", "challenge-required", "challenge-required", "pass"]);
  assert.deepEqual(asked("refuse"), ["pass", "too-many", "too-many", "too-many", "pass"]);
});

test("a page that can earn a clearance is told so, and what another node passes on was judged there", () => {
  const { ask } = open("refuse");
  assert.equal(ask(JOIN, { ...POST, headers: { "lectern-page": "active" } }), "challenge-required");
  assert.equal(ask(JOIN, { ...POST, isFromNode: true }), "pass");
  assert.equal(ask(JOIN, { ...POST, ip: "203.0.113.10" }), "pass");
});

test("a clearance of this address lets through, and no other one", () => {
  const { ask } = open("refuse");
  const cookie = (owner: string, secret: string, at = Date.now()) => ({
    headers: { cookie: `${CLEARANCE_COOKIE}=${signProofOfWork(owner, secret, at)}` },
  });
  assert.equal(ask(JOIN, { ...POST, ...cookie(IP, SECRET) }), "pass");
  assert.equal(ask(JOIN, { ...POST, ...cookie("203.0.113.10", SECRET) }), "too-many");
  assert.equal(ask(JOIN, { ...POST, ...cookie(IP, "another secret") }), "too-many");
  assert.equal(ask(JOIN, { ...POST, ...cookie(IP, SECRET, Date.now() - 7_200_000) }), "too-many");
});

test("a session or key that was right passes at once; others wait, until some were wrong", () => {
  const { gate, ask, clock } = open("refuse");
  assert.equal(ask("/api/v1/streams", bearer("right")), "wait");
  gate.answered(requestOf("/api/v1/streams", bearer("right")), 200);
  assert.equal(ask("/api/v1/streams", bearer("right")), "pass");
  for (let i = 0; i < 6; i++) {
    assert.equal(ask("/api/v1/streams", bearer(`wrong-${i}`)), "wait");
    gate.answered(requestOf("/api/v1/streams", bearer(`wrong-${i}`)), 401);
  }
  assert.equal(ask("/api/v1/streams", bearer("wrong-7")), "too-many");
  assert.equal(ask("/api/v1/streams", bearer("right")), "pass");
  clock.ms += 61_000;
  assert.equal(ask("/api/v1/streams", bearer("wrong-7")), "wait");
  gate.answered(requestOf("/api/v1/streams", bearer("right")), 401);
  assert.notEqual(ask("/api/v1/streams", bearer("right")), "pass");
});

test("a session counts only where the control process checks it", () => {
  const { gate, ask } = open("challenge");
  const session = (headers: Record<string, string>) => ({ ...POST, headers: { cookie: "lectern-session=token", ...headers } });
  // A page of another site, and a request that leaves the session out: their answers prove nothing.
  for (const headers of [{ "sec-fetch-site": "cross-site" }, { "lectern-page": "anonymous" }]) {
    gate.answered(requestOf("/api/v1/invitations/x", session(headers)), 200);
    assert.equal(ask(JOIN, session(headers)), "challenge-required");
  }
  const own = { "sec-fetch-site": "same-origin", "lectern-page": "active" };
  assert.equal(ask(JOIN, session(own)), "wait");
  gate.answered(requestOf("/api/v1/me", session(own)), 200);
  assert.equal(ask(JOIN, session(own)), "pass");
});

test("another spelling of a path is no page", () => {
  const { ask } = open("refuse");
  for (const path of ["/%61pi/v1/me", "/api%2Fv1/me", "http://host/api/v1/me", "https://host:1/%61pi/v1/me"])
    assert.equal(ask(path), "too-many", path);
  assert.equal(ask("/%zz"), "pass");
});

test("requests that wait are bounded for each address, and places are free again", async () => {
  const { gate } = open("slow");
  const verdicts = Array.from({ length: 150 }, () => gate.check(requestOf("/api/v1/me")));
  assert.equal(verdicts.filter((verdict) => verdict instanceof Refusal).length, 50);
  await Promise.all(verdicts);
  assert.ok(gate.check(requestOf("/api/v1/me")) instanceof Promise);
});

test("challenges and pages of a held address have a rate", () => {
  const { ask } = open("refuse");
  const asked = Array.from({ length: 300 }, () => ask("/api/v1/challenge"));
  const passed = asked.filter((verdict) => verdict === "pass").length;
  assert.ok(passed >= 100 && passed < 150, String(passed));
  assert.equal(ask("/j/code"), "too-many");
});

test("what the control process answers is good, a sign, or neither", () => {
  const { gate, signs } = open(null);
  const answered = (url: string, status: number, over?: Over) => gate.answered(requestOf(url, over), status);
  for (const status of [200, 204, 304]) answered("/api/v1/me", status);
  assert.deepEqual([signs().good, signs().good], [3, 0]);
  for (let i = 0; i < 10; i++) answered("/api/v1/me", 401);
  for (let i = 0; i < 3; i++) answered(`/wp-${i}.php`, 404);
  assert.deepEqual(signs().signs, { "new-name": 4 });
  for (let i = 0; i < 3; i++) answered("/api/v1/sessions", 401, POST);
  assert.deepEqual(signs().signs, { "wrong-credential": 3 });
  for (const status of [400, 409, 422, 500, 503]) answered("/api/v1/x", status);
  assert.deepEqual(signs().signs, {});
  answered("/api/v1/me", 200, { headers: { "user-agent": "sqlmap/1.7" } });
  assert.deepEqual(signs(), { owner: IP, good: 0, signs: { "attack-tool": 1 }, about: "sqlmap", isExempt: false });
  answered("/api/v1/x", 404, { isFromNode: true });
  assert.deepEqual(signs().signs, {});
});

test("what is shown of a path has no secret in it", () => {
  const { gate, signs } = open(null);
  for (const [path, shown] of [
    ["/api/v1/password-resets/secret", "404 GET /api/v1/password-resets/…"],
    ["/reset/secret", "404 GET /reset/…"],
    ["/.git/config", "404 GET /.git/…"],
    ["/wp-login.php", "404 GET /wp-login.php"],
  ] as const) {
    gate.answered(requestOf(path), 404);
    assert.equal(signs().about, shown);
  }
});

test("crawlers of search engines read pages where everything is refused, and nothing else; pretended ones are a sign", () => {
  const { ask, gate, signs } = open("refuse");
  const from = (agent: string) => ({ headers: { "user-agent": agent } });
  const pages = (agent: string) => Array.from({ length: 150 }, () => ask("/", from(agent)));
  assert.deepEqual([...new Set(pages(TRUE_CRAWLER))], ["pass"]);
  assert.deepEqual([...new Set(pages(FALSE_CRAWLER))], ["pass", "too-many"]);
  assert.equal(ask("/api/v1/me", from(TRUE_CRAWLER)), "too-many");
  signs();
  gate.answered(requestOf("/", from(TRUE_CRAWLER)), 200);
  gate.answered(requestOf("/", from(FALSE_CRAWLER)), 200);
  const seen = signs();
  assert.deepEqual([seen.good, seen.signs, seen.about], [1, { "false-crawler": 1 }, FALSE_CRAWLER]);
});
