/** Quizzes and the question bank through the API, on a room that this process owns: who opens, answers, reads and exports. Shares a process. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { newId } from "../packages/server/src/platform/id.ts";
import type { TestSchool } from "./school.ts";
import { onPostgresFirst } from "./school-databases.ts";

async function fill(school: TestSchool) {
  const { ok, call, person, service } = school;
  const { id: schoolId } = (await ok("GET", "/schools")).items[0];
  const teacher = await person(schoolId, "teacher");
  const course = await ok("POST", "/courses", { body: { schoolId, name: "Maths" } });
  await ok("PUT", `/courses/${course.id}/members/${teacher.id}`, { body: { role: "teacher" } });
  const lesson = await ok("POST", "/lessons", { as: teacher.token, body: { title: "Fractions", courseId: course.id } });
  const student = async () => {
    const { id, token } = await person(schoolId, "student");
    await ok("PUT", `/courses/${course.id}/members/${id}`, { body: { role: "student" } });
    const { viewer } = await ok("POST", `/lessons/${lesson.id}/join`, { as: token });
    return { id, token, viewer: String(viewer) };
  };
  const guest = async (name: string) => {
    const joined = await ok("POST", `/lessons/${lesson.code}/join`, { as: null, body: { name } });
    return { viewer: String(joined.viewer) };
  };
  const act = (as: string, kind: string, body: Record<string, unknown>, id = newId()) =>
    call("POST", `/lessons/${lesson.id}/room/entries`, { as, body: { id, kind, ...body } });
  const open = async (body: Record<string, unknown>) => {
    const { status, body: answer } = await act(teacher.token, "quiz", { action: "open", ...body });
    assert.equal(status, 200, JSON.stringify(answer));
    return String(answer.answer.ref);
  };
  /** As a media worker does it for a guest. */
  const send = async (participant: string, kind: string, body: Record<string, unknown>) => {
    const action = { participant, id: newId(), kind, mediaTime: null, body };
    const answer = await service.roomRequest({ kind: "send", room: lesson.id, actions: [action] });
    return answer.kind === "send" ? answer.results[0] : answer;
  };
  return { schoolId, teacher, course, lesson, student, guest, act, open, send };
}

const SINGLE = { type: "single", text: "=1+1", options: ["1", "=2"], correct: [1] };

