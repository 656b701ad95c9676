/** The examinations of one person, through the API: which they are, in which order, and what is told of the own points before and after the release. Shares a process. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { examSchool } from "./exam-school.ts";
import { onEachDatabase } from "./school-databases.ts";

type Listed = { readonly id: string; readonly state: string; readonly attempt: Readonly<Record<string, unknown>> | null };

onEachDatabase((open) => {
  test("a student has the published examinations of the own courses and of the school, and nobody else's", async (t) => {
    const school = await open(t);
    const { as, exam: publish, draft, student, times, schoolId, paper } = await examSchool(school);
    const { ok, person } = school;
    const [running, coming] = [await publish(), await publish(times(60, 120))];
    await draft();
    const everybodys = await publish({ courseId: null, paperId: (await paperOfSchool()).id, title: "For all", ...times(5, 90) });
    const other = await ok("POST", "/courses", { body: { schoolId, name: "Physics" } });
    const administrator = await person(schoolId, "administrator");
    const { id: foreignPaper } = await ok("POST", "/papers", {
      as: administrator.token,
      body: { courseId: other.id, title: "Physics", content: (await ok("GET", `/papers/${running.paperId}`, { as })).content },
    });
    const { id: foreign } = await ok("POST", "/exams", {
      as: administrator.token,
      body: { courseId: other.id, paperId: foreignPaper, title: "Physics", seconds: 1200, ...times() },
    });
    await ok("POST", `/exams/${foreign}/publish`, { as: administrator.token });
    const one = await student();
    const mine = await ok("GET", "/me/exams", { as: one.token });
    assert.deepEqual(
      mine.items.map(({ id, state, course }: Listed & { course: string | null }) => [id, state, course]),
      [
        [running.id, "open", "Maths"],
        [everybodys.id, "open", null],
        [coming.id, "coming", "Maths"],
      ],
    );
    const stranger = await person(schoolId, "student");
    const theirs = await ok("GET", "/me/exams", { as: stranger.token });
    assert.deepEqual(
      theirs.items.map(({ id }: Listed) => id),
      [everybodys.id],
    );
    const watcher = await person(schoolId, "supervisor");
    assert.deepEqual((await ok("GET", "/me/exams", { as: watcher.token })).items, [], "who watches sits nothing");
    assert.deepEqual((await ok("GET", "/me/exams", { as })).items, [], "a teacher's are where teachers manage them");

    async function paperOfSchool() {
      const { content } = await paper();
      return await ok("POST", "/papers", { as, body: { title: "For all", content } });
    }
  });

  test("the own points are told once they are released, and hidden with them; a page goes on behind the last item", async (t) => {
    const school = await open(t);
    const { as, exam: publish, student, entered, start, answer, handIn, graded } = await examSchool(school);
    const { ok, call, service } = school;
    const { token } = await student();
    const exams = [await publish(), await publish(), await publish()];
    const [exam] = exams;
    const { attempt } = await entered(exam.id, { as: token });
    const read = async (): Promise<Listed> =>
      (await ok("GET", "/me/exams", { as: token })).items.find(({ id }: Listed) => id === exam.id);
    assert.equal((await read()).state, "open");
    await start(attempt.id);
    await answer(attempt.id, { q1: "b", q2: false });
    await handIn(attempt.id);
    await graded(exam.id, attempt.id);
    const hidden = await read();
    assert.deepEqual(
      [hidden.state, hidden.attempt?.["isResultOut"], hidden.attempt?.["points"], hidden.attempt?.["of"]],
      ["handed-in", false, null, null],
    );
    const release = (released: boolean) => ok("POST", `/exams/${exam.id}/release`, { as, body: { released } });
    await release(true);
    const shown = await read();
    assert.deepEqual([shown.state, shown.attempt?.["points"], shown.attempt?.["of"]], ["released", 2, 6]);
    await release(false);
    assert.deepEqual([(await read()).state, (await read()).attempt?.["points"]], ["handed-in", null]);
    await service.db
      .updateTable("exams")
      .set({ closes_at: new Date(Date.now() - 1000) })
      .execute();
    const pages = async (when: string) => {
      const ids: string[] = [];
      for (let cursor = ""; ; ) {
        const path = `/me/exams?when=${when}&limit=1${cursor && `&cursor=${cursor}`}`;
        const { items, nextCursor } = await ok("GET", path, { as: token });
        ids.push(...items.map(({ id }: Listed) => id));
        if (nextCursor === null) return ids;
        cursor = nextCursor;
      }
    };
    assert.deepEqual(await pages("ahead"), []);
    assert.deepEqual((await pages("past")).toSorted(), exams.map(({ id }) => id).toSorted());
    const missed = (await ok("GET", "/me/exams?when=past", { as: token })).items.find(({ id }: Listed) => id !== exam.id);
    assert.deepEqual([missed.state, missed.attempt], ["missed", null]);
    assert.equal((await call("GET", "/me/exams?cursor=x", { as: token })).status, 400);
    await service.db
      .updateTable("exam_attempts")
      .set({ handed_in_at: null, handed_in_by: null, ends_at: new Date(Date.now() + 60_000) })
      .where("id", "=", attempt.id)
      .execute();
    assert.deepEqual(await pages("ahead"), [exam.id], "with more time it is not over");
  });
});
