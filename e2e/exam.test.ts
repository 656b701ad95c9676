/** Examinations on a running server: the paper says nothing without its key, answers are kept through killed processes, and strangers get nowhere. Shares a process. */
import assert from "node:assert/strict";
import { createDecipheriv, createHash, randomUUID } from "node:crypto";
import { type TestContext, test } from "node:test";
import type { Answer } from "@lectern/exam";
import { publishedExam, shortPaper } from "./exam-paper.ts";
import { sharedLectern } from "./fixtures.ts";
import { killInTurn } from "./killed-in-turn.ts";
import { type Lectern, startLectern, until } from "./lectern.ts";
import { ask, type Body, done } from "./lesson-client.ts";

const SECRET_WORDS = "What is the third planet of the sun?";
const PAPER = shortPaper(
  "Planets",
  ["q1", "q2"].map((id) => ({
    question: {
      id,
      kind: "single",
      text: SECRET_WORDS,
      points: 1,
      options: [
        { id: "a", text: "Mars" },
        { id: "b", text: "Earth" },
      ],
    },
    solution: { kind: "single", right: "b" },
  })),
  "Answer all.",
);

/** A published examination, and candidates at it. @param opensIn milliseconds */
async function openExam(lectern: Pick<Lectern, "http">, opensIn: number) {
  const { id: schoolId } = await done(lectern, "POST", "/schools", {
    name: "Planets",
    slug: `planets-${randomUUID().slice(0, 8)}`,
  });
  const settings = { guests: true, offlineSeconds: 0 };
  const api = (method: string, path: string, body?: unknown) => done(lectern, method, path, body);
  const { id } = await publishedExam(api, PAPER, { owner: { schoolId }, opensInMs: opensIn, settings });
  const enter = (body: object): Promise<Body> => done(lectern, "POST", `/exams/${id}/attempts`, body);
  const call = async (way: string, token: string | null, body?: unknown, method = "POST", exam: string = id) => {
    const headers = token === null ? {} : { authorization: `Bearer ${token}` };
    const sent = method === "GET" ? {} : { body: typeof body === "string" ? body : JSON.stringify(body ?? {}) };
    const answer = await fetch(`${lectern.http}${way === "key" ? "/api/v1" : ""}/exams/${exam}/${way}`, {
      method,
      headers,
      ...sent,
    });
    return { status: answer.status, body: (await answer.json().catch(() => null)) as Body };
  };
  const change = (body: object): Promise<Body> => done(lectern, "PATCH", `/exams/${id}`, body);
  return { id, schoolId, enter, call, change };
}

const isoIn = (milliseconds: number): string => new Date(Date.now() + milliseconds).toISOString();
const answer = (seq: number, question: string, value: string): Answer => ({ seq, question, value, writtenAt: Date.now() });

/** packages/exam/README.md: 12 bytes of nonce first, the tag last. @throws Error with another key */
function decrypted(bytes: Buffer, key: string): string {
  const decipher = createDecipheriv("aes-256-gcm", Buffer.from(key, "base64url"), bytes.subarray(0, 12));
  decipher.setAuthTag(bytes.subarray(-16));
  return Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()]).toString();
}

