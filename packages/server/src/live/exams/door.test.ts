import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { connect } from "node:net";
import type { Duplex } from "node:stream";
import { type TestContext, test } from "node:test";
import { type Candidate, signCandidateToken } from "../../contracts/exams/candidate-token.ts";
import type { ExamMessages, OpenExam, SentAnswers, SentPiece } from "../../contracts/exams/exam-messages.ts";
import { systemClock } from "../../platform/clock.ts";
import { Refusal } from "../../platform/refusal.ts";
import { MediaRequest } from "../http/media-request.ts";
import { sendRefusal } from "../http/responses.ts";
import { ExamDoor } from "./door.ts";

const SECRET = "a secret of signed links";
const EXAM = "0".repeat(26);
const OTHER = "1".repeat(26);
const HASH = "ab".repeat(32);
const CLIENT = { ip: "127.0.0.1", isTls: false, isSecure: false, isFromNode: false };
const HOUR = 3_600_000;

/** A door with a control process that takes everything; times are relative to a start at 0. */
async function openDoor(t: TestContext) {
  const clock = { ...systemClock, now: 0, utc: () => clock.now };
  const exam: OpenExam = {
    exam: EXAM,
    school: "s",
    course: null,
    hash: HASH,
    key: "a key",
    opensAt: 0,
    closesAt: 2 * HOUR,
    seconds: 3600,
    lastEndsAt: 2 * HOUR,
  };
  const control = {
    exams: [exam],
    sent: [] as SentAnswers[],
    pieces: [] as SentPiece[],
    packages: 0,
    lists: 0,
    isAway: false,
    permits: true,
  };
  const stored = (one: SentAnswers) => ({
    startedAt: one.startedAt ?? 0,
    endsAt: HOUR,
    handedInAt: one.isHandedIn ? clock.now : null,
    stored: Math.max(0, ...one.answers.map(({ seq }) => seq)),
    late: [],
  });
  const answering = <T>(answer: T): T => {
    if (control.isAway) throw new Error("away");
    return answer;
  };
  const ask: ExamMessages = {
    openExams: async () => {
      control.lists++;
      return answering({ version: `${control.lists}`, exams: control.exams });
    },
    examPackage: async ({ hash }) => {
      control.packages++;
      return answering(hash === HASH ? { bytes: Buffer.from("encrypted").toString("base64") } : null);
    },
    examAnswers: async ({ sent }) => {
      control.sent.push(...answering(sent));
      return sent.map((one) => (one.attempt === "old-seat" ? { refused: "exam-seat-taken" } : stored(one)));
    },
    examFilePiece: async (piece) => {
      control.pieces.push(answering(piece));
      const received = piece.offset + Buffer.from(piece.base64, "base64").length;
      return { received, isStored: received === piece.size, endsAt: HOUR };
    },
    examStored: async ({ attempts }) =>
      answering(attempts.map(({ seat }) => ({ startedAt: 0, endsAt: HOUR, handedInAt: null, answers: [], seat, seq: 7 }))),
  };
  const refused: string[] = [];
  const door = new ExamDoor({
    ask,
    secrets: () => [SECRET],
    permit: async () => (control.permits ? null : new Refusal("refused-by-rule")),
    onRefused: (_exam, _ip, { code }) => refused.push(code),
    clock,
  });
  const server = createServer((raw, response) => {
    const request = new MediaRequest(raw, CLIENT, new WeakSet<Duplex>());
    const match = door.match(request);
    if (match) door.handle(request, response, match);
    else sendRefusal(request, response, new Refusal("not-found"));
  });
  server.listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  t.after(() => {
    door.close();
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  assert.ok(address && typeof address === "object");
  const url = `http://127.0.0.1:${address.port}/exams`;
  const token = (over: Partial<Candidate> = {}): string =>
    signCandidateToken({ exam: EXAM, attempt: "a", seat: 1, user: null, expires: 10 * HOUR, ...over }, SECRET);
  const call = async (path: string, init: RequestInit = {}, by: string | null = token()) => {
    const headers = by === null ? {} : { authorization: `Bearer ${by}` };
    const response = await fetch(`${url}${path}`, { ...init, headers });
    const text = await response.text();
    const isJson = response.headers.get("content-type")?.includes("json") === true;
    return { status: response.status, headers: response.headers, text, body: isJson ? JSON.parse(text) : null };
  };
  const post = (path: string, body: object = {}, by: string | null = token()) =>
    call(path, { method: "POST", body: JSON.stringify(body) }, by);
  return { url, clock, control, call, post, token, refused };
}

const answer = (seq: number) => ({ seq, question: "q", value: "a", writtenAt: 0 });

test("the paper is public, immutable, and asked for once, however many fetch it", async (t) => {
  const { call, control } = await openDoor(t);
  const answers = await Promise.all(Array.from({ length: 20 }, () => call(`/${EXAM}/paper/${HASH}`, {}, null)));
  assert.ok(answers.every(({ status, text }) => status === 200 && text === "encrypted"));
  assert.equal(answers[0]!.headers.get("cache-control"), "public, max-age=31536000, immutable");
  assert.equal(control.packages, 1);
  assert.equal((await call(`/${EXAM}/paper/${"cd".repeat(32)}`, {}, null)).status, 404);
  assert.equal((await call(`/${OTHER}/paper/${HASH}`, {}, null)).status, 404);
  assert.equal(control.packages, 1);
});

test("the key is given out from the start on, without a question, and the start is noted once", async (t) => {
  const { post, clock, control } = await openDoor(t);
  await post(`/${EXAM}/key`);
  const before = control.lists;
  clock.now = -2500;
  const early = await post(`/${EXAM}/key`);
  assert.deepEqual([early.status, early.body.code, early.body.startsAt, early.body.now], [403, "exam-not-started", 0, -2500]);
  assert.equal(early.headers.get("retry-after"), "3");
  clock.now = 1000;
  control.isAway = true;
  const given = await post(`/${EXAM}/key`, {}, undefined);
  assert.deepEqual(given.body, { key: "a key", now: 1000, startedAt: 0, endsAt: HOUR }, "begun by the first request of this test");
  assert.equal(control.lists, before);
});

test("the token of an attempt that was deleted gets no key", async (t) => {
  const { post, clock, control, token } = await openDoor(t);
  clock.now = 1000;
  control.exams = [{ ...control.exams[0]!, deletedAttempts: ["gone"] }];
  // Looks the list up again.
  await post(`/${OTHER}/key`, {}, token({ exam: OTHER }));
  const refused = await post(`/${EXAM}/key`, {}, token({ attempt: "gone" }));
  assert.deepEqual([refused.status, refused.body.code], [404, "exam-attempt-unknown"]);
  assert.equal((await post(`/${EXAM}/key`)).status, 200);
});

test("what a candidate sends is acknowledged when it is stored, and a hand-in says when", async (t) => {
  const { post, clock, control } = await openDoor(t);
  clock.now = 1000;
  const saved = await post(`/${EXAM}/answers`, { answers: [answer(1), answer(2)], facts: [] });
  assert.deepEqual(saved.body, { stored: 2, now: 1000, endsAt: HOUR, handedIn: false, handedInAt: null });
  const handedIn = await post(`/${EXAM}/hand-in`, { answers: [answer(3)] });
  assert.deepEqual([handedIn.body.handedIn, handedIn.body.handedInAt, handedIn.body.stored], [true, 1000, 3]);
  assert.deepEqual(
    control.sent.map(({ attempt, seat, answers, isHandedIn = false }) => [attempt, seat, answers.length, isHandedIn]),
    [
      ["a", 1, 2, false],
      ["a", 1, 1, true],
    ],
  );
});

test("a device that comes back reads what is stored", async (t) => {
  const { call, clock } = await openDoor(t);
  clock.now = 5;
  const { body } = await call(`/${EXAM}/answers`);
  assert.deepEqual(body, { startedAt: 0, endsAt: HOUR, handedInAt: null, answers: [], seat: 1, seq: 7, now: 5 });
});

test("a token of nobody, of another examination, expired or changed is refused before anything is read", async (t) => {
  const { post, call, token, control, refused } = await openDoor(t);
  const [head = "", payload = "", mac = ""] = token().split(".");
  const other = Buffer.from(JSON.stringify({ e: EXAM, a: "another", s: 9, u: null, x: 10 * HOUR })).toString("base64url");
  for (const [by, status] of [
    [null, 401],
    ["x", 401],
    [`${head}.${other}.${mac}`, 401],
    [`${head}.${payload}.${"A".repeat(43)}`, 401],
    [token({ expires: -1 }), 401],
    [token({ exam: OTHER }), 404],
  ] as const) {
    for (const path of ["key", "answers", "hand-in"]) assert.equal((await post(`/${EXAM}/${path}`, {}, by)).status, status);
    assert.equal((await call(`/${EXAM}/answers`, {}, by)).status, status);
  }
  assert.deepEqual(control.sent, []);
  assert.ok(refused.length === 24 && refused.includes("bad-credential"));
});

test("an earlier seat, a malformed body and a huge one are refused, and a device that sends all the time waits", async (t) => {
  const { post, call, token } = await openDoor(t);
  const seat = await post(`/${EXAM}/answers`, { answers: [answer(1)] }, token({ attempt: "old-seat" }));
  assert.deepEqual([seat.status, seat.body.code], [409, "exam-seat-taken"]);
  assert.equal((await post(`/${EXAM}/answers`, { answers: [{ ...answer(1), seq: 0 }] })).status, 400);
  const huge = await call(`/${EXAM}/answers`, { method: "POST", body: "x".repeat(300_000) });
  assert.deepEqual([huge.status, huge.body.code], [413, "too-large"]);
  const many = await Promise.all(Array.from({ length: 40 }, () => post(`/${EXAM}/answers`)));
  const codes = many.map(({ status }) => status);
  assert.ok(codes.includes(200) && codes.includes(429));
  assert.equal((await post(`/${EXAM}/answers`, {}, token({ attempt: "b" }))).status, 200, "others do not wait for it");
});

test("a thousand sockets of one candidate get as much as one gets, and another candidate is served beside them", async (t) => {
  const { url, post, token, control } = await openDoor(t);
  const { port } = new URL(url);
  const body = JSON.stringify({ answers: [answer(1)] });
  const head = [
    `POST /exams/${EXAM}/answers HTTP/1.1`,
    "host: x",
    `authorization: Bearer ${token()}`,
    `content-length: ${body.length}`,
  ];
  const sockets = await Promise.all(
    Array.from({ length: 1000 }, async () => {
      const socket = connect(Number(port), "127.0.0.1");
      t.after(() => socket.destroy());
      await once(socket, "connect");
      return socket;
    }),
  );
  const statuses = await Promise.all(
    sockets.map(async (socket) => {
      socket.write(`${head.join("\r\n")}\r\n\r\n${body}`);
      const [bytes] = await once(socket, "data");
      return String(bytes).split(" ")[1];
    }),
  );
  assert.deepEqual([...new Set(statuses)].toSorted(), ["200", "429"]);
  const taken = statuses.filter((status) => status === "200").length;
  // Thirty at once, and two in each second that this takes.
  assert.ok(taken < 200, `${taken} requests were taken`);
  assert.equal(control.sent.length, taken, "what was refused asks nothing of the database");
  assert.equal((await post(`/${EXAM}/answers`, {}, token({ attempt: "b" }))).status, 200);
});

test("policies hold for the first key too, of an examination that this worker has not known", async (t) => {
  const { post, control, clock } = await openDoor(t);
  const [exam] = control.exams;
  control.exams = [];
  await post(`/${OTHER}/key`, {}, null);
  control.permits = false;
  clock.now = 1000;
  const late = { ...exam!, exam: OTHER, latestStartAt: 400 };
  control.exams = [late];
  const by = signCandidateToken({ exam: OTHER, attempt: "b", seat: 1, user: null, expires: 10 * HOUR }, SECRET);
  assert.equal((await post(`/${OTHER}/key`, {}, by)).body.code, "refused-by-rule");
  control.permits = true;
  const { startedAt, endsAt } = (await post(`/${OTHER}/key`, {}, by)).body;
  assert.deepEqual([startedAt, endsAt], [400, 400 + HOUR], "the latest entry was the start of who has waited");
});

test("policies of the school hold for the paper, the key and answers", async (t) => {
  const { post, call, control } = await openDoor(t);
  await post(`/${EXAM}/key`);
  control.permits = false;
  const answers = [
    await call(`/${EXAM}/paper/${HASH}`, {}, null),
    await post(`/${EXAM}/key`),
    await post(`/${EXAM}/answers`),
    await call(`/${EXAM}/answers`),
  ];
  assert.deepEqual(
    answers.map(({ body }) => body.code),
    Array.from({ length: 4 }, () => "refused-by-rule"),
  );
});

test("addresses that are none of examinations are for other doors, and other methods are named", async (t) => {
  const { call } = await openDoor(t);
  for (const path of ["", `/${EXAM}`, `/${EXAM}/paper`, `/${EXAM}/key/${HASH}`, `/${EXAM}/paper/${HASH}/x`, "/x/key"])
    assert.equal((await call(path)).status, 404, path);
  const wrong = await call(`/${EXAM}/key`);
  assert.deepEqual([wrong.status, wrong.headers.get("allow")], [405, "POST, OPTIONS"]);
  const preflight = await call(`/${EXAM}/answers`, { method: "OPTIONS" }, null);
  assert.deepEqual([preflight.status, preflight.headers.get("access-control-allow-headers")], [204, "authorization, content-type"]);
});
