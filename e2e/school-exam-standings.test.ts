/** What results are compared with, through the API: ranks where the examination allows them, means of all, and both again after a regrade. Shares a process. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { examSchool } from "./exam-school.ts";
import { until } from "./lectern.ts";
import { onEachDatabase } from "./school-databases.ts";

onEachDatabase((open) => {
  test("released results have the rank and the means of all, computed again when a solution is corrected", async (t) => {
    const school = await open(t);
    const { as, exam: publish, student, entered, start, answer, handIn, graded } = await examSchool(school);
    const { ok } = school;
    const exam = await publish({ standing: "rank" });
    const tokens: string[] = [];
    for (const [q1, q2] of [
      ["b", true],
      ["b", false],
      ["a", true],
      ["a", true],
      ["a", false],
    ] as const) {
      const { token } = await student();
      const { attempt } = await entered(exam.id, { as: token });
      await start(attempt.id);
      await answer(attempt.id, { q1, q2 });
      await handIn(attempt.id);
      await graded(exam.id, attempt.id);
      tokens.push(token);
    }
    await ok("POST", `/exams/${exam.id}/release`, { as, body: { released: true } });
    const results = () => Promise.all(tokens.map((token) => ok("POST", `/exams/${exam.id}/result`, { as: token })));
    // Points that were graded again have no rank until all of them have one: what is read after that is of one moment.
    const computed = async (best: number) => {
      await until(async () => (await results())[best].standing?.rank === 1, "the standings");
      const all = await results();
      return all.map(({ points, standing }) => [points, standing.rank, standing.candidates]);
    };
    assert.deepEqual(await computed(0), [
      [3, 1, 5],
      [2, 2, 5],
      [1, 3, 5],
      [1, 3, 5],
      [0, 5, 5],
    ]);
    const [{ sections, knowledge, classShare, standing }] = await results();
    // Seven of thirty points; an empty essay has none.
    const rounded = (share: number) => Math.round(share * 1e6) / 1e6;
    assert.deepEqual([rounded(classShare), rounded(sections[0].classShare)], [rounded(7 / 30), rounded(7 / 30)]);
    assert.deepEqual(
      knowledge.map(({ name, classShare: share }: { name: string; classShare: number }) => [name, rounded(share)]),
      [
        ["sums", rounded(7 / 15)],
        ["numbers", 0.6],
      ],
    );
    assert.equal(standing.percentile, null);
    await ok("POST", `/exams/${exam.id}/regrade`, {
      as,
      body: { question: "q1", solution: { kind: "single", right: "a" } },
    });
    assert.deepEqual(await computed(2), [
      [1, 4, 5],
      [0, 5, 5],
      [3, 1, 5],
      [3, 1, 5],
      [2, 3, 5],
    ]);
    const { version } = await ok("GET", `/exams/${exam.id}`, { as });
    await ok("PATCH", `/exams/${exam.id}`, { as, body: { standing: "none" }, headers: { "if-match": `"v${version}"` } });
    assert.deepEqual(
      (await results()).map((result) => result.standing),
      [null, null, null, null, null],
    );
  });
});
