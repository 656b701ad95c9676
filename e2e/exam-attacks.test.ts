/** Attacks examinations through the API: access codes tried one by one, tokens of attempts that were deleted, solutions while one sits again, values that nobody expects. Shares a process. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { examSchool } from "./exam-school.ts";
import { onEachDatabase } from "./school-databases.ts";

onEachDatabase((open) => {
  test("who tries access codes one by one is locked out, with the right one too, and the others of the class are not", async (t) => {
    const school = await open(t);
    const { exam: publish, student, enter } = await examSchool(school);
    const exam = await publish({ accessCode: "0042" });
    const [eve, ann] = [await student(), await student()];
    const codes: string[] = [];
    for (let i = 0; i < 21; i++)
      codes.push((await enter(exam.id, { as: eve.token, body: { accessCode: `${1000 + i}` } })).body.code);
    assert.deepEqual([codes[0], codes.at(-1)], ["exam-code-wrong", "too-many"]);
    assert.equal((await enter(exam.id, { as: eve.token, body: { accessCode: "0042" } })).body.code, "too-many");
    assert.equal((await enter(exam.id, { as: ann.token, body: { accessCode: "0042" } })).status, 200);
  });

  test("the token of a deleted attempt lets a guest in as a new one only, whose name is checked", async (t) => {
    const school = await open(t);
    const { as, exam: publish, student, entered, enter } = await examSchool(school);
    await school.ok("PATCH", `/users/${(await student()).id}`, { body: { name: "Maria" } });
    const exam = await publish({ guests: true });
    const { attempt, token } = await entered(exam.id, { as: null, body: { name: "Zoe" } });
    assert.equal((await enter(exam.id, { as: null, body: { name: "Maria" } })).status, 400);
    await school.ok("DELETE", `/exams/${exam.id}/attempts/${attempt.id}`, { as });
    assert.equal((await enter(exam.id, { as: null, body: { name: "Maria", token } })).status, 400);
  });

  test("a candidate who was given more time reads no solutions while sitting again", async (t) => {
    const school = await open(t);
    const { as, exam: publish, student, entered, start, graded } = await examSchool(school);
    const exam = await publish({ resultsShown: "explanations", seconds: 600 });
    const { token } = await student();
    const { attempt } = await entered(exam.id, { as: token });
    await start(attempt.id, new Date(Date.now() - 601_000));
    school.service.wakeWork();
    await graded(exam.id, attempt.id);
    await school.ok("POST", `/exams/${exam.id}/release`, { as, body: { released: true } });
    const result = () => school.call("POST", `/exams/${exam.id}/result`, { as: token });
    assert.equal((await result()).status, 200);
    await school.ok("PATCH", `/exams/${exam.id}/attempts/${attempt.id}`, { as, body: { extraSeconds: 1200 } });
    assert.equal((await result()).body.code, "exam-not-released");
  });

  test("no value that a candidate sends keeps staff from reading the attempt, its results and what is to be marked", async (t) => {
    const school = await open(t);
    const { as, exam: publish, student, entered, start, answer, handIn, graded } = await examSchool(school);
    const exam = await publish();
    const { attempt } = await entered(exam.id, { as: (await student()).token });
    await start(attempt.id);
    const odd = [
      JSON.parse('{"__proto__":"x","constructor":"y"}'),
      { typed: "<img src=x onerror=alert(1)>" },
      { uploads: ["javascript:alert(1)"] },
      ["toString"],
      true,
      "=1+1",
    ];
    for (const value of odd) await answer(attempt.id, { q1: value, q2: value, q3: value, constructor: value });
    await answer(attempt.id, { q3: odd[0] });
    await handIn(attempt.id);
    await graded(exam.id, attempt.id);
    for (const path of [`attempts/${attempt.id}`, "attempts", "marking?question=q3", "results.csv", "analysis"])
      assert.equal((await school.call("GET", `/exams/${exam.id}/${path}`, { as })).status, 200, path);
  });

  test("nobody learns the own points from the own archive before they are released", async (t) => {
    const school = await open(t);
    const { as, exam: publish, student, entered, start, answer, handIn, graded } = await examSchool(school);
    const exam = await publish();
    const { id, token } = await student();
    const { attempt } = await entered(exam.id, { as: token });
    await start(attempt.id);
    await answer(attempt.id, { q1: "b" });
    await handIn(attempt.id);
    await graded(exam.id, attempt.id);
    const points = async () => (await school.ok("GET", `/users/${id}/archive`, { as: token })).examinations[0].points;
    assert.equal(await points(), null);
    await school.ok("POST", `/exams/${exam.id}/release`, { as, body: { released: true } });
    assert.equal(await points(), 2);
  });

  test("a disabled account's token opens nothing: not the attempt, what is stored of it, its files, its result, nor the right to publish", async (t) => {
    const school = await open(t);
    const { as, exam: publish, student, entered, start, answer, handIn, graded } = await examSchool(school);
    const exam = await publish({ practice: true, attempts: 2 });
    const { id, token: session } = await student();
    const { attempt, token } = await entered(exam.id, { as: session });
    await start(attempt.id);
    await answer(attempt.id, { q1: "b" });
    const { answers } = school.service;
    const sent = { exam: exam.id, attempt: attempt.id, seat: 1, answers: [], facts: [] };
    const asked = async () =>
      [(await answers.examStored({ attempts: [sent] }))[0], (await answers.examAnswers({ sent: [sent] }))[0]].map(
        (one) => one !== undefined && "refused" in one && one.refused,
      );
    const by = async (path: string, more: object = {}) =>
      (await school.call("POST", `/exams/${exam.id}/${path}`, { as: null, body: { token, ...more } })).status;
    assert.deepEqual(await asked(), [false, false]);
    assert.equal(await by("attempts"), 200);
    await handIn(attempt.id);
    await graded(exam.id, attempt.id);
    assert.equal(await by("result"), 200);
    await school.ok("PATCH", `/users/${id}`, { body: { disabled: true } });
    assert.deepEqual(await asked(), ["exam-attempt-unknown", "exam-attempt-unknown"]);
    for (const path of ["result", "attempts", "streams", "files/0123456789abcdef"])
      assert.ok([401, 403, 404].includes(await by(path)), path);
    assert.equal((await school.ok("GET", `/exams/${exam.id}/attempts/${attempt.id}`, { as })).points, 2, "it is stored");
  });

  test("an examination that several people publish at once is published by one", async (t) => {
    const school = await open(t);
    const { as, draft } = await examSchool(school);
    const { id } = await draft();
    const published = await Promise.all([1, 2, 3].map(() => school.call("POST", `/exams/${id}/publish`, { as })));
    assert.deepEqual(published.map(({ status }) => status).toSorted(), [200, 409, 409]);
  });
});
