/** Pictures of a paper in results, through the API: for candidates whose answers are shown, of the questions that they were asked, and for nobody else. Shares a process. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type AuthoredPaper, type AuthoredQuestion, paperOf } from "../packages/exam/src/index.ts";
import { json } from "../packages/server/src/platform/store/store.ts";
import { JPEG } from "../packages/server/src/school/exams/files/test-answer-files.ts";
import { encryptedPackage } from "../packages/server/src/school/exams/package-cipher.ts";
import { examSchool, paperOfQuestions } from "./exam-school.ts";
import { onEachDatabase } from "./school-databases.ts";

const [OF_PASSAGE, OF_FIRST, OF_SECOND] = ["f1", "f2", "f3"] as const;
const picture = (file: string) => ({ kind: "picture" as const, file, alt: "A cell", width: 16, height: 12 });
const question = (id: string, file: string): AuthoredQuestion => ({
  question: { id, kind: "boolean", text: "?", points: 1, media: [picture(file)] },
  solution: { kind: "boolean", right: true },
});

/** A question with a passage, and one of two that is drawn. */
function paperWithPictures(): AuthoredPaper {
  const paper = paperOfQuestions();
  const [section] = paper.sections;
  assert.ok(section);
  const first = question("q1", OF_PASSAGE);
  const passages = [{ id: "p1", title: "", text: "A text.", media: [picture(OF_PASSAGE)] }];
  return {
    ...paper,
    sections: [
      { ...section, passages, questions: [{ ...first, question: { ...first.question, passage: "p1" } }] },
      { ...section, id: "s2", draw: 1, questions: [question("q2", OF_FIRST), question("q3", OF_SECOND)] },
    ],
  };
}

onEachDatabase((open) => {
  test("a candidate sees the pictures of the own questions once answers are shown, and neither others nor others' questions", async (t) => {
    const school = await open(t);
    const { as, exam: publish, student, entered, start, answer, handIn, graded } = await examSchool(school);
    const { ok, call, service } = school;
    const { id } = await publish({ resultsShown: "score" });
    // As publishing stores it where there is a storage.
    const paper = paperWithPictures();
    const files = [OF_PASSAGE, OF_FIRST, OF_SECOND].map((file) => ({ id: file, type: "image/jpeg", bytes: new Uint8Array(JPEG) }));
    const { key, bytes, hash } = encryptedPackage(paperOf(paper), files);
    const stored = { paper: json(paper), bytes, secret_key: key };
    await service.db
      .updateTable("exam_packages")
      .set({ ...stored, hash } as object)
      .where("exam_id", "=", id)
      .execute();
    const candidate = await student();
    const { attempt, token } = await entered(id, { as: candidate.token });
    await start(attempt.id);
    await answer(attempt.id, { q1: false });
    await handIn(attempt.id);
    await graded(id, attempt.id);

    const get = async (file: string, who: string) => (await call("GET", `/exams/${id}/paper/files/${file}`, { as: who })).status;
    const post = async (file: string, options: object) =>
      (await call("POST", `/exams/${id}/result/files/${file}`, { as: null, ...options })).status;
    const both = async (file: string) => [await get(file, candidate.token), await post(file, { body: { token } })];
    assert.deepEqual(await both(OF_PASSAGE), [404, 403], "not released");
    await ok("POST", `/exams/${id}/release`, { as, body: { released: true } });
    assert.deepEqual(await both(OF_PASSAGE), [404, 404], "score only");
    await ok("PATCH", `/exams/${id}`, { as, body: { resultsShown: "answers" } });
    const { questions } = await ok("POST", `/exams/${id}/result`, { as: candidate.token });
    const named: string[][] = questions.map(({ media }: { media: { file: string }[] }) => media.map(({ file }) => file));
    assert.deepEqual(named[0], [OF_PASSAGE, OF_PASSAGE], "of the passage, and its own");
    const drawn = named[1]?.[0] ?? "";
    const other = drawn === OF_FIRST ? OF_SECOND : OF_FIRST;
    assert.deepEqual(
      [await both(drawn), await both(OF_PASSAGE)],
      [
        [200, 200],
        [200, 200],
      ],
    );
    assert.deepEqual(await both(other), [404, 404], "not asked");
    assert.deepEqual([await get(drawn, (await student()).token), await get(other, as)], [404, 200], "another student; the teacher");
    assert.equal(await post(drawn, {}), 401);

    const { items } = await ok("GET", `/reports/students/${candidate.id}/wrong-answers`, { as: candidate.token });
    const wrong = items.find((item: { question: { id: string } }) => item.question.id === "q1");
    assert.deepEqual([wrong.passage.media[0].file, wrong.question.media[0].file], [OF_PASSAGE, OF_PASSAGE]);
    assert.equal(wrong.examinationId, id);
  });
});
