/** Supervision of examinations through the API: consent, groups, who sees whom, the wall, messages, pauses. Streams are another test's. Shares a process. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { newId } from "../packages/server/src/platform/id.ts";
import { json } from "../packages/server/src/platform/store/store.ts";
import { lookName } from "../packages/server/src/school/exams/supervision/exam-looks.ts";
import { examStreamPolicy } from "../packages/server/src/school/exams/supervision/exam-stream-policy.ts";
import { examSchool } from "./exam-school.ts";
import { until } from "./lectern.ts";
import type { TestSchool } from "./school.ts";
import { onEachDatabase } from "./school-databases.ts";

const SUPERVISION = { camera: "required", screen: true, phone: true, keepDays: 7 };
const CONSENT = { supervisionConsent: true };

/** What the candidate's device sends, as the doors ask. */
function deviceOf({ service }: TestSchool, exam: string, attempt: string) {
  let seq = 0;
  return async (
    more: { readonly answers?: readonly string[]; readonly seen?: readonly string[]; readonly isHandedIn?: boolean } = {},
  ) => {
    const answers = (more.answers ?? []).map((value) => ({ seq: ++seq, question: "q1", value, writtenAt: Date.now() }));
    const sent = { exam, attempt, seat: 1, facts: [], startedAt: Date.now(), ...more, answers };
    const [stored] = await service.answers.examAnswers({ sent: [sent] });
    return stored ?? assert.fail("no answer");
  };
}

