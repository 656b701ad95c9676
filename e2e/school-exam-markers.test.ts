/** Several markers through the API: who marks what, one sheet for one person at a time, marking twice, a third, undo. Shares a process. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { examSchool, paperOfQuestions, QUESTIONS } from "./exam-school.ts";
import type { TestSchool } from "./school.ts";
import { onEachDatabase } from "./school-databases.ts";

const SECOND_ESSAY = {
  question: { id: "q4", kind: "essay", form: "typed", text: "What then?", points: 4 },
  solution: { kind: "essay", rubric: "", criteria: [{ id: "c1", text: "Names a cause", points: 2 }] },
} as const;

type Item = { attemptId: string; value: { typed: string }; turn: number; earlier: { points: number }[] };

/** An examination with two essays, candidates who handed in, and people of the school to mark it. */
async function markingSchool(school: TestSchool, candidates: number) {
  const base = await examSchool(school);
  const { as, schoolId, paper, draft, student, entered, start, answer, handIn, graded } = base;
  const { ok, call, person } = school;
  const { id: paperId } = await paper(paperOfQuestions([...QUESTIONS, SECOND_ESSAY]));
  const exam = await ok("POST", `/exams/${(await draft({ paperId })).id}/publish`, { as });
  const attempts: string[] = [];
  for (let i = 0; i < candidates; i++) {
    const { attempt } = await entered(exam.id, { as: (await student()).token });
    await start(attempt.id);
    await answer(attempt.id, { q3: { typed: `Why ${i}` }, q4: { typed: `Then ${i}` } });
    await handIn(attempt.id);
    attempts.push(attempt.id);
  }
  for (const attempt of attempts) await graded(exam.id, attempt);
  const markers = [await person(schoolId, "assistant"), await person(schoolId, "teacher"), await person(schoolId, "teacher")];
  const at = `/exams/${exam.id}`;
  const plan = (body: object) => call("PUT", `${at}/marking-plan`, { as, body });
  const next = async (token: string, question = "q3", besides: string[] = []): Promise<Item | null> =>
    (await ok("POST", `${at}/markings/next`, { as: token, body: { question, besides } })).item;
  const give = (token: string, attemptId: string, points: number, more: object = {}, question = "q3") =>
    call("PUT", `${at}/markings/${attemptId}/${question}`, { as: token, body: { points, ...more } });
  const undo = (token: string, attemptId: string, question = "q3") =>
    call("POST", `${at}/markings/${attemptId}/${question}/undo`, { as: token });
  const scoreOf = async (attemptId: string, question = "q3") =>
    (await ok("GET", `${at}/attempts/${attemptId}`, { as })).questions[question];
  return { ...base, exam, at, attempts, markers, plan, next, give, undo, scoreOf };
}

