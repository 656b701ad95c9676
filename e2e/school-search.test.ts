/**
 * Searches recordings through the API: who finds what, and that nothing is found that a replay does not show: what was deleted, taken out of the transcript, said to
 * staff, erased with a person, or stands in a recording that is hidden or deleted. Shares a process.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { newId } from "../packages/server/src/platform/id.ts";
import { json } from "../packages/server/src/platform/store/store.ts";
import { WORDS } from "../packages/server/src/school/classroom/search/search-index.ts";
import { numbersOf } from "../packages/server/src/school/foundation/encryption/blind-words.ts";
import { openSchool, type TestSchool } from "./school.ts";
import { onEachDatabase } from "./school-databases.ts";
import { withTurns } from "./school-turns.ts";

type Someone = { readonly id: string; readonly token: string };
type Hit = { readonly kind: string; readonly seconds: number; readonly text: string; readonly marks: readonly [number, number][] };
type FoundRecording = { readonly recordingId: string; readonly title: string; readonly hits: readonly Hit[] };

const SECONDS = 600;

/** A lesson of a course that is over, with what was said in it, and recordings of it. */
async function teach(school: TestSchool, more: { readonly title?: string; readonly word?: string } = {}) {
  const { ok, person, service } = school;
  const { title = "Fractions", word = "numerator" } = more;
  const schoolId: string = (await ok("GET", "/schools")).items[0].id;
  const [teacher, anna, left] = [
    await person(schoolId, "teacher"),
    await person(schoolId, "student"),
    await person(schoolId, "student"),
  ];
  const course = await ok("POST", "/courses", { body: { schoolId, name: title } });
  for (const [{ id }, role] of [
    [teacher, "teacher"],
    [anna, "student"],
    [left, "student"],
  ] as const)
    await ok("PUT", `/courses/${course.id}/members/${id}`, { body: { role } });
  const lesson = await ok("POST", "/lessons", { as: teacher.token, body: { title, courseId: course.id, guests: true } });
  await ok("POST", `/lessons/${lesson.id}/start`, { as: teacher.token });
  const begin = Date.now();
  for (const { token } of [teacher, anna, left]) await ok("POST", `/lessons/${lesson.id}/join`, { as: token });
  const guest = await ok("POST", `/lessons/${lesson.code}/join`, { as: null, body: { name: "Guest" } });
  let ids = 0;
  const say = async (who: Someone, kind: string, body: object): Promise<{ ref: string; seq: number }> => {
    const entry = { id: `said-${++ids}`, kind, ...body };
    const { answer, seq } = await ok("POST", `/lessons/${lesson.id}/room/entries`, { as: who.token, body: entry });
    return { ref: answer?.ref ?? "", seq };
  };
  const hear = async (ref: string, second: number, text: string) => {
    const spoken = { ref, start: second * 1000, end: second * 1000 + 900, spokenAt: begin + second * 1000 };
    const caption = { ...spoken, isFinal: true, text, language: "" };
    await service.roomRequest({ kind: "captions", room: lesson.id, captions: [{ id: newId(), caption }] });
  };
  const record = async (name: string, columns: object = {}): Promise<string> => {
    const id = newId();
    const row = { id, school_id: schoolId, lesson_id: lesson.id, app: "live", name, epoch: id, title: name };
    // What people say in a test follows within its first second.
    const times = { started_at: new Date(begin - 1000), seconds: SECONDS, bytes: 1, whole: true, published: true };
    const lists = { files: json<readonly string[]>([]), chapters: json([]) };
    await service.db
      .insertInto("recordings")
      .values({ ...row, ...times, ...lists, ...columns })
      .execute();
    return id;
  };
  const end = async () => {
    await ok("POST", `/lessons/${lesson.id}/end`, { as: teacher.token });
    await indexed(school, lesson.id);
  };
  return { schoolId, course, lesson, teacher, anna, left, guest, say, hear, record, end, word };
}

/** Waits until everything that was said in a lesson can be found. */
async function indexed({ service }: TestSchool, lessonId: string): Promise<void> {
  const room = () => service.db.selectFrom("rooms").select("search_at").where("lesson_id", "=", lessonId).executeTakeFirst();
  await withTurns(service)(async () => (await room())?.search_at === null, "a lesson that can be searched");
}

function searches({ call, ok }: TestSchool) {
  const find = async (as: string | null, text: string, query = ""): Promise<readonly FoundRecording[]> =>
    (await ok("GET", `/search?text=${encodeURIComponent(text)}${query}`, { as })).items;
  const within = async (as: string | null, recordingId: string, text: string): Promise<readonly Hit[]> =>
    (await ok("GET", `/recordings/${recordingId}/search?text=${encodeURIComponent(text)}`, { as })).items;
  const status = async (as: string | null, path: string): Promise<number> => (await call("GET", path, { as })).status;
  return { find, within, status };
}

