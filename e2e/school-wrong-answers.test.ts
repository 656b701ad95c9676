/** A student's book of mistakes through the API: from examinations and quizzes, as far as they show answers; practised until known; and who reads it. Shares a process. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { newId } from "../packages/server/src/platform/id.ts";
import { json } from "../packages/server/src/platform/store/store.ts";
import type { Database } from "../packages/server/src/school/foundation/store/tables.ts";
import { examSchool } from "./exam-school.ts";
import { onEachDatabase } from "./school-databases.ts";

type Listed = { readonly id: string; readonly question: { readonly id: string; readonly text: string } } & Readonly<
  Record<string, unknown>
>;

/** A quiz of a lesson, and a wrong answer of a person: as the room stores them. */
async function quizAnswered(db: Database, lesson: { id: string; schoolId: string }, userId: string, state: "closed" | "revealed") {
  const at = new Date();
  const [quiz, participant] = [newId(), newId()];
  const question = { type: "single" as const, text: "2 + 2?", options: json(["3", "4"]), correct: json([1]), explanation: "Four." };
  const times = { opened_at: at, closes_at: null, closed_at: at, revealed_at: state === "revealed" ? at : null };
  await db
    .insertInto("quizzes")
    .values({ id: quiz, lesson_id: lesson.id, ...question, state, anonymous: false, person_salt: null, ...times })
    .execute();
  const there = await db
    .insertInto("participants")
    .values({ id: participant, lesson_id: lesson.id, user_id: userId, name: "Li", role: "student", joined_at: at, seen_at: at })
    .onConflict((conflict) => conflict.columns(["lesson_id", "user_id"]).doUpdateSet({ seen_at: at }))
    .returning("id")
    .executeTakeFirstOrThrow();
  await db
    .insertInto("quiz_answers")
    .values({ quiz_id: quiz, participant_id: there.id, choice: json([0]), answered_at: at, is_correct: false })
    .execute();
  return quiz;
}

