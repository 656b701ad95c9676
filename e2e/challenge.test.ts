/**
 * Challenges and clearances through the API: what earns a clearance, what does not, and that each challenge counts once, at all nodes.
 * Shares a process.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { signLink } from "../packages/server/src/access/links/signed-link.ts";
import { CLEARANCE_COOKIE, hasProofOfWork } from "../packages/server/src/access/protection/proof-of-work.ts";
import type { BlockedAddress } from "../packages/server/src/access/protection/protection-messages.ts";
import { sweepChallenges } from "../packages/server/src/school/streams/proof-of-work/solved-challenges.ts";
import { solveChallenge } from "../packages/web/src/proof-of-work/solve-challenge.ts";
import { type Answer, openSchool, type TestSchool } from "./school.ts";
import { onPostgresFirst } from "./school-databases.ts";
import { copyOfMigrated, openStoreAt } from "./school-postgres.ts";

/** What `openSchool` signs with. */
const SECRET = "link-secret";
const IP = "203.0.113.7";
const AT_ONCE = 20;

type Challenge = {
  readonly algorithm: string;
  readonly challenge: string;
  readonly maxnumber: number;
  readonly salt: string;
  readonly signature: string;
};

async function challengeFor({ ok }: TestSchool, ip = IP): Promise<Challenge> {
  return await ok("GET", "/challenge", { as: null, ip });
}

function show({ call }: TestSchool, payload: string, { ip = IP, headers = {} } = {}): Promise<Answer> {
  return call("POST", "/challenge", { as: null, ip, headers, body: { payload } });
}

function payloadOf(challenge: Challenge, changed: Readonly<Record<string, unknown>> = {}): string {
  const number = solveChallenge(challenge);
  return Buffer.from(JSON.stringify({ ...challenge, number, ...changed })).toString("base64");
}

/** The clearance that an answer sets, as a browser sends it back; null: none. */
function proofOfWorkOf({ headers }: Answer): string | null {
  return String(headers["set-cookie"] ?? "").split(";")[0] || null;
}