const textsOf = (hits: readonly Hit[]): readonly string[] => hits.map(({ text }) => text);

onEachDatabase((open, openStore) => {
  test("what was said, asked and written is found at its second, in both writings, and marked", async (t) => {
    const school = await open(t);
    const { hear, say, record, end, teacher, anna } = await teach(school);
    const recordingId = await record("The lesson");
    await hear(newId(), 30, "A numerator stands above the line.");
    await hear(newId(), 95, "我们今天讲二次函数的图像。");
    await say(anna, "chat", { text: "Is the numerator the number above?" });
    const asked = await say(anna, "question", { action: "ask", text: "What is a denominator?" });
    await say(teacher, "question", { action: "answer", ref: asked.ref, text: "The number below." });
    await end();
    const { find, within } = searches(school);
    const [found] = await find(anna.token, "Numerators");
    assert.deepEqual([found?.recordingId, found?.title], [recordingId, "The lesson"]);
    assert.deepEqual(
      found?.hits.map(({ kind, text, marks }) => [kind, marks.map(([from, to]) => text.slice(from, to))]),
      [
        ["chat", ["numerator"]],
        ["transcript", ["numerator"]],
      ],
    );
    const [chat, spoken] = found?.hits ?? [];
    assert.ok(chat && chat.seconds >= 1 && chat.seconds < 30);
    assert.equal(spoken?.seconds, 31);
    const [chinese] = await within(anna.token, recordingId, "二次函数");
    assert.deepEqual([chinese?.kind, chinese?.seconds, chinese?.text], ["transcript", 96, "我们今天讲二次函数的图像。"]);
    assert.deepEqual(await within(anna.token, recordingId, "二次图像"), []);
    assert.deepEqual(textsOf(await within(anna.token, recordingId, "below")), ["What is a denominator?\nThe number below."]);
    for (const nothing of ["？！", "numerator nothing"]) assert.deepEqual(await find(anna.token, nothing), []);
  });

  test("each person finds what a replay would show, and nobody else anything", async (t) => {
    const school = await open(t);
    const { ok, person } = school;
    const { schoolId, hear, record, end, teacher, anna, left, course, lesson, guest, word } = await teach(school);
    const open_ = await record("Open");
    const hidden = await record("Hidden", { published: false });
    const deleted = await record("Deleted", { deleted_at: new Date() });
    await hear(newId(), 30, `The ${word}`);
    await end();
    await ok("DELETE", `/courses/${course.id}/members/${left.id}`);
    const other = await ok("POST", "/schools", { body: { slug: "other", name: "Other" } });
    const otherCourse = await ok("POST", "/courses", { body: { schoolId, name: "Other course" } });
    const ofOtherCourse = await person(schoolId, "student");
    await ok("PUT", `/courses/${otherCourse.id}/members/${ofOtherCourse.id}`, { body: { role: "student" } });
    const { find, status } = searches(school);
    const finds: Readonly<Record<string, readonly [token: string | undefined, recordings: readonly string[]]>> = {
      "its teacher": [teacher.token, [hidden, open_]],
      "an administrator": [(await person(schoolId, "administrator")).token, [hidden, open_]],
      "an operator": [undefined, [hidden, open_]],
      "a student of the course": [anna.token, [open_]],
      "a student who has left it": [left.token, []],
      "a student of another course": [ofOtherCourse.token, []],
      "a teacher without the course": [(await person(schoolId, "teacher")).token, []],
      "an assistant without the course": [(await person(schoolId, "assistant")).token, []],
      "a supervisor": [(await person(schoolId, "supervisor")).token, []],
      "an administrator of another school": [(await person(other.id, "administrator")).token, []],
      "a student of another school": [(await person(other.id, "student")).token, []],
    };
    for (const [who, [token, recordings]] of Object.entries(finds)) {
      const found = (await ok("GET", `/search?text=${word}`, token === undefined ? {} : { as: token })).items as FoundRecording[];
      assert.deepEqual(found.map(({ recordingId }) => recordingId).sort(), [...recordings].sort(), who);
      for (const id of [open_, hidden, deleted]) {
        const { status: code } = await school.call(
          "GET",
          `/recordings/${id}/search?text=${word}`,
          token === undefined ? {} : { as: token },
        );
        assert.equal(code, recordings.includes(id) ? 200 : 404, `${who}: ${id}`);
      }
    }
    // Guests have no account, with which one searches.
    for (const path of [`/search?text=${word}`, `/recordings/${open_}/search?text=${word}`]) {
      assert.equal(await status(null, path), 401);
      assert.equal(await status(guest.token, path), 401);
    }
    // What ends a right ends it here at once.
    await ok("PATCH", `/recordings/${open_}`, { as: teacher.token, body: { published: false } });
    assert.deepEqual(await find(anna.token, word), []);
    await ok("PATCH", `/recordings/${open_}`, { as: teacher.token, body: { published: true } });
    assert.equal((await find(anna.token, word)).length, 1);
    await ok("DELETE", `/recordings/${open_}`, { as: teacher.token });
    assert.deepEqual(await find(anna.token, word), []);
    await ok("POST", `/recordings/${open_}/restore`, { as: teacher.token });
    await ok("DELETE", `/lessons/${lesson.id}`, { as: teacher.token });
    assert.deepEqual(await find(anna.token, word), []);
  });

  test("a line that was deleted is not found, nor one that is deleted later, one to staff, and one that was taken out of the transcript", async (t) => {
    const school = await open(t);
    const { ok } = school;
    const { hear, say, record, end, teacher, anna, lesson } = await teach(school);
    const recordingId = await record("The lesson");
    const [rude, later] = [
      await say(anna, "chat", { text: "a rude numerator" }),
      await say(anna, "chat", { text: "a later numerator" }),
    ];
    await say(anna, "chat", { text: "a secret numerator", to: "staff" });
    await say(anna, "chat", { text: "a good numerator" });
    await say(teacher, "moderation", { action: "delete", key: `chat/${rude.ref}` });
    const [wrong, right] = [newId(), newId()];
    await hear(wrong, 30, "a nominator");
    await hear(right, 40, "a spoken numerator");
    await end();
    const { within } = searches(school);
    const all = async (as = teacher.token) => textsOf(await within(as, recordingId, "numerator"));
    assert.deepEqual(await all(), ["a later numerator", "a good numerator", "a spoken numerator"]);
    // At once, before it is made searchable again.
    await say(teacher, "moderation", { action: "delete", key: `chat/${later.ref}` });
    assert.deepEqual(await all(), ["a good numerator", "a spoken numerator"]);
    const line = (ref: string) => `/recordings/${recordingId}/transcript/lines/${ref}`;
    await ok("PUT", line(wrong), { as: teacher.token, body: { text: "a corrected numerator" } });
    await ok("PUT", line(right), { as: teacher.token, body: { text: "" } });
    await indexed(school, lesson.id);
    assert.deepEqual(await all(anna.token), ["a good numerator", "a corrected numerator"]);
    assert.deepEqual(await within(teacher.token, recordingId, "nominator"), []);
    await say(teacher, "moderation", { action: "restore", key: `chat/${rude.ref}` });
    await indexed(school, lesson.id);
    assert.deepEqual(await all(), ["a rude numerator", "a good numerator", "a corrected numerator"]);
    // Of a person who is erased no word is found at once, and the others' again soon.
    const { login } = await ok("GET", `/users/${anna.id}`);
    await ok("POST", `/users/${anna.id}/erase`, { body: { login } });
    assert.ok((await all()).every((text) => text === "a corrected numerator"));
    await indexed(school, lesson.id);
    assert.deepEqual(await all(), ["a corrected numerator"]);
  });

  test("a list is the newest recording first, page by page, of a course where one asks for that", async (t) => {
    const school = await open(t);
    const first = await teach(school, { title: "First" });
    const second = await teach(school, { title: "Second" });
    await first.record("One", { started_at: new Date(Date.now() - 3000) });
    await second.record("Two", { started_at: new Date(Date.now() - 2000) });
    for (const { hear, end } of [first, second]) {
      await hear(newId(), 30, "numerator");
      await end();
    }
    const { ok } = school;
    const page = await ok("GET", "/search?text=numerator&limit=1");
    assert.deepEqual(
      page.items.map(({ title }: FoundRecording) => title),
      ["Two"],
    );
    const next = await ok("GET", `/search?text=numerator&limit=1&cursor=${page.nextCursor}`);
    assert.deepEqual([next.items.map(({ title }: FoundRecording) => title), next.nextCursor], [["One"], null]);
    const { find } = searches(school);
    const ofCourse = await find(first.teacher.token, "numerator", `&courseId=${first.course.id}`);
    assert.deepEqual(
      ofCourse.map(({ title }) => title),
      ["One"],
    );
  });

  test("encrypted at rest, nothing that was said is readable in the index, and it is found", async (t) => {
    const store = await openStore();
    const school = await openSchool(t, { store, atRest: true });
    const { hear, record, end, anna } = await teach(school);
    const recordingId = await record("The lesson");
    await hear(newId(), 30, "a numerator 二次函数");
    await end();
    const [block] = await store.db.selectFrom("search_blocks").selectAll().execute();
    assert.match(block?.data_key ?? "", /^[\w-]{8}$/);
    assert.deepEqual(Object.keys(block?.lines ?? {}), ["encrypted"]);
    // As a thief of the database would try words that everybody knows how to number.
    const plain = numbersOf(store.db, WORDS, "numerator");
    assert.ok(plain.length === 1 && !plain.some((number) => block?.words.includes(number)));
    const { within } = searches(school);
    for (const text of ["numerator", "函数", "二"]) assert.equal((await within(anna.token, recordingId, text)).length, 1, text);
  });
});