onEachDatabase((open) => {
  test("the book has what was wrong as far as the examination shows it, and goes with the release", async (t) => {
    const school = await open(t);
    const { as, exam: publish, student, entered, start, answer, handIn, graded } = await examSchool(school);
    const { ok } = school;
    const { id: me, token } = await student();
    const sit = async (settings: object, answers: Parameters<typeof answer>[1]) => {
      const exam = await publish(settings);
      const { attempt } = await entered(exam.id, { as: token });
      await start(attempt.id);
      await answer(attempt.id, answers);
      await handIn(attempt.id);
      await graded(exam.id, attempt.id);
      return { exam, attempt };
    };
    const { exam, attempt } = await sit({ resultsShown: "explanations" }, { q1: "a", q2: true, q3: "Because." });
    const hidden = await sit({ resultsShown: "score" }, { q1: "a" });
    const answersOnly = await sit({ resultsShown: "answers" }, { q1: "a", q2: false });
    const book = async (query = ""): Promise<{ items: Listed[]; nextCursor: string | null }> =>
      ok("GET", `/reports/students/${me}/wrong-answers${query}`, { as: token });
    const release = (id: string, released = true) => ok("POST", `/exams/${id}/release`, { as, body: { released } });
    assert.deepEqual((await book()).items, [], "nothing is told before the release");
    for (const { id } of [exam, hidden.exam]) await release(id);
    const [first, ...others] = (await book()).items;
    assert.deepEqual(others, [], "what waits for a marker is no mistake, nor what shows the score alone");
    assert.deepEqual(
      [first?.id, first?.["value"], first?.["points"], first?.["of"], first?.["explanation"], first?.["isGradable"]],
      [`${attempt.id}.q1`, "a", 0, 2, "One and one is two.", true],
    );
    assert.deepEqual(first?.["solution"], { kind: "single", right: "b" });
    await release(answersOnly.exam.id);
    const all = (await book()).items;
    assert.deepEqual(all.map(({ question }) => question.id).toSorted(), ["q1", "q1", "q2", "q3"]);
    assert.deepEqual([...new Set(all.slice(0, 3).map(({ explanation }) => explanation))], [null], "explanations are not shown");
    assert.doesNotMatch(JSON.stringify(all), /secret rubric/);
    assert.deepEqual(await ok("GET", `/reports/students/${me}/wrong-answers/topics`, { as: token }), {
      open: 4,
      known: 0,
      topics: [
        { name: "sums", count: 3 },
        { name: "numbers", count: 1 },
      ],
    });
    assert.deepEqual(
      (await book("?topic=numbers")).items.map(({ question }) => question.id),
      ["q2"],
    );
    const paged: string[] = [];
    for (let cursor = ""; ; ) {
      const { items, nextCursor } = await book(`?limit=1${cursor && `&cursor=${cursor}`}`);
      paged.push(...items.map(({ id }) => id));
      if (nextCursor === null) break;
      cursor = nextCursor;
    }
    assert.deepEqual(
      paged,
      all.map(({ id }) => id),
    );
    await release(exam.id, false);
    assert.ok(!(await book()).items.some(({ id }) => id.startsWith(attempt.id)), "hidden with the results");
  });

  test("a mistake is practised until it is known, is no one else's, and goes into the archive and with the person", async (t) => {
    const school = await open(t);
    const { as, exam: publish, course, student, entered, start, answer, handIn, graded, schoolId } = await examSchool(school);
    const { ok, call, person, service } = school;
    const { id: me, token } = await student();
    const exam = await publish({ resultsShown: "answers", practice: true });
    const { attempt } = await entered(exam.id, { as: token });
    await start(attempt.id);
    await answer(attempt.id, { q1: "a", q2: true, q3: "No." });
    await handIn(attempt.id);
    await graded(exam.id, attempt.id);
    await ok("PUT", `/exams/${exam.id}/attempts/${attempt.id}/marks/q3`, { as, body: { points: 1, comment: "Why?" } });
    const lesson = await ok("POST", "/lessons", { body: { schoolId, title: "Sums", courseId: course.id } });
    const quiz = await quizAnswered(service.db, lesson, me, "revealed");
    await quizAnswered(service.db, lesson, me, "closed");
    const book = async (query = "", who = token): Promise<Listed[]> =>
      (await ok("GET", `/reports/students/${me}/wrong-answers${query}`, { as: who })).items;
    const [newest, ...rest] = await book();
    assert.deepEqual(
      [newest?.id, newest?.["source"], newest?.["title"], newest?.question.text, newest?.["explanation"]],
      [quiz, "quiz", "Sums", "2 + 2?", "Four."],
    );
    assert.deepEqual(rest.map(({ question, comment }) => [question.id, comment]).toSorted(), [
      ["q1", ""],
      ["q3", "Why?"],
    ]);
    const practise = (id: string, value: unknown, who = token) =>
      call("POST", `/me/wrong-answers/${id}/practice`, { as: who, body: { value } });
    const q1 = `${attempt.id}.q1`;
    const states = [];
    for (const value of ["b", "a", "b", "b"]) {
      const { score, practice } = (await practise(q1, value)).body;
      states.push([score.points, practice.rights, practice.knownAt !== null]);
    }
    assert.deepEqual(states, [
      [2, 1, false],
      [0, 0, false],
      [2, 1, false],
      [2, 2, true],
    ]);
    assert.deepEqual(
      (await book("?state=known")).map(({ id }) => id),
      [q1],
    );
    const right = newest?.["solution"] as { right: string };
    assert.equal((await practise(quiz, right.right)).body.score.points, 1);
    assert.equal((await practise(q1, "z")).body.code, "bad-request", "no option of the question");
    assert.equal((await practise(`${attempt.id}.q3`, "Yes.")).body.code, "conflict", "a person marks it");
    await ok("PUT", `/me/wrong-answers/${attempt.id}.q3/known`, { as: token, body: { known: true } });
    assert.equal((await book()).length, 1);
    await ok("PUT", `/me/wrong-answers/${q1}/known`, { as: token, body: { known: false } });
    assert.equal((await book()).length, 2);

    const other = await student();
    assert.equal((await practise(q1, "b", other.token)).status, 404);
    assert.equal((await call("GET", `/reports/students/${me}/wrong-answers`, { as: other.token })).status, 404);
    assert.equal((await book("?state=all", as)).length, 3, "the teacher of the course");
    const stranger = await person(schoolId, "teacher");
    assert.equal((await call("GET", `/reports/students/${me}/wrong-answers`, { as: stranger.token })).status, 404);
    const assistant = await person(schoolId, "assistant");
    await ok("PUT", `/courses/${course.id}/members/${assistant.id}`, { body: { role: "assistant" } });
    assert.deepEqual(
      (await book("?state=all", assistant.token)).map(({ id }) => id),
      [quiz],
      "examinations are not for assistants",
    );

    const archive = await ok("GET", `/users/${me}/archive`);
    assert.equal(archive.practisedWrongAnswers.length, 3);
    await ok("POST", `/users/${me}/erase`, { body: { login: (await ok("GET", `/users/${me}`)).login } });
    assert.deepEqual(await service.db.selectFrom("practised_wrong_answers").selectAll().execute(), []);
  });
});
