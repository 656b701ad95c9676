/** Data protection through the API: a person's data, erasing, exports, retention, consent, and deleting a school. Shares a process. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { sweepPersonalData } from "../packages/server/src/school/exchange/privacy/retention.ts";
import { makeCheckpoints } from "../packages/server/src/school/foundation/audit/checkpoints.ts";
import { sweepAudit } from "../packages/server/src/school/foundation/audit/retention.ts";
import { silentLog } from "../packages/server/src/school/foundation/store/test-database.ts";
import { until } from "./lectern.ts";
import { onPostgresFirst } from "./school-databases.ts";

const NAME = "Wáng Xiǎomíng";

onPostgresFirst((open) => {
  test("an erased person is nowhere any more; lessons, attendance and counts stay", async (t) => {
    const { ok, call, service, person } = await open(t);
    const { id: schoolId } = (await ok("GET", "/schools")).items[0];
    const webhook = await ok("POST", "/webhooks", { body: { url: "http://127.0.0.1:9/" } });
    const { id, token } = await person(schoolId, "teacher", "xiaoming.wang");
    await ok("PATCH", `/users/${id}`, { body: { name: NAME, email: "xiaoming@school.example", externalId: "S-4711" } });
    const course = await ok("POST", "/courses", { body: { name: "Maths" } });
    await ok("PUT", `/courses/${course.id}/members/${id}`, { body: { role: "teacher" } });
    const lesson = await ok("POST", "/lessons", { as: token, body: { title: "Fractions", courseId: course.id } });
    await ok("POST", `/lessons/${lesson.id}/join`, { as: token });

    const material = await ok("POST", "/materials", { as: token, body: { filename: "fractions.pdf", size: 10 } });
    const student = await person(schoolId, "student");
    assert.equal((await call("GET", `/users/${id}/archive`, { as: student.token })).status, 404, "of others, nobody gets the data");
    const archive = await ok("GET", `/users/${id}/archive`, { as: token });
    assert.deepEqual(
      [archive.person.name, archive.courses[0].name, archive.lessonsTaught[0].title, archive.participations[0].name],
      [NAME, "Maths", "Fractions", NAME],
    );
    assert.deepEqual(
      archive.materials.map(({ filename }: { filename: string }) => filename),
      ["fractions.pdf"],
    );
    assert.ok(archive.audit.some(({ action }: { action: string }) => action === "lesson.create"));
    for (const secret of ["argon2", token]) assert.ok(!JSON.stringify(archive).includes(secret), secret);

    assert.equal((await call("POST", `/users/${id}/erase`, { body: { login: "someone" } })).status, 409);
    assert.equal((await call("POST", `/users/${id}/erase`, { as: token, body: { login: "xiaoming.wang" } })).status, 403);
    const erased = await ok("POST", `/users/${id}/erase`, { body: { login: "xiaoming.wang" } });
    assert.deepEqual([erased.name, erased.email, erased.externalId, erased.hasPassword], ["removed person", null, null, false]);
    assert.equal((await call("GET", "/lessons", { as: token })).status, 401);
    // Nothing in any table tells who it was.
    const tables = [
      "users",
      "participants",
      "audit",
      "deliveries",
      "sessions",
      "idempotency",
      "course_members",
      "imports",
    ] as const;
    for (const table of tables) {
      const rows = JSON.stringify(await service.db.selectFrom(table).selectAll().execute());
      for (const trace of [NAME, "xiaoming", "S-4711"]) assert.ok(!rows.includes(trace), `${trace} is in ${table}`);
    }
    const { items } = await ok("GET", `/lessons/${lesson.id}/participants`);
    assert.deepEqual([items.length, items[0].name, items[0].userId], [1, "removed person", id]);
    assert.equal((await ok("GET", `/lessons/${lesson.id}`)).teacherId, id);
    assert.equal((await ok("GET", `/materials/${material.id}`)).ownerId, null, "the school goes on with the slides");
    const { items: deliveries } = await ok("GET", `/webhooks/${webhook.id}/deliveries`);
    assert.ok(deliveries.some(({ event }: { event: string }) => event === "user.erased"));
  });

  test("guests agree to the school's terms before they join, members need not; a guest's name can be erased", async (t) => {
    const { ok, call, person } = await open(t);
    const { id: schoolId } = (await ok("GET", "/schools")).items[0];
    const teacher = await person(schoolId, "teacher");
    const { id, code } = await ok("POST", "/lessons", { as: teacher.token, body: { title: "Open", guests: true } });
    await ok("PATCH", `/schools/${schoolId}`, { body: { guestConsent: "We note your name." } });
    assert.equal((await ok("GET", `/invitations/${code}`, { as: null })).guestConsent, "We note your name.");
    const join = (body: object, as: string | null = null) => call("POST", `/lessons/${code}/join`, { as, body });
    const refused = await join({ name: "Mei" });
    assert.deepEqual([refused.status, refused.body.code], [403, "consent-needed"]);
    const joined = await join({ name: "Mei", consent: true });
    assert.equal(joined.status, 200);
    assert.equal((await join({ token: joined.body.token })).status, 200, "who has agreed is not asked again");
    assert.equal((await join({}, teacher.token)).status, 200);
    const participants = await ok("GET", "/exports/participants");
    assert.deepEqual(
      participants.items.map(({ name, consentedAt }: { name: string; consentedAt: string | null }) => [name, consentedAt !== null]),
      [
        ["Mei", true],
        ["The teacher", false],
      ],
    );
    await ok("POST", `/lessons/${id}/participants/${joined.body.viewer}/erase`);
    const { items } = await ok("GET", `/lessons/${id}/participants`);
    assert.deepEqual(items.map(({ name }: { name: string }) => name).toSorted(), ["The teacher", "removed person"]);
  });

  test("exports have who was expected and who came, page by page, without formulas", async (t) => {
    const { ok, call, person } = await open(t);
    const { id: schoolId } = (await ok("GET", "/schools")).items[0];
    const [anna, ben] = [await person(schoolId, "student", "anna"), await person(schoolId, "student", "ben")];
    await ok("PATCH", `/users/${ben.id}`, { body: { name: "=HYPERLINK(1)" } });
    const course = await ok("POST", "/courses", { body: { name: "Maths" } });
    for (const { id } of [anna, ben]) await ok("PUT", `/courses/${course.id}/members/${id}`, { body: { role: "student" } });
    const { id, code } = await ok("POST", "/lessons", { body: { title: "One", courseId: course.id, guests: true } });
    await ok("POST", `/lessons/${id}/start`);
    await ok("POST", `/lessons/${id}/join`, { as: anna.token });
    await ok("POST", `/lessons/${code}/join`, { as: null, body: { name: "Guest" } });
    const { items } = await ok("GET", "/exports/attendance");
    assert.deepEqual(
      items.map(({ login, status }: { login: string | null; status: string }) => [login, status]),
      [
        ["anna", "present"],
        [null, "guest"],
        ["ben", "absent"],
      ],
    );
    const csv = await call("GET", "/exports/attendance.csv");
    assert.match(String(csv.headers["content-type"]), /^text\/csv/);
    assert.match(csv.body, /,'=HYPERLINK\(1\),/);
    const all = (await ok("GET", "/exports/audit")).items.map((row: { id: string }) => row.id);
    const first = await call("GET", "/exports/audit.csv?limit=2");
    const next = String(first.headers["lectern-next-cursor"]);
    assert.equal(next, all[1]);
    assert.equal((await ok("GET", `/exports/audit?cursor=${next}&limit=1`)).items[0].id, all[2]);
    for (const kind of ["audit", "participants", "attendance"]) {
      assert.equal((await call("GET", `/exports/${kind}`, { as: anna.token })).status, 403);
      const other = await ok("POST", "/schools", { body: { slug: `s-${kind}`, name: "Other" } });
      const stranger = await person(other.id, "administrator", `admin-${kind}`);
      const seen = JSON.stringify((await ok("GET", `/exports/${kind}`, { as: stranger.token })).items);
      assert.ok(!seen.includes(id) && !seen.includes(anna.id), kind);
    }
  });

  test("audit entries and names go when the school's time for them is over; people still count", async (t) => {
    const { ok, service } = await open(t);
    const { id: schoolId } = (await ok("GET", "/schools")).items[0];
    const { id, code } = await ok("POST", "/lessons", { body: { title: "One", guests: true } });
    await ok("POST", `/lessons/${code}/join`, { as: null, body: { name: "Mei" } });
    const inDays = async (days: number) => {
      // As each minute does.
      await makeCheckpoints({ db: service.db, log: silentLog, secrets: () => ["a secret"] });
      const now = Date.now() + days * 86_400_000;
      await sweepPersonalData(service.db, now);
      await sweepAudit({ db: service.db, secrets: () => ["a secret"], platformDays: () => 0 }, now);
    };
    await inDays(10_000);
    assert.equal((await ok("GET", `/lessons/${id}/participants`)).items[0].name, "Mei", "nothing is erased without a setting");
    await ok("PATCH", `/schools/${schoolId}`, { body: { keepNamesDays: 30, keepAuditDays: 200 } });
    const entries = async () => (await ok("GET", `/audit?schoolId=${schoolId}&kind=changes`)).items.length;
    const before = await entries();
    await inDays(31);
    assert.deepEqual([(await ok("GET", `/lessons/${id}/participants`)).items[0].name, await entries()], ["removed person", before]);
    await inDays(201);
    assert.equal(await entries(), 0);
  });

  test("a school is deleted with everything of it, after it was archived and named; the other school keeps all", async (t) => {
    const { ok, call, service, person, asked } = await open(t);
    const { id: kept } = (await ok("GET", "/schools")).items[0];
    const count = async (schoolId: string) => {
      const counts: Record<string, number> = {};
      for (const table of [
        "users",
        "courses",
        "lessons",
        "webhooks",
        "audit",
        "recordings",
        "sources",
        "ladders",
        "link_keys",
        "policies",
        "address_lists",
      ] as const)
        counts[table] = (await service.db.selectFrom(table).select("id").where("school_id", "=", schoolId).execute()).length;
      const forwards = service.db.selectFrom("forwards").innerJoin("lessons", "lessons.id", "lesson_id").select("forwards.id");
      counts["forwards"] = (await forwards.where("school_id", "=", schoolId).execute()).length;
      return counts;
    };
    const gone = await ok("POST", "/schools", { body: { slug: "gone", name: "Gone" } });
    for (const schoolId of [kept, gone.id]) {
      const teacher = await person(schoolId, "teacher", `t-${schoolId}`);
      const course = await ok("POST", "/courses", { body: { schoolId, name: "Maths" } });
      await ok("PUT", `/courses/${course.id}/members/${teacher.id}`, { body: { role: "teacher" } });
      const lesson = await ok("POST", "/lessons", { as: teacher.token, body: { title: "One", courseId: course.id } });
      await ok("POST", `/lessons/${lesson.id}/join`, { as: teacher.token });
      await ok("POST", "/webhooks", { body: { schoolId, url: "http://127.0.0.1:9/" } });
      const rungs = [{ name: "sd", height: 480 }];
      const { id: ladder } = await ok("POST", "/ladders", { body: { schoolId, name: "Own", rungs } });
      await ok("PATCH", `/courses/${course.id}`, { body: { ladder } });
      const { id: list } = await ok("POST", "/address-lists", { body: { schoolId, name: "Blocked" } });
      const denied = { kind: "addresses", for: "play", deny: [`list:${list}`] };
      for (const target of [
        { level: "school", id: schoolId },
        { level: "lesson", id: lesson.id },
      ])
        await ok("POST", "/policies", { body: { target, rules: [denied] } });
      await ok("POST", "/link-keys", { body: { schoolId, name: "Own", scheme: "nginx" } });
      const url = "rtmp://live.example/app/key";
      await ok("POST", `/lessons/${lesson.id}/forwards`, { body: { title: "Platform", url } });
      for (const stream of [{ lessonId: lesson.id }, { name: `yard-${schoolId}` }])
        await ok("POST", "/sources", { body: { schoolId, title: "Yard", addresses: ["rtsp://camera.example"], ...stream } });
      const files = [`recordings/${schoolId}.flv`];
      const update = {
        id: lesson.id.replace(/.$/, "0"),
        ...lesson.stream,
        epoch: "e",
        startedAt: 1,
        seconds: 1,
        bytes: 1,
        whole: true,
        files,
        node: "n",
        epochs: ["e"],
        spans: [[1, 1001]] as const,
      };
      await service.answers.recordingSeen(update);
    }
    const before = await count(kept);
    assert.ok(Object.values(await count(gone.id)).every((rows) => rows > 0));
    assert.equal((await call("DELETE", `/schools/${gone.id}?slug=gone`)).status, 409, "it is archived first");
    await ok("PATCH", `/schools/${gone.id}`, { body: { archived: true } });
    assert.equal((await call("DELETE", `/schools/${gone.id}?slug=other`)).status, 409);
    assert.equal((await call("DELETE", `/schools/${gone.id}?slug=gone`)).status, 202);
    await until(async () => (await call("GET", `/schools/${gone.id}`)).status === 404, "the end of the school");
    const left = Object.entries(await count(gone.id)).filter(([, rows]) => rows > 0);
    assert.deepEqual(left, []);
    assert.deepEqual(await count(kept), before);
    assert.ok(asked.includes(`remove recordings/${gone.id}.flv`));
    assert.ok(!asked.includes(`remove recordings/${kept}.flv`));
    const { items } = await ok("GET", `/audit?targetId=${gone.id}`);
    assert.deepEqual(
      items.map(({ action }: { action: string }) => action),
      ["school.deleted", "school.delete"],
    );
  });
});
