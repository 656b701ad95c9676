/** A school's scoring service, through the API: the example of docs/exams.md proposes points, a person or the school's rule accepts them, and nothing is lost while it is down. Shares a process. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { examSchool } from "./exam-school.ts";
import { freePort, until } from "./lectern.ts";
import type { TestSchool } from "./school.ts";
import { onEachDatabase } from "./school-databases.ts";

const GUIDE = readFileSync(join(import.meta.dirname, "../docs/exams.md"), "utf8");
const [, EXAMPLE = ""] = /```js\n([\s\S]*?)```/.exec(GUIDE) ?? [];
const WORDS = "one two three four five six seven eight nine ten ";

/** The example, on this port. */
async function startExample(t: TestContext, port: number, secret: string): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), "lectern-scorer-"));
  writeFileSync(join(directory, "service.mjs"), EXAMPLE);
  const env = { ...process.env, PORT: String(port), SECRET: secret };
  const service = spawn(process.execPath, ["service.mjs"], { cwd: directory, env, stdio: ["ignore", "ignore", "inherit"] });
  t.after(() => service.kill("SIGKILL"));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  await until(async () => (await fetch(`http://127.0.0.1:${port}/`).catch(() => null))?.status === 401, "the example");
}

async function startService(t: TestContext, answer: (body: unknown, response: ServerResponse) => unknown) {
  const bodies: unknown[] = [];
  const server = createServer(async (request: IncomingMessage, response) => {
    const body: unknown = JSON.parse(Buffer.concat(await request.toArray()).toString());
    bodies.push(body);
    answer(body, response);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { bodies, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` };
}

/** An examination whose essay goes to a service, and who sits it. */
async function setUp(school: TestSchool, url: string, service: object = {}) {
  const world = await examSchool(school);
  const { ok } = school;
  const { as, schoolId } = world;
  const created = await ok("POST", "/scoring-services", { body: { schoolId, url, ...service } });
  const exam = await world.exam();
  const plan = (body: object = {}) =>
    ok("PUT", `/exams/${exam.id}/marking-plan`, { as, body: { markers: [], double: [], scored: ["q3"], ...body } });
  const sit = async (typed: string): Promise<string> => {
    const { token } = await world.student();
    const { attempt } = await world.entered(exam.id, { as: token });
    await world.start(attempt.id);
    await world.answer(attempt.id, { q3: { typed } });
    await world.handIn(attempt.id);
    await world.graded(exam.id, attempt.id);
    return attempt.id;
  };
  const next = async () => (await ok("POST", `/exams/${exam.id}/markings/next`, { as, body: { question: "q3" } })).item;
  const state = (attemptId: string) =>
    school.service.db.selectFrom("exam_proposals").selectAll().where("attempt_id", "=", attemptId).executeTakeFirst();
  return { ...world, ok, exam, created, plan, sit, next, state };
}

onEachDatabase((open) => {
  test("the example of the guide proposes points, which count once a person gives them", async (t) => {
    const port = await freePort();
    const school = await open(t);
    const { created, plan, sit, next, state, ok, exam, as } = await setUp(school, `http://127.0.0.1:${port}/`);
    await plan();
    const attemptId = await sit(WORDS.repeat(3));
    // The service is down: the answer waits.
    const waiting = await until(async () => {
      const row = await state(attemptId);
      return row && row.tries > 0 ? row : null;
    }, "a try that failed");
    assert.equal(waiting.state, "waiting");
    const [{ health, lastError }] = (await ok("GET", "/scoring-services")).items;
    assert.equal(health, "failing");
    assert.match(lastError, /ECONNREFUSED/);

    await startExample(t, port, created.secret);
    await until(async () => (await state(attemptId))?.state === "proposed", "the proposal");
    const item = await next();
    assert.deepEqual(item.proposal, { points: 1.5, confidence: 0.95, criteria: [], comment: "Counted by words." });
    const before = await ok("GET", `/exams/${exam.id}/attempts/${attemptId}`, { as });
    assert.equal(before.waiting, 1, "nobody has accepted it");
    const { points, comment } = item.proposal;
    await ok("PUT", `/exams/${exam.id}/markings/${attemptId}/q3`, { as, body: { points, comment } });
    const after = await ok("GET", `/exams/${exam.id}/attempts/${attemptId}`, { as });
    assert.deepEqual([after.waiting, after.points, after.marks[0].comment], [0, 1.5, "Counted by words."]);
  });

  test("a proposal counts by the school's rule where it is sure enough, and is in the audit log", async (t) => {
    const sure = { points: 2.2, comment: "Good.", confidence: 0.9 };
    const service = await startService(t, (body, response) => {
      const { answer } = body as { answer: { text: string } };
      if (answer.text === "unreadable") response.writeHead(422).end();
      else response.end(JSON.stringify(answer.text === "sure" ? sure : { ...sure, confidence: 0.5 }));
    });
    const school = await open(t);
    const { plan, sit, state, ok, exam, as } = await setUp(school, service.url, { acceptConfidence: 0.8 });
    // Chosen after the hand-in: what waits is sent, too.
    const first = await sit("sure");
    await plan();
    await until(async () => (await state(first))?.state === "accepted", "the rule");
    const attempt = await ok("GET", `/exams/${exam.id}/attempts/${first}`, { as });
    assert.deepEqual([attempt.waiting, attempt.points, attempt.marks[0].markerId], [0, 2, null]);
    const [sent] = service.bodies as [{ question: object; answer: object }];
    assert.deepEqual(Object.keys(sent).toSorted(), ["answer", "attemptId", "event", "id", "question"]);
    assert.deepEqual(sent.answer, { text: "sure", files: [] });
    const { items } = await ok("GET", `/audit?targetId=${exam.id}`);
    assert.ok(items.some(({ action }: { action: string }) => action === "examination.accept-score"));

    const second = await sit("unsure");
    await until(async () => (await state(second))?.state === "proposed", "a proposal that nobody has accepted");
    assert.equal((await ok("GET", `/exams/${exam.id}/attempts/${second}`, { as })).waiting, 1);
    const third = await sit("unreadable");
    await until(async () => (await state(third))?.state === "refused", "an answer that cannot be scored");
  });

  test("a service that is not ready is asked again, points that the question has not are no score, and the limit of a minute holds", async (t) => {
    let asked = 0;
    const service = await startService(t, (_, response) => {
      asked++;
      if (asked === 1) response.writeHead(202, { "retry-after": "1" }).end();
      else response.end(JSON.stringify({ points: asked === 2 ? 99 : 1 }));
    });
    const school = await open(t);
    const { plan, sit, state, ok, schoolId } = await setUp(school, service.url, { perMinute: 1 });
    await plan();
    const attemptId = await sit("words");
    await until(async () => asked === 1, "the first request");
    // One a minute: the second has to wait, until the school allows more.
    const { id } = (await ok("GET", `/scoring-services?schoolId=${schoolId}`)).items[0];
    const due = async () => (await state(attemptId))?.next_at.getTime() ?? 0;
    await until(async () => Date.now() > (await due()) + 1500, "the time at which it would be asked again");
    assert.equal(asked, 1);
    await ok("PATCH", `/scoring-services/${id}`, { body: { perMinute: 100 } });
    await until(async () => (await state(attemptId))?.tries === 1, "a score that is none");
    await until(async () => (await state(attemptId))?.state === "proposed", "the proposal");
    assert.equal((await state(attemptId))?.points, 1);
  });

  test("what the school decides while the service is asked holds for its answer", async (t) => {
    let meanwhile = async (): Promise<unknown> => null;
    const service = await startService(t, async (_, response) => {
      await meanwhile();
      response.end(JSON.stringify({ points: 1, confidence: 1 }));
    });
    const isAsked = (text: string) => (service.bodies as { answer: { text: string } }[]).some(({ answer }) => answer.text === text);
    const school = await open(t);
    const { created, plan, sit, state, ok, exam, as } = await setUp(school, service.url, { acceptConfidence: 0.5 });
    const rule = (acceptConfidence: number | null) =>
      ok("PATCH", `/scoring-services/${created.id}`, { body: { acceptConfidence } });
    await plan();
    // The rule ends: a person has to look.
    meanwhile = () => rule(null);
    const first = await sit("first");
    await until(async () => (await state(first))?.state === "proposed", "the proposal");
    // The question is marked by people alone, and its answer counts for nothing, then by the service again.
    await rule(0.5);
    meanwhile = () => plan({ scored: [] });
    const second = await sit("second");
    await until(async () => isAsked("second") && (await state(second)) === undefined, "the plan");
    meanwhile = async () => null;
    assert.equal((await ok("GET", `/exams/${exam.id}/attempts/${second}`, { as })).waiting, 1);
    await plan();
    await until(async () => (await state(second))?.state === "accepted", "the rule");
    const attempt = await ok("GET", `/exams/${exam.id}/attempts/${first}`, { as });
    assert.deepEqual([attempt.waiting, (await state(first))?.state], [1, "proposed"]);
  });

  test("an answer that comes late is scored again", async (t) => {
    const service = await startService(t, (_, response) => void response.end(JSON.stringify({ points: 1 })));
    const school = await open(t);
    const { plan, sit, state, answer, exam, graded } = await setUp(school, service.url);
    await plan();
    const attemptId = await sit("first");
    await until(async () => (await state(attemptId))?.state === "proposed", "the proposal");
    await answer(attemptId, { q3: { typed: "second" } });
    school.service.wakeWork();
    await graded(exam.id, attemptId);
    await until(() => service.bodies.length === 2, "the second request");
    const texts = (service.bodies as { answer: { text: string } }[]).map(({ answer: { text } }) => text);
    assert.deepEqual(texts, ["first", "second"]);
  });
});