onPostgresFirst((open) => {
  test("a solved challenge gives a clearance for the address, for an hour", async (t) => {
    const school = await open(t);
    const { headers } = await school.call("GET", "/challenge", { as: null });
    assert.equal(headers["cache-control"], "no-store");
    const answer = await show(school, payloadOf(await challengeFor(school)));
    assert.deepEqual([answer.status, answer.body], [204, ""]);
    const cookie = String(answer.headers["set-cookie"]);
    assert.match(cookie, new RegExp(`^${CLEARANCE_COOKIE}=[^;]+; Path=/; HttpOnly; SameSite=Lax; Max-Age=3600$`));
    const clearance = proofOfWorkOf(answer) ?? "";
    const in55Minutes = Date.now() + 55 * 60_000;
    assert.equal(hasProofOfWork(clearance, IP, [SECRET], in55Minutes), true);
    assert.equal(hasProofOfWork(`a=b; ${clearance}`, IP, ["a newer secret", SECRET], Date.now()), true, "among other cookies");
    assert.equal(hasProofOfWork(clearance, "203.0.113.8", [SECRET], Date.now()), false, "another address");
    assert.equal(hasProofOfWork(clearance, IP, ["another secret"], Date.now()), false);
    assert.equal(hasProofOfWork(clearance, IP, [SECRET], Date.now() + 61 * 60_000), false, "after an hour");
    const secure = await show(school, payloadOf(await challengeFor(school)), { headers: { "x-forwarded-proto": "https" } });
    assert.match(String(secure.headers["set-cookie"]), /; HttpOnly; SameSite=None; Secure; Partitioned; /);
  });

  test("addresses of one IPv6 network share challenges and clearances", async (t) => {
    const school = await open(t);
    const answer = await show(school, payloadOf(await challengeFor(school, "2001:db8::1")), { ip: "2001:db8::2" });
    assert.equal(hasProofOfWork(proofOfWorkOf(answer) ?? "", "2001:db8:0:0::/64", [SECRET], Date.now()), true);
  });

  test("of twenty at once with the same solution, one gets a clearance, and later ones none", async (t) => {
    const school = await open(t);
    const payload = payloadOf(await challengeFor(school));
    const answers = await Promise.all(Array.from({ length: AT_ONCE }, () => show(school, payload)));
    assert.equal(answers.filter(({ status }) => status === 204).length, 1);
    for (const answer of [...answers.filter(({ status }) => status !== 204), await show(school, payload)])
      assert.deepEqual([answer.status, answer.body.code, proofOfWorkOf(answer)], [403, "bad-challenge", null]);
  });

  test("what is changed, late, another address's, or no solution at all earns nothing", async (t) => {
    const school = await open(t);
    const challenge = await challengeFor(school);
    const foreign = await challengeFor(school, "203.0.113.8");
    const late = { salt: challenge.salt.replace(/expires=\d+/, (text) => `expires=${Number(text.slice(8)) + 3600}`) };
    const old = { salt: challenge.salt.replace(/expires=\d+/, "expires=1") };
    const number = solveChallenge(challenge) ?? 0;
    const wrong: Readonly<Record<string, string>> = {
      "a number that is near": payloadOf(challenge, { number: number - 1 }),
      "a number as text": payloadOf(challenge, { number: String(number) }),
      "a number that no browser counts to": payloadOf(challenge, { number: 1e300 }),
      "digits that moved from the number to the salt": payloadOf(challenge, {
        salt: challenge.salt + String(number)[0],
        number: Number(String(number).slice(1)),
      }),
      "a later expiry": payloadOf(challenge, late),
      "an earlier expiry": payloadOf(challenge, old),
      "a salt without an expiry": payloadOf(challenge, { salt: "0123456789" }),
      "another algorithm": payloadOf(challenge, { algorithm: "SHA-1" }),
      "another signature": payloadOf(challenge, { signature: foreign.signature }),
      "a signature that is no text": payloadOf(challenge, { signature: [challenge.signature] }),
      "another address": payloadOf(foreign),
      "no challenge": Buffer.from("{}").toString("base64"),
      "a list": Buffer.from("[[[[[[]]]]]]").toString("base64"),
      "no JSON": Buffer.from("no").toString("base64"),
      "no base64": "\u{1f600}%%%",
      nothing: "",
      "a long one": "A".repeat(3000),
      "a link's signature": Buffer.from(
        JSON.stringify({ ...challenge, signature: signLink({ app: "live", name: "x", expires: 1 }, SECRET).get("sign") }),
      ).toString("base64"),
    };
    for (const [what, payload] of Object.entries(wrong)) {
      const answer = await show(school, payload);
      assert.deepEqual([answer.status, answer.body.code, proofOfWorkOf(answer)], [403, "bad-challenge", null], what);
    }
    const huge = await show(school, "A".repeat(2_000_000));
    assert.deepEqual([huge.status, huge.body.code], [413, "too-large"]);
    const noText = await school.call("POST", "/challenge", { as: null, body: { payload: { a: 1 } } });
    assert.deepEqual([noText.status, noText.body.code], [400, "bad-request"]);
    assert.equal((await show(school, payloadOf(challenge))).status, 204, "the challenge itself still counts");
  });

  test("a challenge counts for two minutes, and its row goes when no clock can take it for a new one", async (t) => {
    const school = await open(t);
    const [early, late] = [payloadOf(await challengeFor(school)), payloadOf(await challengeFor(school))];
    const start = Date.now();
    t.mock.timers.enable({ apis: ["Date"], now: start + 115_000 });
    assert.equal((await show(school, early)).status, 204);
    t.mock.timers.setTime(start + 121_000);
    assert.equal((await show(school, late)).body.code, "bad-challenge");
    t.mock.timers.reset();
    const rows = async () => (await school.service.db.selectFrom("solved_challenges").selectAll().execute()).length;
    await sweepChallenges(school.service.db, start + 30 * 60_000);
    assert.equal(await rows(), 1);
    await sweepChallenges(school.service.db, start + 70 * 60_000);
    assert.equal(await rows(), 0);
  });

  test("an address from which everything is refused works more for its clearance", async (t) => {
    const now = Date.now();
    const held = (owner: string, measure: BlockedAddress["measure"], isTrial = false): BlockedAddress => ({
      owner,
      measure,
      isTrial,
      points: 100,
      because: [],
      about: null,
      since: now,
      until: now + 60_000,
      node: "n",
    });
    const school = await open(t, {
      protection: () => ({
        held: [held("10.1.0.1", "refuse"), held("10.1.0.2", "challenge"), held("10.1.0.3", "refuse", true)],
        ended: [],
      }),
    });
    const [usual, refused, challenged, onTrial] = await Promise.all(
      ["10.1.0.0", "10.1.0.1", "10.1.0.2", "10.1.0.3"].map(async (ip) => (await challengeFor(school, ip)).maxnumber),
    );
    assert.deepEqual([refused, challenged, onTrial], [4 * (usual ?? 0), usual, usual]);
    const work = await challengeFor(school, "10.1.0.1");
    assert.equal((await show(school, payloadOf(work), { ip: "10.1.0.1" })).status, 204);
  });
});

test("two control nodes on one database count a challenge once between them", async (t) => {
  const url = await copyOfMigrated();
  const schools = [
    await openSchool(t, { store: await openStoreAt(url) }),
    await openSchool(t, { store: await openStoreAt(url) }),
  ] as const;
  for (let round = 0; round < 5; round++) {
    const payload = payloadOf(await challengeFor(schools[round % 2 === 0 ? 0 : 1]));
    const answers = await Promise.all(Array.from({ length: AT_ONCE }, (_, i) => show(schools[i % 2 === 0 ? 0 : 1], payload)));
    assert.equal(answers.filter(({ status }) => status === 204).length, 1);
  }
});
