/** Examinations through the API: papers, publishing, entering, marking, results, regrades. What candidates write while they sit is the doors' test. Shares a process. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { StoredSecrets } from "../packages/server/src/school/foundation/store/stored-secrets.ts";
import { silentLog } from "../packages/server/src/school/foundation/store/test-database.ts";
import { decryptPackage, examSchool, paperOfQuestions, QUESTIONS } from "./exam-school.ts";
import { until } from "./lectern.ts";
import { ENCRYPTION_SECRET } from "./school.ts";
import { onEachDatabase } from "./school-databases.ts";

onEachDatabase((open) => {
  test("a paper with mistakes is saved as a draft, and refused with each of them when it is to be published", async (t) => {
    const school = await open(t);
    const { as, paper, draft } = await examSchool(school);
    const [first] = QUESTIONS;
    const { id: paperId } = await paper(
      paperOfQuestions([{ question: { ...first!.question, text: "" }, solution: first!.solution }]),
    );
    const exam = await draft({ paperId });
    const { status, body } = await school.call("POST", `/exams/${exam.id}/publish`, { as });
    assert.deepEqual(
      [status, body.errors.map(({ path }: { path: string }) => path)],
      [400, ["sections.0.questions.0.question.text"]],
    );
  });

  test("publishing freezes the paper, and the package has neither solutions, rubrics nor explanations", async (t) => {
    const school = await open(t);
    const { as, exam: publish, student, entered } = await examSchool(school);
    const { service, ok, call } = school;
    const exam = await publish();
    const one = await student();
    const entry = await entered(exam.id, { as: one.token });
    const row = await service.db.selectFrom("exam_packages").selectAll().where("exam_id", "=", exam.id).executeTakeFirstOrThrow();
    assert.equal(entry.package.hash, row.hash);
    assert.equal(entry.package.bytes, row.bytes.length);
    const secrets = new StoredSecrets(() => [ENCRYPTION_SECRET], silentLog);
    assert.doesNotMatch(row.secret_key, /^[\w-]{43}$/, "the key is stored encrypted");
    const key = secrets.decrypt("exam_packages", exam.id, row.secret_key) ?? assert.fail("no key");
    const bytes = Buffer.from(row.bytes);
    for (const secret of ["Think first", "1 + 1", "rubric", "explanation"]) assert.ok(!bytes.includes(secret), secret);
    const text = JSON.stringify(decryptPackage(bytes, key));
    assert.match(text, /Think first/);
    assert.doesNotMatch(text, /solution|rubric|explanation|One and one/);
    // The paper that teachers go on with is another.
    await ok("PATCH", `/papers/${exam.paperId}`, { as, body: { content: paperOfQuestions([]) } });
    const frozen = await service.db
      .selectFrom("exam_packages")
      .select("paper")
      .where("exam_id", "=", exam.id)
      .executeTakeFirstOrThrow();
    assert.equal(frozen.paper.sections[0]?.questions.length, 3);
    assert.equal((await call("POST", `/exams/${exam.id}/publish`, { as })).status, 409);
    const moved = await call("PATCH", `/exams/${exam.id}`, { as, body: { paperId: null } });
    assert.deepEqual([moved.status, moved.body.code], [409, "conflict"]);
  });

  test("candidates enter within the window only, and a candidate who is not of the course is refused without guests", async (t) => {
    const school = await open(t);
    const { as, exam: publish, draft, student, enter, times, schoolId } = await examSchool(school);
    const { token } = await student();
    const stranger = await school.person(schoolId, "student");
    const code = async (id: string, who: string | null, body: object = {}) => {
      const answer = await enter(id, { as: who, body });
      return answer.status === 200 ? 200 : answer.body.code;
    };
    const unpublished = await draft();
    assert.equal(await code(unpublished.id, token), "no-such-exam");
    const early = await publish(times(60, 120));
    const answer = await enter(early.id, { as: token });
    assert.deepEqual([answer.body.code, Number(answer.headers["retry-after"]) > 1700], ["exam-not-open-yet", true]);
    assert.equal(await code((await publish(times(10, 120))).id, token), 200, "within half an hour before");
    const late = await publish({ ...times(), latestEntryAt: new Date(Date.now() - 1000).toISOString() });
    assert.equal(await code(late.id, token), "exam-closed");
    const exam = await publish();
    assert.equal(await code(exam.id, stranger.token), "guests-not-allowed");
    assert.equal(await code(exam.id, null, { name: "Zoe" }), "guests-not-allowed");
    assert.equal(await code("AAAA2222", token), "no-such-exam");
    assert.equal(await code(exam.code.toLowerCase(), token), 200, "by its code");
    const invitation = await school.ok("GET", `/exams/by-code/${exam.code}`, { as: null });
    assert.deepEqual(
      [invitation.id, invitation.instruction, invitation.questions, invitation.needsAccessCode],
      [exam.id, "Think first.", 3, false],
    );
    assert.equal((await school.call("DELETE", `/exams/${unpublished.id}`, { as })).status, 204);
    assert.equal((await school.call("GET", `/exams/${unpublished.id}`, { as })).status, 404);
  });

  test("a guest enters by name, comes back by the token, and takes no name of staff's; an access code is asked for", async (t) => {
    const school = await open(t);
    const { exam: publish, enter, entered, student } = await examSchool(school);
    const { id } = await student();
    await school.ok("PATCH", `/users/${id}`, { body: { name: "Maria" } });
    const exam = await publish({ guests: true, accessCode: "Blue 7" });
    const code = async (body: object) => (await enter(exam.code, { as: null, body })).body.code;
    assert.equal(await code({ name: "Zoe" }), "exam-code-wrong");
    assert.equal(await code({ name: "Zoe", accessCode: "red 7" }), "exam-code-wrong");
    const accessCode = "blue7";
    assert.equal(await code({ accessCode }), "bad-request");
    assert.equal(await code({ name: "The teacher", accessCode }), "bad-request");
    const first = await entered(exam.code, { as: null, body: { name: "Zoe", accessCode } });
    const again = await entered(exam.code, { as: null, body: { token: first.token } });
    assert.deepEqual([again.attempt.id, again.attempt.seat, again.attempt.name], [first.attempt.id, 1, "Zoe"]);
    const other = await publish({ guests: true });
    const elsewhere = await entered(other.id, { as: null, body: { name: "Zoe", token: first.token } });
    assert.notEqual(elsewhere.attempt.id, first.attempt.id, "the token is of one examination");
    const forged = `${first.token.slice(0, -4)}AAAA`;
    assert.equal(await code({ token: forged, accessCode }), "bad-request", "a changed token proves nobody");
    assert.equal(await code({ name: "Маria", accessCode }), "bad-request", "it looks like a member's name");
  });

  test("attempts are counted when many requests come at once, and one seat lives", async (t) => {
    const school = await open(t);
    const { as, exam: publish, student, enter, entered, start, handIn } = await examSchool(school);
    const exam = await publish({ attempts: 2 });
    const { token: student1 } = await student();
    const many = await Promise.all(Array.from({ length: 8 }, () => enter(exam.id, { as: student1 })));
    const created = many.filter(({ status }) => status === 200);
    assert.deepEqual([created.length, many.filter(({ body }) => body.code === "exam-elsewhere").length], [1, 7]);
    const { attempt, token } = created[0]!.body;
    await start(attempt.id);
    assert.equal((await enter(exam.id, { as: student1 })).body.code, "exam-elsewhere");
    const same = await entered(exam.id, { as: student1, body: { token } });
    assert.deepEqual([same.attempt.id, same.attempt.seat], [attempt.id, 1]);
    const taken = await entered(exam.id, { as: student1, body: { takeOver: true } });
    assert.deepEqual([taken.attempt.id, taken.attempt.seat], [attempt.id, 2]);
    assert.equal((await enter(exam.id, { as: student1, body: { token } })).body.code, "exam-elsewhere", "the older device");
    const listed = await school.ok("GET", `/exams/${exam.id}/attempts`, { as });
    assert.deepEqual(
      listed.items.map(({ seat, state, facts }: never) => [seat, state, facts]),
      [[2, "sitting", { "other-device": 1 }]],
    );
    await handIn(attempt.id);
    const second = await entered(exam.id, { as: student1 });
    assert.equal(second.attempt.number, 2);
    await handIn(second.attempt.id);
    assert.equal((await enter(exam.id, { as: student1 })).body.code, "exam-no-attempts-left");
    const back = await entered(exam.id, { as: student1, body: { token: second.token } });
    assert.notEqual(back.attempt.handedInAt, null);
  });

  test("more time moves the end, and opens again what ended by time; a supervisor ends an attempt", async (t) => {
    const school = await open(t);
    const { as, exam: publish, student, entered, start, graded } = await examSchool(school);
    const { ok, call, service } = school;
    const exam = await publish({ seconds: 600 });
    const { attempt } = await entered(exam.id, { as: (await student()).token });
    const path = `/exams/${exam.id}/attempts/${attempt.id}`;
    await start(attempt.id, new Date(Date.now() - 650_000));
    service.wakeWork();
    const over = await until(async () => {
      const now = await ok("GET", path, { as });
      return now.handedInAt ? now : null;
    }, "the end by time");
    assert.deepEqual([over.handedInBy, over.handedInAt], ["time", over.endsAt]);
    await graded(exam.id, attempt.id);
    const reopened = await ok("PATCH", path, { as, body: { extraSeconds: 300 } });
    assert.deepEqual([reopened.state, reopened.handedInAt, reopened.extraSeconds], ["sitting", null, 300]);
    assert.equal(Date.parse(reopened.endsAt) - Date.parse(reopened.startedAt), 900_000);
    // A longer examination moves the ends of those who sit.
    await ok("PATCH", `/exams/${exam.id}`, { as, body: { seconds: 1200 } });
    assert.equal(Date.parse((await ok("GET", path, { as })).endsAt) - Date.parse(reopened.startedAt), 1_500_000);
    assert.equal((await call("DELETE", `/exams/${exam.id}`, { as })).status, 409, "while somebody sits it");
    const ended = await ok("PATCH", path, { as, body: { end: true } });
    assert.equal(ended.handedInBy, "supervisor");
    assert.equal((await call("PATCH", path, { as, body: { end: true } })).status, 409);
    assert.equal((await call("PATCH", path, { as, body: { points: 100 } })).status, 400, "no scores by mass assignment");
  });

  test("objective questions are graded at once, people mark the rest, and candidates see results when they are released", async (t) => {
    const school = await open(t);
    const { as, exam: publish, student, entered, start, answer, handIn, graded } = await examSchool(school);
    const { ok, call, service } = school;
    const exam = await publish({ resultsShown: "answers" });
    const [one, two] = [await student(), await student()];
    const sat = async (token: string, answers: Parameters<typeof answer>[1]) => {
      const entry = await entered(exam.id, { as: token });
      await start(entry.attempt.id);
      await answer(entry.attempt.id, { q1: "a" });
      await answer(entry.attempt.id, answers);
      return entry;
    };
    const [first, second] = [
      await sat(one.token, { q1: "b", q2: false, q3: { typed: "Because." } }),
      await sat(two.token, { q2: true }),
    ];
    assert.equal((await call("POST", `/exams/${exam.id}/result`, { as: one.token })).body.code, "exam-not-released");
    const mark = `/exams/${exam.id}/attempts/${first.attempt.id}/marks`;
    assert.equal((await call("PUT", `${mark}/q3`, { as, body: { points: 1 } })).status, 409, "not handed in");
    await handIn(first.attempt.id);
    await handIn(second.attempt.id);
    const waiting = await graded(exam.id, first.attempt.id);
    assert.deepEqual([waiting.points, waiting.pointsOf, waiting.waiting], [2, 6, 1]);
    assert.equal((await graded(exam.id, second.attempt.id)).points, 1);
    const { questions, items } = await ok("GET", `/exams/${exam.id}/marking?question=q3`, { as });
    assert.deepEqual(questions, [{ question: "q3", text: "Why?", of: 3, rubric: "A secret rubric", waiting: 1, marked: 0 }]);
    assert.deepEqual(
      items.map(({ attemptId, value }: never) => [attemptId, value]),
      [[first.attempt.id, { typed: "Because." }]],
    );
    for (const [question, points, status] of [
      ["q3", 3.5, 400],
      ["q3", 0.3, 400],
      ["q9", 1, 404],
    ] as const)
      assert.equal((await call("PUT", `${mark}/${question}`, { as, body: { points } })).status, status, `${question} ${points}`);
    const marked = await ok("PUT", `${mark}/q3`, { as, body: { points: 2.5, comment: "Well said." } });
    assert.deepEqual([marked.attemptPoints, marked.waiting], [4.5, 0]);
    assert.equal((await call("PUT", `${mark}/q3`, { as: one.token, body: { points: 3 } })).status, 403);
    const released = await ok("POST", `/exams/${exam.id}/release`, { as, body: { released: true } });
    assert.notEqual(released.releasedAt, null);
    const result = await ok("POST", `/exams/${exam.code}/result`, { as: null, body: { token: first.token } });
    assert.deepEqual([result.state, result.points, result.of], ["graded", 4.5, 6]);
    assert.deepEqual(result.knowledge, [
      { name: "sums", points: 2, of: 3, waiting: 0, classShare: null },
      { name: "numbers", points: 0, of: 1, waiting: 0, classShare: null },
    ]);
    assert.doesNotMatch(JSON.stringify(result), /A secret rubric/, "a rubric is for those who mark");
    const essay = result.questions.find(({ question }: { question: { id: string } }) => question.id === "q3");
    assert.deepEqual(
      [essay.value, essay.score.points, essay.comment, essay.explanation],
      [{ typed: "Because." }, 2.5, "Well said.", null],
    );
    const own = await ok("POST", `/exams/${exam.id}/result`, { as: two.token });
    assert.deepEqual([own.attemptId, own.points, own.state], [second.attempt.id, 1, "graded"]);
    assert.equal((await call("POST", `/exams/${exam.id}/result`, { as: null })).status, 401);
    await ok("POST", `/exams/${exam.id}/release`, { as, body: { released: false } });
    assert.equal((await call("POST", `/exams/${exam.id}/result`, { as: two.token })).body.code, "exam-not-released");
    const { analysis, progress } = await ok("GET", `/exams/${exam.id}/analysis`, { as });
    assert.deepEqual([progress, analysis.candidates, analysis.waiting, analysis.distribution.mean], [null, 2, 0, 2.75]);
    assert.deepEqual(
      analysis.items.map(({ question, difficulty }: never) => [question, difficulty]),
      [
        ["q1", 0.5],
        ["q2", 0.5],
        ["q3", 2.5 / 6],
      ],
    );
    const csv = await call("GET", `/exams/${exam.id}/results.csv`, { as });
    const lines = String(csv.body).trim().split("\r\n");
    assert.match(
      lines[0] ?? "",
      /name,login,externalId,attempt,.*points,of,waiting,section 1: Sums,question q1,question q2,question q3$/,
    );
    assert.match(lines[1] ?? "", /,4.5,6,0,4.5,2,0,2.5$/);
    const actions = await service.db.selectFrom("audit").select("action").where("target_id", "=", exam.id).orderBy("id").execute();
    assert.deepEqual(
      actions.map(({ action }) => action).filter((action) => action !== "read.results" && action !== "read.export"),
      ["examination.create", "examination.publish", "examination.mark", "examination.release", "examination.hide-results"],
    );
  });

  test("a late answer after the hand-in by time is graded too", async (t) => {
    const school = await open(t);
    const { exam: publish, student, entered, start, answer, graded } = await examSchool(school);
    const exam = await publish({ seconds: 600, practice: true });
    const { token } = await student();
    const { attempt } = await entered(exam.id, { as: token });
    await start(attempt.id, new Date(Date.now() - 601_000));
    school.service.wakeWork();
    assert.equal((await graded(exam.id, attempt.id)).points, 0);
    await answer(attempt.id, { q1: "b" });
    school.service.wakeWork();
    await until(async () => (await graded(exam.id, attempt.id)).points === 2, "the late answer");
    const result = await school.ok("POST", `/exams/${exam.id}/result`, { as: token });
    assert.deepEqual([result.points, result.questions], [2, null], "practice shows the score at once");
  });

  test("a corrected solution grades everybody again, and lists whose points changed", async (t) => {
    const school = await open(t);
    const { as, exam: publish, student, entered, start, answer, handIn, graded } = await examSchool(school);
    const { ok, call } = school;
    const exam = await publish();
    const attempts: string[] = [];
    for (const q1 of ["a", "b", "a"]) {
      const { attempt } = await entered(exam.id, { as: (await student()).token });
      await start(attempt.id);
      await answer(attempt.id, { q1 });
      await handIn(attempt.id);
      await graded(exam.id, attempt.id);
      attempts.push(attempt.id);
    }
    const regrade = (question: string, solution: object) =>
      call("POST", `/exams/${exam.id}/regrade`, { as, body: { question, solution } });
    assert.equal((await regrade("q1", { kind: "boolean", right: true })).status, 400);
    assert.equal((await regrade("q1", { kind: "single", right: "z" })).status, 400);
    assert.equal((await regrade("q8", { kind: "single", right: "a" })).status, 404);
    assert.equal((await regrade("q1", { kind: "single", right: "b" })).status, 409);
    assert.equal((await regrade("q1", { kind: "single", right: "a" })).status, 200);
    const done = await until(async () => {
      const { items } = await ok("GET", `/exams/${exam.id}/regrades`, { as });
      return items[0].remaining === 0 ? items[0] : null;
    }, "the regrade");
    const paper = await ok("GET", `/exams/${exam.id}/paper`, { as });
    assert.equal(paper.sections[0].questions[0].solution.right, "a", "the published paper has what is right now");
    assert.deepEqual([done.question, done.solutionBefore.right, done.solution.right, done.changes], ["q1", "b", "a", 3]);
    const { items } = await ok("GET", `/exams/${exam.id}/regrades/${done.id}/changes`, { as });
    assert.deepEqual(
      items.map(({ attemptId, pointsBefore, points }: never) => [attemptId, pointsBefore, points]),
      attempts.map((id, i) => (i === 1 ? [id, 2, 0] : [id, 0, 2])),
    );
  });

  test("teachers of other courses and of other schools see nothing of an examination", async (t) => {
    const school = await open(t);
    const { exam: publish, schoolId, student, entered } = await examSchool(school);
    const { ok, call, person } = school;
    const exam = await publish();
    const { attempt } = await entered(exam.id, { as: (await student()).token });
    const { id: otherSchool } = await ok("POST", "/schools", { body: { slug: "other", name: "Other" } });
    const [colleague, foreigner] = [await person(schoolId, "teacher"), await person(otherSchool, "administrator")];
    for (const { token } of [colleague, foreigner])
      for (const path of [
        `/papers/${exam.paperId}`,
        `/exams/${exam.id}`,
        `/exams/${exam.id}/attempts`,
        `/exams/${exam.id}/attempts/${attempt.id}`,
        `/exams/${exam.id}/marking`,
        `/exams/${exam.id}/paper`,
        `/exams/${exam.id}/results.csv`,
      ])
        assert.equal((await call("GET", path, { as: token })).status, 404, path);
    const other = await publish();
    const mixed = await call("GET", `/exams/${other.id}/attempts/${attempt.id}`, {
      as: (await person(schoolId, "administrator")).token,
    });
    assert.equal(mixed.status, 404, "an attempt at another examination");
  });

  test("questions of a file come in as a section, each mistake is named, and the export is read again", async (t) => {
    const school = await open(t);
    const { as, paper } = await examSchool(school);
    const { ok, call } = school;
    const { id } = await paper();
    const send = (text: string) =>
      call("POST", `/papers/${id}/import?format=gift`, { as, csv: text, headers: { "content-type": "text/plain" } });
    const wrong = await send("Is 3 odd? {T}\n\nBroken {=a\n");
    assert.equal(wrong.status, 400);
    assert.match(wrong.body.errors[0].path, /^3 /);
    const { status, body } = await send("Is 3 odd? {T}\n\nOne plus one is {=two =2}.\n");
    assert.deepEqual([status, body.added, body.paper.questions, body.paper.content.sections.length], [200, 2, 5, 2]);
    const file = await ok("GET", `/papers/${id}/export?format=moodle`, { as });
    const text = Buffer.from(file.content, "base64").toString();
    assert.match(text, /Is 3 odd\?/);
    const other = await ok("POST", "/papers", { as, body: { title: "Other" } });
    const again = await call("POST", `/papers/${other.id}/import?format=moodle`, {
      as,
      csv: text,
      headers: { "content-type": "text/plain" },
    });
    assert.equal(again.body.added, 5);
  });

  test("webhooks hear of an examination, and of each candidate's hand-in and points, without names", async (t) => {
    const school = await open(t);
    const { as, exam: publish, student, entered, start, answer, handIn, graded, schoolId } = await examSchool(school);
    const { ok } = school;
    const events = ["exam.published", "exam.handed-in", "exam.graded", "exam.released"];
    const hook = await ok("POST", "/webhooks", { body: { schoolId, url: "http://127.0.0.1:9/", events } });
    const exam = await publish();
    const { attempt } = await entered(exam.id, { as: (await student()).token });
    await start(attempt.id);
    await answer(attempt.id, { q1: "b" });
    await handIn(attempt.id);
    await graded(exam.id, attempt.id);
    await ok("POST", `/exams/${exam.id}/release`, { as, body: { released: true } });
    const rows = await school.service.db
      .selectFrom("deliveries")
      .selectAll()
      .where("webhook_id", "=", hook.id)
      .orderBy("id")
      .execute();
    assert.deepEqual(rows.map(({ event }) => event).sort(), events.toSorted());
    const points = rows.find(({ event }) => event === "exam.graded");
    assert.deepEqual(JSON.parse(points?.body ?? "").data.points, 2);
    assert.ok(!rows.some(({ body }) => body.includes("The student")));
  });

  test("a deleted examination is gone with its attempts and answers; a course with examinations is not deleted", async (t) => {
    const school = await open(t);
    const { as, exam: publish, student, entered, start, answer, handIn, graded, course } = await examSchool(school);
    const { db } = school.service;
    const exam = await publish();
    const { attempt } = await entered(exam.id, { as: (await student()).token });
    await start(attempt.id);
    await answer(attempt.id, { q1: "b" });
    await handIn(attempt.id);
    await graded(exam.id, attempt.id);
    const refused = await school.call("DELETE", `/courses/${course.id}`);
    assert.deepEqual([refused.status, refused.body.code], [409, "conflict"]);
    await school.ok("DELETE", `/exams/${exam.id}`, { as });
    await until(
      async () => !(await db.selectFrom("exams").select("id").where("id", "=", exam.id).executeTakeFirst()),
      "the deletion",
    );
    const left = await db.selectFrom("exam_answers").select("attempt_id").where("attempt_id", "=", attempt.id).execute();
    assert.deepEqual(left, []);
  });
});