onEachDatabase((open) => {
  test("candidates read what is seen and kept, and enter only when they agree; from then on no more is taken", async (t) => {
    const school = await open(t);
    const { as, exam: publish, student, enter } = await examSchool(school);
    const exam = await publish({ supervision: SUPERVISION });
    const invitation = await school.ok("GET", `/exams/by-code/${exam.code}`, { as: null });
    assert.deepEqual(invitation.supervision.lines, [
      { code: "camera-required" },
      { code: "screen" },
      { code: "phone" },
      { code: "seen-by-supervisors" },
      { code: "recorded", days: 7 },
      { code: "no-judging" },
    ]);
    const { token } = await student();
    assert.equal((await enter(exam.id, { as: token })).body.code, "exam-consent-needed");
    const { body } = await enter(exam.id, { as: token, body: CONSENT });
    assert.deepEqual([body.supervision, body.pollSeconds], [SUPERVISION, 5]);
    const change = (supervision: object) => school.call("PATCH", `/exams/${exam.id}`, { as, body: { supervision } });
    assert.equal((await change({ ...SUPERVISION, keepDays: 8 })).status, 409);
    assert.equal((await change({ ...SUPERVISION, camera: "none" })).status, 409);
    assert.equal((await change({ ...SUPERVISION, keepDays: 1 })).status, 200);
  });

  test("an examination without supervision asks for no consent, and gives no right to publish", async (t) => {
    const school = await open(t);
    const { exam: publish, student, entered } = await examSchool(school);
    const exam = await publish();
    const { token } = await entered(exam.id, { as: (await student()).token });
    const refused = await school.call("POST", `/exams/${exam.id}/streams`, { as: null, body: { token } });
    assert.deepEqual([refused.status, refused.body.code], [403, "exam-not-supervised"]);
  });

  test("the right to publish is of the newest device and its attempt; a phone's token opens the second camera alone; both end with the hand-in", async (t) => {
    const school = await open(t);
    const { exam: publish, student, entered, handIn } = await examSchool(school);
    const exam = await publish({ supervision: SUPERVISION });
    const [one, two] = [await student(), await student()];
    const first = await entered(exam.id, { as: one.token, body: CONSENT });
    const other = await entered(exam.id, { as: two.token, body: CONSENT });
    const rights = (token: string) => school.call("POST", `/exams/${exam.id}/streams`, { as: null, body: { token } });
    const { body } = await rights(first.token);
    assert.deepEqual(
      body.streams.map(({ kind }: { kind: string }) => kind),
      ["camera", "screen"],
    );
    const names = new Set([...body.streams, ...(await rights(other.token)).body.streams].map(({ name }: { name: string }) => name));
    assert.equal(names.size, 4, "streams of two candidates are four");
    const phone = (await rights(body.phone.token)).body;
    assert.deepEqual([phone.streams.map(({ kind }: { kind: string }) => kind), phone.phone], [["phone"], null]);
    const back = await school.call("POST", `/exams/${exam.id}/attempts`, {
      as: null,
      body: { token: body.phone.token, takeOver: true },
    });
    assert.notEqual(back.status, 200, "a phone does not take over");
    const again = await entered(exam.id, { as: one.token, body: { takeOver: true } });
    assert.equal((await rights(first.token)).body.code, "exam-seat-taken");
    assert.notEqual((await rights(again.token)).body.streams[0].name, body.streams[0].name);
    await handIn(first.attempt.id);
    assert.deepEqual(
      [(await rights(again.token)).body.code, (await rights(body.phone.token)).body.code],
      ["exam-ended", "exam-ended"],
    );
  });

  test("supervisors see the candidates of their groups, and nobody else's; students and other people see none", async (t) => {
    const school = await open(t);
    const { as, exam: publish, student, entered, schoolId, member, course } = await examSchool(school);
    const exam = await publish({ supervision: SUPERVISION });
    const [ann, bob] = [await student(), await student()];
    const [inspector, helper, stranger] = [
      await school.person(schoolId, "supervisor"),
      await school.person(schoolId, "teacher"),
      await school.person(schoolId, "teacher"),
    ];
    const first = await entered(exam.id, { as: ann.token, body: CONSENT });
    const group = (body: object) => school.ok("POST", `/exams/${exam.id}/groups`, { as, body });
    const room = await group({ name: "Room 1", candidateIds: [ann.id], supervisorIds: [inspector.id] });
    assert.equal(room.attempts, 1, "who has entered is in the group at once");
    await group({ name: "The class", courseId: course.id, supervisorIds: [helper.id] });
    const second = await entered(exam.id, { as: bob.token, body: CONSENT });
    const wall = (token: string, query = "") => school.call("GET", `/exams/${exam.id}/wall${query}`, { as: token });
    const seen = async (token: string, query = "") =>
      (await wall(token, query)).body.items?.map(({ attemptId }: { attemptId: string }) => attemptId).sort() ?? null;
    const both = [first.attempt.id, second.attempt.id].sort();
    assert.deepEqual(await seen(as), both, "a teacher of the course");
    assert.deepEqual(await seen(inspector.token), [first.attempt.id]);
    assert.deepEqual(await seen(helper.token), [second.attempt.id], "the course's members, but for those who are listed elsewhere");
    for (const person of [stranger, ann, bob]) assert.ok([403, 404].includes((await wall(person.token)).status));
    const look = (token: string, attempt: string) => school.call("GET", `/exams/${exam.id}/wall/${attempt}`, { as: token });
    assert.equal((await look(inspector.token, first.attempt.id)).status, 200);
    assert.equal((await look(inspector.token, second.attempt.id)).status, 404);
    for (const [method, path, body] of [
      ["PATCH", `wall/${second.attempt.id}`, { paused: true }],
      ["POST", `wall/${second.attempt.id}/notes`, { text: "x" }],
      ["POST", "wall/messages", { text: "x", attemptIds: [first.attempt.id, second.attempt.id] }],
    ] as const)
      assert.equal((await school.call(method, `/exams/${exam.id}/${path}`, { as: inspector.token, body })).status, 404, path);
    const mine = await school.ok("GET", "/supervision", { as: inspector.token });
    assert.deepEqual(mine.items[0].groups, [{ id: room.id, name: "Room 1" }]);
    assert.equal((await school.ok("GET", "/supervision", { as: stranger.token })).items.length, 0);
    await school.ok("PATCH", `/exams/${exam.id}/groups/${room.id}`, { as, body: { supervisorIds: [] } });
    assert.equal((await wall(inspector.token)).status, 404, "no longer");
    await member(stranger.id, "teacher");
    assert.deepEqual(await seen(stranger.token), both);
    const bad = await school.call("POST", `/exams/${exam.id}/groups`, {
      as,
      body: { name: "Bad", supervisorIds: [ann.id] },
    });
    assert.equal(bad.status, 400, "students supervise nobody");
  });

  test("who may not supervise any more is out of live streams and recordings: workers hear of it, whatever ended the right", async (t) => {
    const school = await open(t);
    const { as, exam: publish, student, entered, schoolId, member, course } = await examSchool(school);
    const { db, answers } = school.service;
    const exam = await publish({ supervision: SUPERVISION });
    const { attempt } = await entered(exam.id, { as: (await student()).token, body: CONSENT });
    const other = await school.ok("POST", "/schools", { body: { slug: "other", name: "Other", timeZone: "UTC" } });
    const { stream_name } = await db.selectFrom("exams").select("stream_name").where("id", "=", exam.id).executeTakeFirstOrThrow();
    const camera = `${stream_name}~${attempt.id}-camera-1`;
    const recording = { id: newId(), school_id: schoolId, lesson_id: null, exam_id: exam.id, attempt_id: attempt.id };
    const rest = { title: "", app: "live", name: camera, epoch: "e", seconds: 1, bytes: 1, whole: true, published: false };
    const values = { files: json([]), chapters: json([]), started_at: new Date() };
    await db
      .insertInto("recordings")
      .values({ ...recording, ...rest, ...values })
      .execute();
    const staff = async (role: "supervisor" | "teacher" | "assistant" | "administrator") => school.person(schoolId, role);
    const [disabled, demoted, left, moved, stays] = [
      await staff("supervisor"),
      await staff("assistant"),
      await staff("teacher"),
      await staff("administrator"),
      await staff("supervisor"),
    ];
    await member(left.id, "teacher");
    const supervisorIds = [disabled.id, demoted.id, stays.id];
    const group = await school.ok("POST", `/exams/${exam.id}/groups`, {
      as,
      body: { name: "All", courseId: course.id, supervisorIds },
    });
    for (const { token } of [disabled, demoted, left, moved, stays])
      await school.ok("GET", `/exams/${exam.id}/wall/${attempt.id}`, { as: token });
    const out = async () => {
      const [live, recorded] = [
        await answers.streamRule({ app: "live", name: camera }),
        await answers.recordingRule({ id: recording.id }),
      ];
      const people = (recorded?.removed ?? []).filter((one) => one !== "guest");
      assert.deepEqual(
        live?.removed,
        people.map((person) => lookName(person, attempt.id)),
      );
      return people;
    };
    const ends: readonly (readonly [string, () => Promise<unknown>])[] = [
      [disabled.id, () => school.ok("PATCH", `/users/${disabled.id}`, { body: { disabled: true } })],
      [demoted.id, () => school.ok("PATCH", `/users/${demoted.id}`, { body: { role: "student" } })],
      [left.id, () => school.ok("DELETE", `/courses/${course.id}/members/${left.id}`)],
      [moved.id, () => db.updateTable("users").set({ school_id: other.id }).where("id", "=", moved.id).execute()],
      [stays.id, () => school.ok("PATCH", `/exams/${exam.id}/groups/${group.id}`, { as, body: { supervisorIds: [] } })],
    ];
    assert.deepEqual(await out(), []);
    const gone: string[] = [];
    for (const [id, end] of ends) {
      const asked = school.asked.length;
      await end();
      gone.push(id);
      assert.deepEqual(await out(), gone.toSorted());
      if (id === moved.id) continue;
      await until(() => school.asked.slice(asked).includes(`recording ${recording.id}`), "the workers to hear of it");
      assert.ok(school.asked.slice(asked).includes(`rule live/${stream_name}`));
    }
  });

  test("the wall has those first who need attention, searches by name and login, and pages", async (t) => {
    const school = await open(t);
    const { as, exam: publish, student, entered, start, handIn } = await examSchool(school);
    const exam = await publish({ supervision: { ...SUPERVISION, screen: false, phone: false } });
    const people = [await student(), await student(), await student()];
    const entries = [];
    for (const { token } of people) entries.push(await entered(exam.id, { as: token, body: CONSENT }));
    const [sits, waits, done] = entries.map(({ attempt }) => attempt.id);
    await start(sits, new Date(Date.now() - 60_000));
    await handIn(done);
    const wall = (query = "") => school.ok("GET", `/exams/${exam.id}/wall${query}`, { as });
    const all = await wall();
    assert.deepEqual(
      all.items.map(({ attemptId, state, attention }: never) => [attemptId, state, attention]),
      [
        [sits, "sitting", ["no-picture", "network-away"]],
        [waits, "waiting", []],
        [done, "handed-in", []],
      ],
    );
    assert.deepEqual(all.counts, { waiting: 1, sitting: 1, paused: 0, handedIn: 1, attention: 1 });
    assert.deepEqual(all.items[0].streams, { camera: { live: false, since: null, still: null, uplink: null } });
    const { login } = await school.ok("GET", `/users/${people[1]?.id}`);
    assert.deepEqual([(await wall(`?q=${login.toUpperCase()}`)).items[0].attemptId, (await wall("?q=nobody")).total], [waits, 0]);
    const page = await wall("?offset=1&limit=1");
    assert.deepEqual([page.total, page.items.length, page.items[0].attemptId], [3, 1, waits]);
    assert.equal((await wall("?attention=true")).total, 1);
  });

  test("a look at a candidate is one entry of the audit log, with the candidate, however often the page asks", async (t) => {
    const school = await open(t);
    const { as, exam: publish, student, entered, teacher } = await examSchool(school);
    const exam = await publish({ supervision: SUPERVISION });
    const { attempt } = await entered(exam.id, { as: (await student()).token, body: CONSENT });
    for (let i = 0; i < 3; i++) await school.ok("GET", `/exams/${exam.id}/wall/${attempt.id}`, { as });
    const entries = school.service.db.selectFrom("audit").selectAll().where("target_id", "=", attempt.id);
    const rows = await until(async () => {
      const found = await entries.execute();
      return found.length > 0 ? found : null;
    }, "the entry");
    assert.deepEqual(
      rows.map(({ action, actor_id }) => [action, actor_id]),
      [["read.candidates", teacher.id]],
    );
  });

  test("a message reaches the candidate's page with its next request, until the page has shown it; notes are for supervisors", async (t) => {
    const school = await open(t);
    const { as, exam: publish, student, entered } = await examSchool(school);
    const exam = await publish({ supervision: SUPERVISION });
    const [one, two] = [
      await entered(exam.id, { as: (await student()).token, body: CONSENT }),
      await entered(exam.id, { as: (await student()).token, body: CONSENT }),
    ];
    const [first, second] = [deviceOf(school, exam.id, one.attempt.id), deviceOf(school, exam.id, two.attempt.id)];
    const write = (body: object) => school.ok("POST", `/exams/${exam.id}/wall/messages`, { as, body });
    assert.equal((await write({ text: "Ten minutes left" })).sent, 2);
    assert.equal((await write({ text: "Sit straight", attemptIds: [one.attempt.id] })).sent, 1);
    const told = (answer: object) => ("messages" in answer ? (answer.messages as { id: string; text: string }[]) : []);
    const got = told(await first());
    assert.deepEqual(
      got.map(({ text }) => text),
      ["Ten minutes left", "Sit straight"],
    );
    const seen = got.map(({ id }) => id);
    assert.equal(told(await second({ seen })).length, 1, "another's device acknowledges nothing");
    assert.equal(told(await first({ seen })).length, 0);
    await school.ok("POST", `/exams/${exam.id}/wall/${one.attempt.id}/notes`, { as, body: { text: "Looked away" } });
    const detail = await school.ok("GET", `/exams/${exam.id}/wall/${one.attempt.id}`, { as });
    await first({ answers: ["a", "b"] });
    const answered = await school.ok("GET", `/exams/${exam.id}/wall/${one.attempt.id}`, { as });
    assert.deepEqual(
      answered.answers.map((each: object) => Object.keys(each).toSorted()),
      Array(2).fill(["at", "question"]),
      "when questions were answered, and not what",
    );
    assert.deepEqual([detail.notes[0].text, detail.messages.length, detail.unseenMessages], ["Looked away", 2, 0]);
    assert.ok(detail.messages.every(({ seenAt }: { seenAt: string | null }) => seenAt !== null));
  });

  test("while a candidate is paused answers are refused and kept on the device, time does not end the attempt, and the pause is added", async (t) => {
    const school = await open(t);
    const { as, exam: publish, student, entered } = await examSchool(school);
    const exam = await publish({ supervision: SUPERVISION });
    const { attempt } = await entered(exam.id, { as: (await student()).token, body: CONSENT });
    const send = deviceOf(school, exam.id, attempt.id);
    const act = (body: object) => school.call("PATCH", `/exams/${exam.id}/wall/${attempt.id}`, { as, body });
    assert.equal((await act({ paused: true })).status, 409, "not started");
    await send({ answers: ["a"] });
    const before = (await act({ paused: true })).body;
    assert.equal(before.state, "paused");
    assert.deepEqual(await send({ answers: ["b"] }), { refused: "exam-paused" });
    assert.deepEqual(await send({ isHandedIn: true }), { refused: "exam-paused" });
    assert.ok("paused" in (await send()), "a page that asks is told");
    const { db } = school.service;
    const attempts = db.updateTable("exam_attempts").where("id", "=", attempt.id);
    await attempts.set({ paused_at: new Date(Date.now() - 600_000), ends_at: new Date(Date.now() - 1000) }).execute();
    school.service.wakeWork();
    const after = (await act({ paused: false, addSeconds: 60 })).body;
    assert.equal(after.state, "sitting", "time has not handed it in");
    assert.ok(after.extraSeconds >= 660 && after.extraSeconds < 720, `${after.extraSeconds}`);
    assert.ok(Date.parse(after.endsAt) > Date.parse(before.endsAt) + 600_000, "the end moves");
    assert.ok("stored" in (await send({ answers: ["b"] })));
    assert.equal((await act({ end: true })).body.state, "handed-in");
    assert.equal((await act({ paused: true })).status, 409);
  });

  test("a supervisor and a candidate talk once the candidate accepts: each hears the other alone, it is told and noted, and ends", async (t) => {
    const school = await open(t);
    const { as, schoolId, exam: publish, student, entered, start } = await examSchool(school);
    const exam = await publish({ supervision: SUPERVISION });
    const { attempt, token } = await entered(exam.id, { as: (await student()).token, body: CONSENT });
    const stranger = await entered(exam.id, { as: (await student()).token, body: CONSENT });
    await start(attempt.id);
    const send = deviceOf(school, exam.id, attempt.id);
    const ask = (body: object = {}, who = as) =>
      school.call("POST", `/exams/${exam.id}/wall/${attempt.id}/talk`, { as: who, body });
    const reply = (talkId: string, answer: string, own = token) =>
      school.call("POST", `/exams/${exam.id}/talk`, { as: null, body: { token: own, talkId, answer } });
    const asked = (await ask()).body;
    assert.deepEqual(
      [asked.talk.state, asked.talk.isOwn, asked.streams],
      ["requested", true, null],
      "nothing is on before the candidate accepts",
    );
    const { id } = asked.talk;
    const told = await send();
    assert.ok("talk" in told && told.talk);
    assert.deepEqual([told.talk.id, told.talk.isOn, typeof told.talk.by], [id, false, "string"], "the candidate is told who it is");
    assert.deepEqual((await reply(id, "accept", stranger.token)).body, { streams: null }, "another candidate has no part in it");
    const other = await school.person(schoolId, "administrator");
    assert.equal((await ask({}, other.token)).status, 409, "one at a time");
    const candidate = (await reply(id, "accept")).body.streams;
    const supervisor = (await ask({ talkId: id })).body.streams;
    assert.ok(candidate.play.flv.includes(supervisor.publish.name) && supervisor.play.flv.includes(candidate.publish.name));
    assert.notEqual(candidate.publish.name, supervisor.publish.name);
    const detail = await school.ok("GET", `/exams/${exam.id}/wall/${attempt.id}`, { as: other.token });
    assert.deepEqual([detail.talk.state, detail.talk.isOwn], ["on", false], "other supervisors see that, and get no address of it");
    assert.ok(!JSON.stringify(detail).includes(candidate.publish.name));
    assert.deepEqual((await reply(id, "end")).body, { streams: null });
    assert.deepEqual(
      (await ask({ talkId: id })).body,
      { talk: null, streams: null },
      "who was hung up on does not ask again by itself",
    );
    assert.ok(!("talk" in (await send())));
    const again = (await ask()).body.talk;
    const next = (await reply(again.id, "accept")).body.streams;
    assert.notEqual(next.publish.name, candidate.publish.name, "an address of an earlier talk opens nothing of this one");
    const { db } = school.service;
    await db
      .updateTable("exam_talks")
      .set({ renewed_at: new Date(Date.now() - 31_000) })
      .where("id", "=", again.id)
      .execute();
    assert.deepEqual((await reply(again.id, "go-on")).body, { streams: null }, "a page that has gone ends it");
    const entries = await db.selectFrom("audit").select("action").where("target_id", "=", exam.id).orderBy("id").execute();
    assert.deepEqual(
      entries.map(({ action }) => action).filter((action) => action.endsWith("-talk")),
      [
        "examination.request-talk",
        "examination.begin-talk",
        "examination.end-talk",
        "examination.request-talk",
        "examination.begin-talk",
      ],
    );
  });

  test("what a supervisor has open of a candidate ends when the candidate is moved to another group, and of the others goes on", async (t) => {
    const school = await open(t);
    const { as, schoolId, exam: publish, student, entered } = await examSchool(school);
    const exam = await publish({ supervision: SUPERVISION });
    const entries = [
      await entered(exam.id, { as: (await student()).token, body: CONSENT }),
      await entered(exam.id, { as: (await student()).token, body: CONSENT }),
    ];
    const [moved, stays] = entries.map((entry) => entry.attempt.id);
    const inspector = await school.person(schoolId, "supervisor");
    const group = (name: string, supervisorIds: string[]) =>
      school.ok("POST", `/exams/${exam.id}/groups`, { as, body: { name, supervisorIds } });
    const [room, other] = [await group("Room 1", [inspector.id]), await group("Room 2", [])];
    const put = (attempt: string, groupId: string | null) =>
      school.ok("PATCH", `/exams/${exam.id}/wall/${attempt}`, { as, body: { groupId } });
    for (const attempt of [moved, stays]) {
      await put(attempt, room.id);
      await school.ok("GET", `/exams/${exam.id}/wall/${attempt}`, { as: inspector.token });
    }
    const { db } = school.service;
    const { stream_name } = await db.selectFrom("exams").select("stream_name").where("id", "=", exam.id).executeTakeFirstOrThrow();
    const ended = async () => (await examStreamPolicy(db, "live", stream_name ?? ""))?.removed;
    assert.deepEqual(await ended(), []);
    await put(moved, other.id);
    assert.deepEqual(await ended(), [lookName(inspector.id, moved)]);
    await put(moved, null);
    assert.deepEqual(await ended(), [lookName(inspector.id, moved)], "also where the candidate is in no group any more");
    await put(moved, room.id);
    assert.deepEqual(await ended(), [], "who is back may be seen again");
    await school.ok("PATCH", `/exams/${exam.id}/groups/${room.id}`, { as, body: { supervisorIds: [] } });
    assert.deepEqual(new Set(await ended()), new Set([lookName(inspector.id, moved), lookName(inspector.id, stays)]));
  });
});