test("a candidate fetches the paper, which says nothing, gets the key at the start, answers, comes back and hands in", async () => {
  const lectern = await sharedLectern({ workers: "1" });
  const { enter, call, change, id } = await openExam(lectern, 20 * 60_000);
  const { token, package: pack, attempt } = await enter({ name: "Anna" });
  const fetched = await fetch(`${lectern.http}${pack.url}`);
  const bytes = Buffer.from(await fetched.arrayBuffer());
  assert.equal(fetched.headers.get("cache-control"), "public, max-age=31536000, immutable");
  assert.equal(createHash("sha256").update(bytes).digest("hex"), pack.hash);
  for (const words of [SECRET_WORDS, "q1", "Earth", "Planets", "right"])
    assert.ok(!bytes.includes(words), `${words} in the package`);
  assert.throws(() => decrypted(bytes, Buffer.alloc(32).toString("base64url")), "with another key");

  const early = await call("key", token);
  assert.deepEqual([early.status, early.body.code, early.body.key], [403, "exam-not-started", undefined]);
  assert.equal((await call("answers", token, { answers: [answer(1, "q1", "b")] })).body.code, "exam-not-started");

  // A worker knows a moved start within three seconds. An attempt may not ask that often, so others ask in turn.
  const others = await Promise.all(Array.from({ length: 8 }, (_, i) => enter({ name: `Other ${i}` })));
  await change({ opensAt: isoIn(0) });
  let turn = 0;
  const isOpen = async () => (await call("key", others[turn++ % others.length].token)).status === 200;
  await until(isOpen, "the start");
  const { key, endsAt } = (await call("key", token)).body;
  assert.match(decrypted(bytes, key), new RegExp(SECRET_WORDS.replace("?", "\\?")));
  assert.doesNotMatch(decrypted(bytes, key), /"right"/, "no solution is given out");

  const saved = await call("answers", token, { answers: [answer(1, "q1", "a"), answer(2, "q1", "b")] });
  assert.deepEqual([saved.status, saved.body.stored, saved.body.handedIn], [200, 2, false]);
  assert.ok(Math.abs(saved.body.endsAt - endsAt) < 60_000);
  const back = await call("answers", token, undefined, "GET");
  assert.deepEqual([back.body.seq, back.body.answers.map((one: Answer) => [one.question, one.value])], [2, [["q1", "b"]]]);
  const handedIn = await call("hand-in", token, { answers: [answer(3, "q2", "a")] });
  assert.deepEqual([handedIn.status, handedIn.body.handedIn, handedIn.body.stored], [200, true, 3]);
  assert.equal((await call("answers", token, { answers: [answer(4, "q2", "b")] })).body.code, "exam-ended");
  const graded = await until(async () => {
    const one = await done(lectern, "GET", `/exams/${id}/attempts/${attempt.id}`);
    return one.gradedAt !== null && one;
  }, "the grading");
  assert.equal(graded.points, 1, "what came after the hand-in does not count");
});

test("another device takes the seat, and the first one is told", async () => {
  const lectern = await sharedLectern({ workers: "1" });
  const { id, schoolId, call } = await openExam(lectern, -60_000);
  const [login, password] = [`ben-${id}`, "a good password"];
  await done(lectern, "POST", "/users", { schoolId, login, name: "Ben", password, role: "student" });
  const session = (await ask(lectern, "POST", "/sessions", { login, password }, null)).body.token;
  const enter = async (body: object) => (await ask(lectern, "POST", `/exams/${id}/attempts`, body, session)).body;
  const first = await enter({});
  assert.equal((await call("answers", first.token, { answers: [answer(1, "q1", "a")] })).status, 200);
  assert.equal((await enter({})).code, "exam-elsewhere");
  const second = await enter({ takeOver: true });
  assert.equal((await call("answers", first.token, { answers: [answer(2, "q1", "b")] })).body.code, "exam-seat-taken");
  const back = await call("answers", second.token, undefined, "GET");
  assert.deepEqual([back.body.seat, back.body.seq, back.body.answers.length], [2, 0, 1]);
  assert.equal((await call("answers", second.token, { answers: [answer(1, "q1", "c")] })).status, 200);
});

