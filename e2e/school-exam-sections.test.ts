/** Sections with a time of their own, through the API and the doors' storage: begun once, closed by the server's clock, with pauses and more time. Shares a process. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Answer, AuthoredPaper } from "../packages/exam/src/index.ts";
import { storeGroup } from "../packages/server/src/school/exams/answers/store-group.ts";
import { storedAnswers } from "../packages/server/src/school/exams/answers/stored-answers.ts";
import { examSchool, paperOfQuestions, QUESTIONS } from "./exam-school.ts";
import { onEachDatabase } from "./school-databases.ts";

const MINUTE = 60_000;

/** The first question in a section of two minutes. */
function timedPaper(minutes = 2): AuthoredPaper {
  const paper = paperOfQuestions();
  const [section] = paper.sections;
  assert.ok(section);
  return {
    ...paper,
    sections: [
      { ...section, id: "s1", minutes, questions: QUESTIONS.slice(0, 1) },
      { ...section, id: "s2", questions: QUESTIONS.slice(1) },
    ],
  };
}

onEachDatabase((open) => {
  test("a section is begun once, takes no answers after its time, and more time and a pause move its end", async (t) => {
    const school = await open(t);
    const { as, course, paper, times, student, entered } = await examSchool(school);
    const { ok, call, service } = school;
    const { id: paperId } = await paper(timedPaper());
    const draft = await ok("POST", "/exams", {
      as,
      body: { courseId: course.id, paperId, title: "Timed", seconds: 1200, ...times(-10) },
    });
    const exam = await ok("POST", `/exams/${draft.id}/publish`, { as });
    const { token } = await student();
    const { attempt } = await entered(exam.id, { as: token });
    const one = { exam: exam.id, attempt: attempt.id, seat: 1 };
    const begin = Date.now() - 5 * MINUTE;
    const send = async (now: number, answers: readonly Answer[], more: object = {}) => {
      const { results } = await storeGroup(service.db, [{ ...one, answers, facts: [], ...more }], now);
      const [result] = results;
      assert.ok(result);
      return result;
    };
    const begun = (seq: number, writtenAt: number) => ({ facts: [{ seq, fact: "section-begun", detail: "s1", writtenAt }] });
    const answer = (seq: number, question: string, value: Answer["value"], writtenAt: number): Answer => ({
      seq,
      question,
      value,
      writtenAt,
    });
    const started = await send(begin, [], { startedAt: begin });
    assert.deepEqual("sections" in started && started.sections, { s1: { seconds: 120 } });

    const first = await send(begin, [answer(2, "q1", "a", begin)], begun(1, begin));
    const told = { s1: { seconds: 120, begunAt: begin, endsAt: begin + 2 * MINUTE } };
    assert.deepEqual("sections" in first && [first.sections, first.late], [told, []]);
    const again = await send(begin + MINUTE, [], begun(3, begin + MINUTE));
    assert.deepEqual("sections" in again && again.sections, told, "begun once");

    const late = await send(begin + 3 * MINUTE, [answer(4, "q1", "b", begin + 3 * MINUTE)]);
    assert.deepEqual("late" in late && [late.late, late.stored], [[4], 4], "refused, and the attempt goes on");
    const mixed = await send(begin + 3 * MINUTE, [
      answer(5, "q1", "b", begin + 3 * MINUTE),
      answer(6, "q2", true, begin + 3 * MINUTE),
    ]);
    assert.deepEqual("late" in mixed && mixed.late, [5]);

    await ok("PATCH", `/exams/${exam.id}/attempts/${attempt.id}`, { as, body: { extraSeconds: 120 } });
    const more = await send(begin + 3 * MINUTE, [answer(7, "q1", "b", begin + 3 * MINUTE)]);
    assert.deepEqual("sections" in more && [more.sections?.["s1"]?.endsAt, more.late], [begin + 4 * MINUTE, []]);

    const wall = `/exams/${exam.id}/wall/${attempt.id}`;
    await ok("PATCH", wall, { as, body: { paused: true } });
    const { paused_at } = await service.db.selectFrom("exam_attempts").select("paused_at").executeTakeFirstOrThrow();
    assert.ok(paused_at);
    // It stands for a minute.
    await service.db
      .updateTable("exam_attempts")
      .set({ paused_at: new Date(paused_at.getTime() - MINUTE) })
      .execute();
    await ok("PATCH", wall, { as, body: { paused: false } });
    const [content] = await storedAnswers(service.db, [one]);
    assert.ok(content && "answers" in content);
    const end = content.sections?.["s1"]?.endsAt ?? 0;
    assert.ok(end >= begin + 5 * MINUTE && end <= begin + 5 * MINUTE + 2000, String(end - begin));
    assert.deepEqual(Object.fromEntries(content.answers.map(({ question, value }) => [question, value])), { q1: "b", q2: true });

    const detail = await ok("GET", `/exams/${exam.id}/attempts/${attempt.id}`, { as });
    assert.deepEqual(detail.sections, [
      { section: "s1", seconds: 120, begunAt: new Date(begin).toISOString(), endsAt: new Date(end).toISOString() },
    ]);
    const { status } = await call("POST", "/papers", { as, body: { title: "Long", content: timedPaper(601) } });
    assert.equal(status, 400);
  });
});