onEachDatabase((open) => {
  test("named markers have their questions and nothing else of the examination; without names its teachers mark all", async (t) => {
    const school = await open(t);
    const { as, at, exam, attempts, markers, plan, next, schoolId } = await markingSchool(school, 1);
    const { ok, call } = school;
    const [one, two] = markers;
    const before = await ok("GET", `${at}/marking-assignment`, { as });
    assert.deepEqual(
      [before.marks, before.questions.map(({ question, waiting }: never) => [question, waiting])],
      [
        true,
        [
          ["q3", 1],
          ["q4", 1],
        ],
      ],
    );
    assert.equal((await call("GET", `${at}/marking-assignment`, { as: one!.token })).status, 404, "nobody's business before");
    const { status } = await plan({ markers: [{ userId: one!.id, questions: ["q4"] }], double: [] });
    assert.equal(status, 200);
    assert.deepEqual((await ok("GET", "/marking-assignments", { as: one!.token })).items, [
      { examinationId: exam.id, title: "Test" },
    ]);
    const assignment = await ok("GET", `${at}/marking-assignment`, { as: one!.token });
    assert.deepEqual(
      [assignment.leads, assignment.questions.map(({ question, criteria }: never) => [question, criteria])],
      [false, [["q4", [{ id: "c1", text: "Names a cause", points: 2 }]]]],
    );
    const item = await next(one!.token, "q4");
    assert.deepEqual([item?.attemptId, item?.value], [attempts[0], { typed: "Then 0" }]);
    assert.ok(!JSON.stringify([assignment, item]).includes("The student"), "no names");
    const refused = await call("POST", `${at}/markings/next`, { as: one!.token, body: { question: "q3" } });
    assert.deepEqual([refused.status, refused.body.code], [403, "refused-by-rule"]);
    for (const path of ["", "/attempts", `/attempts/${attempts[0]}`, "/marking", "/marking-plan", "/marking-progress", "/paper"])
      assert.equal((await call("GET", `${at}${path}`, { as: one!.token })).status, 403, path);
    assert.equal((await call("GET", `${at}/marking-assignment`, { as: two!.token })).status, 404);
    // Who leads it and is not named marks nothing.
    assert.equal((await ok("GET", `${at}/marking-assignment`, { as })).marks, false);
    assert.equal((await call("POST", `${at}/markings/next`, { as, body: { question: "q4" } })).status, 403);
    const student = await school.person(schoolId, "student");
    const held = await next(one!.token, "q4");
    assert.equal(held?.attemptId, attempts[0]);
    const replaced = await plan({
      markers: markers.slice(1).map(({ id }) => ({ userId: id, questions: null })),
      double: [{ question: "q4", tolerance: 1 }],
    });
    assert.equal(replaced.status, 200, "what somebody only has open is not marked");
    assert.equal((await next(two!.token, "q4"))?.turn, 1, "what the former marker had open waits again");
    for (const [body, what] of [
      [{ markers: [{ userId: student.id, questions: null }], double: [] }, "a student"],
      [{ markers: [{ userId: one!.id, questions: ["q1"] }], double: [] }, "a question with a rule"],
      [{ markers: [{ userId: one!.id, questions: null }], double: [{ question: "q3", tolerance: 1 }] }, "two by one person"],
    ] as const)
      assert.equal((await plan(body)).status, 400, what);
  });

  test("two who ask at the same time get two sheets, and a sheet goes to somebody else once it was given back or its time is over", async (t) => {
    const school = await open(t);
    const { as, at, attempts, markers, plan, next, give } = await markingSchool(school, 3);
    const { db } = school.service;
    await plan({ markers: markers.map(({ id }) => ({ userId: id, questions: null })), double: [] });
    const [one, two, three] = markers.map(({ token }) => token);
    const items = await Promise.all([next(one!), next(two!), next(three!)]);
    assert.deepEqual(items.map((item) => item?.attemptId).sort(), attempts.toSorted());
    assert.equal((await next(one!))?.attemptId, items[0]?.attemptId, "a page that is loaded again has its own");
    assert.equal(await next(one!, "q3", [items[0]!.attemptId]), null, "the others have the rest");
    const open2 = items[1]!.attemptId;
    await school.ok("DELETE", `${at}/markings/${open2}/q3`, { as: two! });
    assert.equal((await next(three!, "q3", [items[2]!.attemptId]))?.attemptId, open2);
    assert.equal((await give(two!, open2, 1)).body.code, "conflict", "it is another's now");
    const first = items[0]!.attemptId;
    await db
      .updateTable("exam_markings")
      .set({ leased_until: new Date(Date.now() - 1) })
      .where("attempt_id", "=", first)
      .execute();
    assert.equal((await next(two!))?.attemptId, first, "its time was over");
    assert.equal((await give(one!, first, 1)).status, 409);
    const renewed = await school.ok("POST", `${at}/markings/${first}/q3/renew`, { as: two! });
    assert.ok(Date.parse(renewed.leasedUntil) > Date.now() + 200_000);
    assert.equal((await give(two!, first, 1.5)).status, 200);
    const progress = await school.ok("GET", `${at}/marking-progress`, { as });
    assert.deepEqual(
      progress.questions[0].markers.map(({ userId, marked, open: held }: never) => [userId, marked, held]).sort(),
      [
        [markers[1]!.id, 1, 0],
        [markers[2]!.id, 0, 2],
      ].sort(),
    );
  });

  test("many markers at once mark every sheet once", async (t) => {
    const school = await open(t);
    const { at, attempts, markers, plan, next, give } = await markingSchool(school, 8);
    await plan({ markers: markers.map(({ id }) => ({ userId: id, questions: null })), double: [] });
    const seen: string[] = [];
    await Promise.all(
      markers.map(async ({ token }) => {
        for (let item = await next(token); item; item = await next(token)) {
          seen.push(item.attemptId);
          assert.equal((await give(token, item.attemptId, 2)).status, 200);
        }
      }),
    );
    assert.deepEqual(seen.toSorted(), attempts.toSorted());
    const assignment = await school.ok("GET", `${at}/marking-assignment`, { as: markers[0]!.token });
    assert.deepEqual([assignment.questions[0].waiting, assignment.questions[0].marked], [0, 8]);
  });

  test("of a question that is marked twice the mean counts, and neither marker sees the other's points", async (t) => {
    const school = await open(t);
    const { as, at, attempts, markers, plan, next, give, scoreOf } = await markingSchool(school, 1);
    const all = markers.map(({ id }) => ({ userId: id, questions: null }));
    await plan({ markers: all, double: [{ question: "q3", tolerance: 1 }] });
    const [one, two, three] = markers.map(({ token }) => token);
    const [attempt] = attempts;
    const first = await next(one!);
    const second = await next(two!);
    assert.deepEqual([first?.turn, second?.turn, first?.attemptId, second?.attemptId], [1, 2, attempt, attempt]);
    assert.equal(await next(three!), null, "two have it");
    assert.equal((await give(one!, attempt!, 2, { comment: "Short." })).status, 200);
    assert.deepEqual(await scoreOf(attempt!), { points: 0, of: 3, by: "waits" });
    assert.equal(await next(one!), null, "nobody marks an answer twice");
    const reloaded = await next(two!);
    assert.deepEqual([reloaded?.attemptId, reloaded?.earlier], [attempt, []]);
    const once = await school.ok("GET", `${at}/marking-progress`, { as });
    assert.deepEqual([once.questions[0].once, once.questions[0].differing, once.questions[0].tolerance], [1, 0, 1]);
    const given = await give(two!, attempt!, 2.5, { comment: "Well said." });
    assert.deepEqual(Object.keys(given.body).sort(), ["attemptId", "markedAt", "points", "question"]);
    assert.deepEqual(await scoreOf(attempt!), { points: 2.5, of: 3, by: "person" });
    const { items } = await school.ok("GET", `${at}/markings?question=q3&state=settled`, { as });
    assert.deepEqual(
      items.map(({ points, markings }: never) => [points, (markings as { points: number }[]).map((each) => each.points)]),
      [[2.5, [2, 2.5]]],
    );
    const detail = await school.ok("GET", `${at}/attempts/${attempt}`, { as });
    assert.equal(detail.marks[0].comment, "Short.\n\nWell said.");
    const changed = await plan({ markers: all, double: [] });
    assert.deepEqual([changed.status, changed.body.code], [409, "conflict"], "marking has begun");
    assert.equal((await school.call("GET", `${at}/markings?question=q3`, { as: two! })).status, 404);
  });

  test("two who differ by more wait for a third, who sees what both gave and decides", async (t) => {
    const school = await open(t);
    const { as, at, attempts, markers, plan, next, give, undo, scoreOf } = await markingSchool(school, 1);
    await plan({
      markers: markers.map(({ id }) => ({ userId: id, questions: null })),
      double: [{ question: "q3", tolerance: 0.5 }],
    });
    const [one, two, three] = markers.map(({ token }) => token);
    const [attempt] = attempts;
    await next(one!);
    await next(two!);
    await give(one!, attempt!, 0.5);
    await give(two!, attempt!, 2.5, { comment: "Good." });
    assert.deepEqual((await scoreOf(attempt!)).by, "waits");
    const { items } = await school.ok("GET", `${at}/markings?question=q3&state=differing`, { as });
    assert.deepEqual([items.length, items[0].points], [1, null]);
    assert.deepEqual([await next(one!), await next(two!)], [null, null], "the two have had it");
    const third = await next(three!);
    assert.deepEqual([third?.turn, third?.earlier.map(({ points }) => points)], [3, [0.5, 2.5]]);
    assert.equal((await undo(two!, attempt!)).status, 409, "a third has it");
    assert.equal((await give(three!, attempt!, 1)).status, 200);
    assert.deepEqual(await scoreOf(attempt!), { points: 1, of: 3, by: "person" });
    assert.equal((await undo(three!, attempt!)).status, 200);
    assert.equal((await scoreOf(attempt!)).by, "waits");
  });

  test("a mark is taken back with what was given, and those who lead the examination overrule markers", async (t) => {
    const school = await open(t);
    const { as, at, attempts, markers, plan, next, give, undo, scoreOf } = await markingSchool(school, 1);
    await plan({ markers: [{ userId: markers[0]!.id, questions: ["q4"] }], double: [] });
    const { token } = markers[0]!;
    const [attempt] = attempts;
    await next(token, "q4");
    assert.equal((await give(token, attempt!, 4.5, {}, "q4")).status, 400, "more than the question has");
    assert.equal((await give(token, attempt!, 2, { criteria: ["c1"], comment: "Yes." }, "q4")).status, 200);
    const undone = await undo(token, attempt!, "q4");
    assert.deepEqual(
      [undone.status, undone.body.points, undone.body.criteria, undone.body.comment, undone.body.value],
      [200, 2, ["c1"], "Yes.", { typed: "Then 0" }],
    );
    assert.equal((await scoreOf(attempt!, "q4")).by, "waits");
    assert.equal((await undo(token, attempt!, "q4")).status, 409, "nothing is left to take back");
    await give(token, attempt!, 3, {}, "q4");
    await give(token, attempt!, 3.5, {}, "q4");
    assert.deepEqual(await scoreOf(attempt!, "q4"), { points: 3.5, of: 4, by: "person" });
    const overrule = `${at}/attempts/${attempt}/marks/q4`;
    assert.equal((await school.call("PUT", overrule, { as: token, body: { points: 0 } })).status, 403);
    await school.ok("PUT", overrule, { as, body: { points: 1 } });
    assert.equal((await give(token, attempt!, 4, {}, "q4")).body.code, "conflict");
    assert.deepEqual(await scoreOf(attempt!, "q4"), { points: 1, of: 4, by: "person" });
    const { items } = await school.ok("GET", "/audit?limit=50");
    const actions = items.map(({ action }: { action: string }) => action);
    for (const action of ["examination.mark", "examination.unmark", "examination.plan-marking"])
      assert.ok(actions.includes(action), action);
  });

  test("a marker's own comments are kept for that person", async (t) => {
    const school = await open(t);
    const { id: schoolId } = (await school.ok("GET", "/schools")).items[0];
    const [one, two] = [await school.person(schoolId, "assistant"), await school.person(schoolId, "teacher")];
    const body = { comments: ["Say why.", "Units?", "Say why."] };
    const stored = await school.ok("PUT", "/marking-comments", { as: one.token, body });
    assert.deepEqual(stored.comments, ["Say why.", "Units?"]);
    assert.deepEqual((await school.ok("GET", "/marking-comments", { as: one.token })).comments, ["Say why.", "Units?"]);
    assert.deepEqual((await school.ok("GET", "/marking-comments", { as: two.token })).comments, []);
  });
});