test("a hostile candidate reaches nobody else's answers, sets no score, and sends nothing after the end", async () => {
  const lectern = await sharedLectern({ workers: "1" });
  const exam = await openExam(lectern, -60_000);
  const other = await openExam(lectern, -60_000);
  const [mine, theirs] = [await exam.enter({ name: "Eve" }), await exam.enter({ name: "Carl" })];
  const [head, payload = "", mac] = mine.token.split(".");
  const claims = JSON.parse(Buffer.from(payload, "base64url").toString());
  const forged = (over: object): string =>
    `${head}.${Buffer.from(JSON.stringify({ ...claims, ...over })).toString("base64url")}.${mac}`;
  for (const token of [forged({ a: theirs.attempt.id }), forged({ s: 99 }), forged({ x: claims.x * 2 }), "x", null]) {
    assert.equal((await exam.call("answers", token, { answers: [answer(1, "q1", "b")] })).status, 401);
    assert.equal((await exam.call("answers", token, undefined, "GET")).status, 401);
    assert.equal((await exam.call("key", token)).status, 401);
  }
  assert.equal((await other.call("key", mine.token)).body.code, "exam-attempt-unknown", "a token is of one examination");
  const assigned = { ...answer(1, "q1", "a"), points: 100, attempt: theirs.attempt.id, is_late: false, seat: 7 };
  const sent = await exam.call("answers", mine.token, {
    answers: [assigned],
    points: 100,
    handedInBy: "supervisor",
    attempt: theirs.attempt.id,
  });
  assert.equal(sent.status, 200);
  const stranger = await done(lectern, "GET", `/exams/${exam.id}/attempts/${theirs.attempt.id}`);
  assert.deepEqual(stranger.answers ?? [], [], "nothing of it came to the other candidate");
  assert.equal((await exam.call("answers", mine.token, "x".repeat(300_000))).status, 413);
  assert.equal((await exam.call("answers", mine.token, { answers: [{ ...answer(2, "q1", "a"), value: "a\0b" }] })).status, 400);

  await done(lectern, "PATCH", `/exams/${exam.id}/attempts/${mine.attempt.id}`, { end: true });
  const after = { ...answer(3, "q1", "b"), writtenAt: Date.now() + 1000 };
  assert.equal((await exam.call("answers", mine.token, { answers: [after] })).body.code, "exam-ended");
  assert.equal((await exam.call("hand-in", mine.token, { answers: [after] })).body.late?.length ?? 1, 1);
  const { body } = await exam.call("answers", mine.token, undefined, "GET");
  assert.deepEqual(
    body.answers.map((one: Answer) => one.value),
    ["a"],
  );
});

test("what was acknowledged is there after the worker, the control process and the supervisor were killed", async (t: TestContext) => {
  const server = await startLectern(t, { workers: "1" });
  const exam = await openExam(server, -60_000);
  const candidates = await Promise.all(["Dora", "Emil", "Fay"].map((name) => exam.enter({ name })));
  const acknowledged = new Map<string, number>();
  const at = { lectern: server as Pick<Lectern, "http"> };
  let isOver = false;
  // Each goes on with the same number until it is acknowledged, as the page does.
  const writing = candidates.map(async ({ token }) => {
    for (let seq = 1; !isOver; ) {
      const headers = { authorization: `Bearer ${token}` };
      const body = JSON.stringify({ answers: [answer(seq, "q1", `${seq}`)] });
      const saved = await fetch(`${at.lectern.http}/exams/${exam.id}/answers`, { method: "POST", headers, body }).catch(() => null);
      if (saved?.status === 200) acknowledged.set(token, seq++);
      else await new Promise((resolve) => setTimeout(resolve, 500));
    }
  });
  const progress = async (what: string): Promise<void> => {
    const before = new Map(acknowledged);
    await until(() => candidates.every(({ token }) => (acknowledged.get(token) ?? 0) > (before.get(token) ?? 0)), what);
  };
  await progress("answers");
  await killInTurn(t, server, at, (after) => progress(`answers ${after}`));
  isOver = true;
  await Promise.all(writing);
  for (const { attempt, token } of candidates) {
    const headers = { authorization: `Bearer ${token}` };
    const { seq } = (await (await fetch(`${at.lectern.http}/exams/${exam.id}/answers`, { headers })).json()) as { seq: number };
    assert.ok(seq >= (acknowledged.get(token) ?? 0), `the answers of ${attempt.name}`);
  }
});