onPostgresFirst((open) => {
  test("a teacher opens a quiz, members and guests answer, and the results are listed and exported", async (t) => {
    const school = await open(t);
    const { ok, call } = school;
    const { teacher, lesson, student, guest, act, open: ask, send } = await fill(school);
    const as = teacher.token;
    const [first, second, visitor] = [await student(), await student(), await guest("=Visitor")];
    const ref = await ask(SINGLE);
    const answer = await act(first.token, "answer", { quiz: ref, choice: [0] });
    assert.deepEqual([answer.status, answer.body.answer], [200, { quiz: ref, choice: [0] }]);
    assert.equal((await act(first.token, "answer", { quiz: ref, choice: [1] })).status, 200);
    assert.ok("seq" in ((await send(visitor.viewer, "answer", { quiz: ref, choice: [0] })) ?? {}));
    assert.deepEqual((await act(second.token, "quiz", { action: "close", ref })).status, 403);
    assert.deepEqual((await act(as, "answer", { quiz: ref, choice: [0] })).status, 403);
    const mine = await act(first.token, "answer", { mine: true });
    assert.deepEqual(mine.body.answer, { answers: [{ quiz: ref, choice: [1] }] });
    assert.equal((await act(as, "quiz", { action: "reveal", ref })).status, 200);
    const late = await act(second.token, "answer", { quiz: ref, choice: [1] });
    assert.deepEqual([late.status, late.body.code], [409, "closed"]);
    const { items } = await ok("GET", `/lessons/${lesson.id}/quizzes`, { as });
    const counts = [
      { choice: 0, count: 1 },
      { choice: 1, count: 1 },
    ];
    assert.deepEqual([items.length, items[0].state, items[0].correct], [1, "revealed", [1]]);
    assert.deepEqual(items[0].results, { answered: 2, correct: 1, counts, others: 0 });
    const results = await ok("GET", `/lessons/${lesson.id}/quizzes/${ref}/results?limit=1`, { as });
    assert.equal(results.quiz.id, ref);
    const next = await ok("GET", `/lessons/${lesson.id}/quizzes/${ref}/results?cursor=${results.nextCursor}`, { as });
    assert.deepEqual(
      [...results.items, ...next.items].map(({ participantId, choice, isCorrect }) => [participantId, choice, isCorrect]),
      [
        [first.viewer, [1], true],
        [visitor.viewer, [0], false],
      ],
    );
    const csv = await call("GET", `/lessons/${lesson.id}/quizzes/export`, { as });
    assert.match(String(csv.headers["content-disposition"]), /quizzes\.csv/);
    const lines = String(csv.body).split("\r\n");
    assert.equal(lines[0], "\uFEFFparticipantId,userId,externalId,name,role,1. =1+1,answered,correct");
    assert.equal(lines[1], `${first.viewer},${first.id},,The student,student,'=2,1,1`);
    assert.equal(lines[2], `${second.viewer},${second.id},,The student,student,,0,0`);
    assert.equal(lines[3], `${visitor.viewer},,,'=Visitor,guest,1,1,0`);
    const page = await call("GET", `/lessons/${lesson.id}/quizzes/export?limit=2`, { as });
    assert.equal(page.headers["lectern-next-cursor"], second.viewer);
    assert.equal((await call("GET", `/lessons/${lesson.id}/quizzes`, { as: first.token })).status, 403);
    assert.equal((await call("GET", `/lessons/${lesson.id}/quizzes/${newId()}/results`, { as })).status, 404);
  });

  test("an anonymous quiz tells nobody's answer: not in results, exports, archives, nor the database", async (t) => {
    const school = await open(t);
    const { ok, call, service } = school;
    const { teacher, lesson, student, act, open: ask } = await fill(school);
    const as = teacher.token;
    const pupil = await student();
    const ref = await ask({ type: "text", text: "How do you feel?", anonymous: true });
    for (const choice of ["tired", "fine"]) assert.equal((await act(pupil.token, "answer", { quiz: ref, choice })).status, 200);
    const read = async () => ({
      list: await ok("GET", `/lessons/${lesson.id}/quizzes`, { as }),
      results: await ok("GET", `/lessons/${lesson.id}/quizzes/${ref}/results`, { as }),
      csv: (await call("GET", `/lessons/${lesson.id}/quizzes/export`, { as })).body,
      archive: await ok("GET", `/users/${pupil.id}/archive`),
    });
    for (const state of ["open", "closed"]) {
      const { list, results, csv, archive } = await read();
      assert.equal(list.items[0].state, state);
      assert.deepEqual(list.items[0].results.counts, [{ choice: "fine", count: 1 }], "one answer of a person");
      assert.deepEqual(results.items, []);
      assert.ok(!csv.includes("fine"));
      assert.deepEqual(archive.quizAnswers, []);
      await act(as, "quiz", { action: "close", ref });
    }
    const rows = await service.db.selectFrom("quiz_answers").selectAll().execute();
    assert.ok(!JSON.stringify(rows).includes(pupil.viewer) && rows.length === 1);
  });

  test("a person's answers are in the archive; erasing takes the texts, and the counts stay", async (t) => {
    const school = await open(t);
    const { ok, service } = school;
    const { teacher, lesson, student, act, open: ask } = await fill(school);
    const as = teacher.token;
    const pupil = await student();
    const [single, text] = [await ask(SINGLE), await ask({ type: "text", text: "Your name?" })];
    await act(pupil.token, "answer", { quiz: single, choice: [1] });
    await act(pupil.token, "answer", { quiz: text, choice: "Wang Fang" });
    const { quizAnswers } = await ok("GET", `/users/${pupil.id}/archive`);
    assert.deepEqual(
      quizAnswers.map(({ question, choice, isCorrect }: Record<string, unknown>) => [question, choice, isCorrect]),
      [
        ["=1+1", [1], true],
        ["Your name?", "Wang Fang", null],
      ],
    );
    const { login } = await ok("GET", `/users/${pupil.id}`);
    await ok("POST", `/users/${pupil.id}/erase`, { body: { login } });
    const { items } = await ok("GET", `/lessons/${lesson.id}/quizzes`, { as });
    assert.deepEqual(
      items.map(({ results }: { results: { answered: number } }) => results.answered),
      [1, 1],
    );
    const stored = await service.db.selectFrom("quiz_answers").selectAll().where("quiz_id", "=", text).execute();
    assert.deepEqual(stored[0]?.choice, null);
  });

  test("webhooks hear of quizzes, and the audit log names who opened them", async (t) => {
    const school = await open(t);
    const { ok, service } = school;
    const { schoolId, teacher, lesson, student, act, open: ask } = await fill(school);
    await ok("POST", "/webhooks", {
      body: { schoolId, url: "http://127.0.0.1:9/", events: ["room.quiz.opened", "room.quiz.closed"] },
    });
    const ref = await ask(SINGLE);
    await act((await student()).token, "answer", { quiz: ref, choice: [1] });
    await act(teacher.token, "quiz", { action: "close", ref });
    const deliveries = await service.db.selectFrom("deliveries").selectAll().orderBy("id").execute();
    const told = deliveries
      .map(({ body }) => JSON.parse(body))
      .map(({ event, data }) => [event, data.lessonId, data.quizId, data.answered]);
    assert.deepEqual(told, [
      ["room.quiz.opened", lesson.id, ref, undefined],
      ["room.quiz.closed", lesson.id, ref, 1],
    ]);
    const { items } = await ok("GET", `/audit?schoolId=${schoolId}`);
    const actions = items.filter(({ action }: { action: string }) => action.startsWith("quiz."));
    assert.deepEqual(actions.map(({ action, actor }: { action: string; actor: { id: string } }) => [action, actor.id]).sort(), [
      ["quiz.close", teacher.id],
      ["quiz.open", teacher.id],
    ]);
  });

  test("the question bank: made, listed, changed, imported, exported, opened in a lesson, deleted", async (t) => {
    const school = await open(t);
    const { ok, call, person } = school;
    const { schoolId, teacher, course, lesson, act, open: ask } = await fill(school);
    const as = teacher.token;
    const other = await person(schoolId, "teacher");
    const item = await ok("POST", "/quiz-bank", { as, body: { ...SINGLE, courseId: course.id, seconds: 30, tags: ["sums"] } });
    assert.deepEqual([item.courseId, item.seconds, item.tags, item.version], [course.id, 30, ["sums"], 1]);
    assert.equal((await call("PATCH", `/quiz-bank/${item.id}`, { as: other.token, body: { text: "x" } })).status, 403);
    assert.equal((await call("POST", "/quiz-bank", { as, body: { ...SINGLE, correct: [2] } })).status, 400);
    const headers = { "if-match": '"v1"' };
    const changed = await ok("PATCH", `/quiz-bank/${item.id}`, { as, body: { text: "1 + 1 = ?" }, headers });
    assert.deepEqual([changed.text, changed.correct, changed.version], ["1 + 1 = ?", [1], 2]);
    assert.equal((await call("PATCH", `/quiz-bank/${item.id}`, { as, body: { text: "x" }, headers })).status, 412);
    const plain = { "content-type": "text/plain" };
    const csv = "type,text,options,correct\nsingle,2+2?,3|4,B\nboolean,Ready?,,\n";
    assert.deepEqual(await ok("POST", "/quiz-bank/import", { as, csv, headers: plain }), { added: 2, skipped: 0 });
    assert.deepEqual(await ok("POST", "/quiz-bank/import", { as, csv, headers: plain }), { added: 0, skipped: 2 });
    const wrong = await call("POST", "/quiz-bank/import", { as, csv: `${csv}essay,x,,\n`, headers: plain });
    assert.deepEqual([wrong.status, wrong.body.errors[0].path], [400, "4.type"]);
    const listOf = async (query: string) =>
      (await ok("GET", `/quiz-bank?${query}`, { as })).items.map(({ text }: { text: string }) => text);
    assert.deepEqual(await listOf(""), ["1 + 1 = ?", "2+2?", "Ready?"]);
    assert.deepEqual(await listOf("tag=sums"), ["1 + 1 = ?"]);
    assert.deepEqual(await listOf("search=READY"), ["Ready?"]);
    const exported = await call("GET", "/quiz-bank/export", { as });
    assert.deepEqual(await ok("POST", "/quiz-bank/import", { as, csv: exported.body, headers: plain }), { added: 1, skipped: 2 });
    const ref = await ask({ bank: item.id });
    const [quiz] = (await ok("GET", `/lessons/${lesson.id}/quizzes`, { as })).items;
    assert.deepEqual([quiz.id, quiz.text, quiz.options, quiz.correct], [ref, "1 + 1 = ?", ["1", "=2"], [1]]);
    assert.equal(Date.parse(quiz.closesAt) - Date.parse(quiz.openedAt), 30_000);
    const alien = await ok("POST", "/courses", { body: { schoolId, name: "Other" } });
    const foreign = await ok("POST", "/quiz-bank", { body: { schoolId, ...SINGLE, courseId: alien.id } });
    assert.equal((await act(as, "quiz", { action: "open", bank: foreign.id })).status, 404, "a question of another course");
    await ok("DELETE", `/quiz-bank/${item.id}`, { as });
    assert.equal((await call("GET", `/quiz-bank/${item.id}`, { as })).status, 404);
  });
});
