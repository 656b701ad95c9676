/** Lessons through the API: creation, lists, joining, life cycle, deletion. Shares a process. */
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";
import { until } from "./lectern.ts";
import { onPostgresFirst } from "./school-databases.ts";

onPostgresFirst((open) => {
  test("a lesson has its own stream, key and code; what is not said has its default", async (t) => {
    const { ok, call } = await open(t);
    const { status, body, headers } = await call("POST", "/lessons", { body: { title: "  Algebra " } });
    assert.equal(status, 201);
    assert.equal(headers["etag"], '"v1"');
    assert.equal(body.title, "Algebra");
    assert.deepEqual(
      [body.state, body.mode, body.guests, body.record, body.capacity],
      ["scheduled", "broadcast", true, false, null],
    );
    assert.match(body.code, /^[2-9A-HJ-NP-Z]{8}$/);
    assert.match(body.stream.name, /^lesson-[a-z2-7]{16}$/);
    assert.equal(body.joinUrl, `http://school.example/j/${body.code}`);
    assert.equal(body.stream.rtmpUrl, `rtmp://school.example/live/${body.stream.name}?key=${body.stream.publishKey}`);
    const { app, name, publishKey, srtUrl } = body.stream;
    assert.equal(srtUrl, `srt://school.example:10080?streamid=publish:${app}/${name}:${publishKey}`);
    const other = await ok("POST", "/lessons", { body: { title: "Algebra" } });
    for (const key of ["id", "code"]) assert.notEqual(other[key], body[key]);
    assert.notEqual(other.stream.publishKey, body.stream.publishKey);
  });

  test("what is wrong with a request is said field by field, and nothing is done", async (t) => {
    const { call, ok } = await open(t);
    const cases: [unknown, string[]][] = [
      [{}, ["title"]],
      [{ title: "" }, ["title"]],
      [{ title: "x".repeat(201) }, ["title"]],
      [{ title: "x", colour: "red", size: 3 }, ["colour", "size"]],
      [{ title: "x", startsAt: "tomorrow" }, ["startsAt"]],
      [{ title: "x", startsAt: "2026-11-20T09:00:00" }, ["startsAt"]],
      [{ title: "x", startsAt: "2026-11-20T10:00:00Z", endsAt: "2026-11-20T17:30:00+08:00" }, ["endsAt"]],
      [{ title: "x", mode: "loud", capacity: 0 }, ["mode", "capacity"]],
      [{ title: "x", courseId: "../../x" }, ["courseId"]],
    ];
    for (const [body, paths] of cases) {
      const answer = await call("POST", "/lessons", { body });
      assert.deepEqual([answer.status, answer.body.code], [400, "bad-request"], JSON.stringify(body));
      assert.deepEqual(
        answer.body.errors.map(({ path }: { path: string }) => path),
        paths,
      );
    }
    assert.equal((await call("POST", "/lessons", { body: "{" })).status, 400);
    assert.equal((await call("POST", "/lessons", { csv: "title\na\n" })).status, 415);
    const wrongMethod = await call("PUT", "/lessons", { body: { title: "a" } });
    assert.deepEqual([wrongMethod.status, wrongMethod.headers["allow"]], [405, "GET, HEAD, OPTIONS, POST"]);
    assert.equal((await call("GET", "/lessons?limit=0")).status, 400);
    assert.equal((await call("GET", "/lessons?limt=5")).body.errors[0].path, "limt");
    assert.equal((await call("POST", "/lessons", { body: { title: "x".repeat(2_000_000) } })).status, 413);
    assert.deepEqual((await ok("GET", "/lessons")).items, []);
  });

  test("times of other zones are the same instants, whatever their offset", async (t) => {
    const { ok } = await open(t);
    const made = await ok("POST", "/lessons", { body: { title: "x", startsAt: "2026-11-20T09:00:00+08:00" } });
    assert.equal(made.startsAt, "2026-11-20T01:00:00.000Z");
    const { items } = await ok("GET", `/lessons?from=${encodeURIComponent("2026-11-19T20:00:00-05:00")}&to=2026-11-20T01:00:01Z`);
    assert.equal(items.length, 1);
  });

  test("lists go on behind the last that was seen, and nothing is missed or doubled", async (t) => {
    const { ok } = await open(t);
    const made: string[] = [];
    for (let i = 0; i < 25; i++) made.push((await ok("POST", "/lessons", { body: { title: `lesson ${i}` } })).id);
    const seen: string[] = [];
    for (let cursor = ""; ; ) {
      const { items, nextCursor } = await ok("GET", `/lessons?limit=10${cursor && `&cursor=${cursor}`}`);
      seen.push(...items.map(({ id }: { id: string }) => id));
      if (nextCursor === null) break;
      cursor = nextCursor;
    }
    assert.deepEqual(seen, made);
  });

  test("a creation that is repeated with the same idempotency key is made once, also at the same moment", async (t) => {
    const { call, ok } = await open(t);
    const create = (title: string) => call("POST", "/lessons", { body: { title }, headers: { "idempotency-key": "monday" } });
    const answers = await Promise.all([create("Maths"), create("Maths"), create("Maths")]);
    assert.deepEqual(
      answers.map(({ status }) => status),
      [201, 201, 201],
    );
    assert.equal(new Set(answers.map(({ body }) => body.id)).size, 1);
    assert.equal((await ok("GET", "/lessons")).items.length, 1);
    const other = await create("Physics");
    assert.deepEqual([other.status, other.body.code], [409, "conflict"]);
  });

  test("a change is refused when somebody else was faster", async (t) => {
    const { call, ok } = await open(t);
    const { id } = await ok("POST", "/lessons", { body: { title: "Maths" } });
    const change = (title: string, tag: string) =>
      call("PATCH", `/lessons/${id}`, { body: { title }, headers: { "if-match": tag } });
    const first = await change("Maths 1", '"v1"');
    assert.deepEqual([first.status, first.headers["etag"]], [200, '"v2"']);
    assert.deepEqual((await change("Maths 2", '"v1"')).body.code, "precondition-failed");
    assert.equal((await change("Maths 2", "nonsense")).status, 412);
    assert.equal((await ok("GET", `/lessons/${id}`)).title, "Maths 1");
    assert.equal((await call("PATCH", `/lessons/${id}`, { body: { title: "Maths 3" } })).status, 200);
  });

  test("a guest joins with the code, comes back as the same person with the token, and not after being taken out", async (t) => {
    const { call, ok, asked } = await open(t);
    const lesson = await ok("POST", "/lessons", { body: { title: "Maths" } });
    const typed = `${lesson.code.slice(0, 4).toLowerCase()} - ${lesson.code.slice(4).toLowerCase()}`;
    const join = (path: string, body: unknown) => call("POST", `/lessons/${encodeURIComponent(path)}/join`, { as: null, body });
    const first = await join(typed, { name: "Anna" });
    assert.equal(first.status, 200, JSON.stringify(first.body));
    const url = new URL(first.body.play.flv);
    assert.equal(url.searchParams.get("viewer"), first.body.viewer);
    const expires = url.searchParams.get("expires");
    const name = lesson.stream.name;
    const sign = createHmac("sha256", "link-secret").update(`/live/${name}\n${expires}\n\n${first.body.viewer}`).digest("hex");
    assert.equal(url.searchParams.get("sign"), sign);
    assert.equal(first.body.lesson.stream, null, "no publish key for guests");
    const renewed = await join(lesson.code, { token: first.body.token });
    assert.deepEqual([renewed.body.viewer, renewed.body.token], [first.body.viewer, null]);
    assert.equal((await join(lesson.id, { name: "Ben" })).body.code, "guests-not-allowed", "the id alone is no invitation");
    assert.equal((await join(lesson.id, { name: "Ben", code: lesson.code })).status, 200);
    assert.equal((await join(lesson.code, {})).body.code, "bad-request");
    assert.equal((await join("AAAABBBB", { name: "Ben" })).body.code, "no-such-lesson");
    await ok("DELETE", `/lessons/${lesson.id}/participants/${first.body.viewer}`);
    assert.ok(asked.includes(`rule live/${name}`));
    assert.equal((await join(lesson.code, { token: first.body.token })).body.code, "removed-from-lesson");
    const { items } = await ok("GET", `/lessons/${lesson.id}/participants`);
    assert.deepEqual(
      items.map((one: { name: string; removedAt: string | null }) => [one.name, one.removedAt !== null]),
      [
        ["Anna", true],
        ["Ben", false],
      ],
    );
    const told = asked.length;
    const readmitted = await ok("POST", `/lessons/${lesson.id}/participants/${first.body.viewer}/readmit`);
    assert.equal(readmitted.removedAt, null);
    assert.ok(asked.slice(told).includes(`rule live/${name}`), "media workers fetch the rule again");
    assert.equal((await join(lesson.code, { token: first.body.token })).body.viewer, first.body.viewer);
  });

  test("a lesson that was ended refuses a join, or says so where the request asks for that; other refusals stay", async (t) => {
    const { call, ok } = await open(t);
    const lesson = await ok("POST", "/lessons", { body: { title: "Maths" } });
    const join = (body: object) => call("POST", `/lessons/${lesson.code}/join`, { as: null, body });
    assert.equal((await join({ unlessEnded: true })).body.code, "bad-request");
    assert.equal((await join({ name: "Anna", unlessEnded: true })).status, 200);
    await ok("POST", `/lessons/${lesson.id}/start`);
    await ok("POST", `/lessons/${lesson.id}/end`);
    const refused = await join({ name: "Ben" });
    assert.deepEqual([refused.status, refused.body.code], [409, "lesson-ended"]);
    const told = await join({ name: "Ben", unlessEnded: true });
    assert.deepEqual([told.status, told.headers["content-length"]], [202, "0"]);
  });

  test("a teacher who has joined cannot remove themselves, and can remove and readmit others", async (t) => {
    const { call, ok, person } = await open(t);
    const schoolId = (await ok("GET", "/schools")).items[0].id;
    const teacher = await person(schoolId, "teacher");
    const lesson = await ok("POST", "/lessons", { as: teacher.token, body: { title: "Maths" } });
    const joined = await ok("POST", `/lessons/${lesson.id}/join`, { as: teacher.token });
    const path = `/lessons/${lesson.id}/participants`;
    const refused = await call("DELETE", `${path}/${joined.viewer}`, { as: teacher.token });
    assert.deepEqual([refused.status, refused.body.code], [409, "conflict"]);
    assert.equal((await ok("POST", `/lessons/${lesson.id}/join`, { as: teacher.token })).viewer, joined.viewer);
    const guest = await ok("POST", `/lessons/${lesson.code}/join`, { as: null, body: { name: "Anna" } });
    assert.equal((await call("DELETE", `${path}/${guest.viewer}`, { as: teacher.token })).status, 204);
    assert.equal((await call("POST", `${path}/${guest.viewer}/readmit`, { as: null })).status, 401);
    assert.equal((await ok("POST", `${path}/${guest.viewer}/readmit`, { as: teacher.token })).removedAt, null);
    assert.equal((await call("POST", `${path}/${"0".repeat(26)}/readmit`, { as: teacher.token })).status, 404);
  });

  test("a lesson without guests lets in its course and nobody else; a full one nobody more", async (t) => {
    const { call, ok, person } = await open(t);
    const { id: schoolId } = (await ok("GET", "/schools")).items[0];
    const [inside, outside] = [await person(schoolId, "student", "in"), await person(schoolId, "student", "out")];
    const course = await ok("POST", "/courses", { body: { name: "Maths" } });
    await ok("PUT", `/courses/${course.id}/members/${inside.id}`, { body: { role: "student" } });
    const lesson = await ok("POST", "/lessons", { body: { title: "Maths", courseId: course.id, guests: false } });
    const join = (as: string | null) => call("POST", `/lessons/${lesson.code}/join`, { as, body: { name: "Me" } });
    assert.deepEqual([(await join(inside.token)).status, (await join(inside.token)).status], [200, 200]);
    assert.equal((await join(outside.token)).body.code, "guests-not-allowed");
    assert.equal((await join(null)).body.code, "guests-not-allowed");
    const small = await ok("POST", "/lessons", { body: { title: "Two", mode: "one-to-one" } });
    const guests = await Promise.all(
      Array.from({ length: 6 }, (_, i) => call("POST", `/lessons/${small.code}/join`, { as: null, body: { name: `${i}` } })),
    );
    assert.deepEqual(guests.map(({ status }) => status).sort(), [200, 200, 503, 503, 503, 503]);
    assert.equal(guests.find(({ status }) => status === 503)?.body.code, "lesson-full");
  });

  test("wrong codes end in a refusal with the time to wait, right codes and guests' tokens work all the while", async (t) => {
    const { call, ok, service } = await open(t);
    const tryOne = async (ip: string) => (await call("GET", "/invitations/AAAABBBB", { as: null, ip })).body.code;
    assert.equal(await tryOne("10.0.0.66"), "no-such-lesson");
    await service.db.updateTable("attempts").set({ failures: 299 }).where("key", "=", "code 10.0.0.66").execute();
    assert.deepEqual([await tryOne("10.0.0.66"), await tryOne("10.0.0.66")], ["no-such-lesson", "too-many"]);
    assert.equal(await tryOne("10.0.0.67"), "no-such-lesson", "others are not locked");
    const refused = await call("GET", "/invitations/AAAABBBB", { as: null, ip: "10.0.0.66" });
    const wait = Number(refused.headers["retry-after"]);
    assert.ok(wait > 500 && wait <= 600, `${wait}`);
    const { code } = await ok("POST", "/lessons", { body: { title: "Open" } });
    assert.equal((await call("GET", `/invitations/${code}`, { as: null, ip: "10.0.0.66" })).status, 200);
    const guest = { as: null, ip: "10.0.0.66" };
    const { token } = await ok("POST", `/lessons/${code}/join`, { ...guest, body: { name: "Mei" } });
    assert.equal((await call("POST", `/lessons/${code}/join`, { ...guest, body: { token } })).status, 200);
  });

  test("problem reports are limited for a person and for an address, with the time to wait", async (t) => {
    const { call, ok, person } = await open(t);
    const { id: schoolId } = (await ok("GET", "/schools")).items[0];
    const { id } = await ok("POST", "/lessons", { body: { title: "Maths" } });
    const { token } = await person(schoolId, "student");
    const report = (as: string | null, ip: string) =>
      call("POST", `/lessons/${id}/trouble`, { as, ip, body: { state: "stalled" } });
    const ofPerson = await Promise.all(Array.from({ length: 8 }, (_, i) => report(token, `10.0.1.${i}`)));
    assert.equal(ofPerson.filter(({ status }) => status === 202).length, 5);
    const wait = Number(ofPerson.find(({ status }) => status === 429)?.headers["retry-after"]);
    assert.ok(wait >= 1 && wait <= 20, `${wait}`);
    const ofAddress = await Promise.all(Array.from({ length: 200 }, () => report(null, "10.0.2.2")));
    const refused = ofAddress.filter(({ status }) => status === 429);
    assert.ok(refused.length > 0 && refused.length <= 140, `${refused.length}`);
    assert.equal(refused[0]?.headers["retry-after"], "1");
    assert.equal((await report(null, "10.0.2.3")).status, 202);
  });

  test("a lesson whose publisher is cut off stays live, says since when, and goes on with it", async (t) => {
    const { service, ok } = await open(t);
    const lesson = await ok("POST", "/lessons", { body: { title: "Maths" } });
    const { app, name } = lesson.stream;
    const read = () => ok("GET", `/lessons/${lesson.id}`);
    const stream = (epoch: string) => ({ app, name, epoch, startedAt: Date.now() });
    const rule = () => service.streamPolicy(app, name);
    service.streamChanged(app, name, stream("one"));
    await until(async () => (await read()).state === "live", "the beginning");
    assert.equal((await rule())?.publisherLeftAt, null);
    service.streamChanged(app, name, null);
    const away = await until(async () => (await read()).publisherLeftAt, "the publisher's absence");
    assert.deepEqual([(await read()).state, (await rule())?.state], ["live", "live"]);
    assert.equal((await rule())?.publisherLeftAt, Date.parse(away));
    assert.equal((await ok("GET", `/invitations/${lesson.code}`)).publisherLeftAt, away);
    service.streamChanged(app, name, stream("two"));
    await until(async () => (await read()).publisherLeftAt === null, "the publisher's return");
    assert.equal((await ok("GET", `/invitations/${lesson.code}`)).publisherLeftAt, null);
  });

  test("a lesson follows its stream: live with the publisher, ended after it, live again; ended by hand it stays so", async (t) => {
    const { service, ok, asked, call } = await open(t);
    const { id: schoolId } = (await ok("GET", "/schools")).items[0];
    await ok("PATCH", `/schools/${schoolId}`, { body: { endAfterMinutes: 0 } });
    const lesson = await ok("POST", "/lessons", { body: { title: "Maths" } });
    const { app, name } = lesson.stream;
    const state = async (wanted: string) =>
      await until(async () => (await ok("GET", `/lessons/${lesson.id}`)).state === wanted, wanted);
    const stream = (epoch: string) => ({ app, name, epoch, startedAt: Date.now() });
    service.streamChanged(app, name, stream("one"));
    await state("live");
    assert.equal((await call("DELETE", `/lessons/${lesson.id}`)).body.code, "conflict");
    service.streamChanged(app, name, null);
    await state("ended");
    service.streamChanged(app, name, stream("two"));
    await state("live");
    await ok("POST", `/lessons/${lesson.id}/end`);
    assert.ok(asked.includes(`end ${app}/${name}`));
    assert.equal((await service.streamPolicy(app, name))?.open, false);
    service.streamChanged(app, name, null);
    service.streamChanged(app, name, stream("three"));
    await until(() => call("GET", `/lessons/${lesson.id}`).then(({ body }) => body.endedBy === "hand"), "the end");
    assert.equal((await ok("GET", `/lessons/${lesson.id}`)).state, "ended");
    await ok("POST", `/lessons/${lesson.id}/start`);
    assert.equal((await service.streamPolicy(app, name))?.open, true);
    // Changes of streams are taken in order: what this one did is seen when the next one shows.
    const other = await ok("POST", "/lessons", { body: { title: "Music" } });
    service.streamChanged(app, name, null);
    service.streamChanged(other.stream.app, other.stream.name, { ...stream("four"), ...other.stream });
    await until(async () => (await ok("GET", `/lessons/${other.id}`)).state === "live", "the other lesson");
    assert.equal((await ok("GET", `/lessons/${lesson.id}`)).state, "live", "begun by hand, it ends by hand");
  });

  test("past lessons are listed by their ends, whatever the order in which they were made", async (t) => {
    const { ok } = await open(t);
    const ids: string[] = [];
    for (const title of ["Third", "First", "Second"]) ids.push((await ok("POST", "/lessons", { body: { title } })).id);
    const [third, first, second] = ids;
    for (const id of [first, second, third]) {
      await ok("POST", `/lessons/${id}/start`);
      await ok("POST", `/lessons/${id}/end`);
    }
    await ok("POST", "/lessons", { body: { title: "To come" } });
    const newest = await ok("GET", "/lessons?state=ended&sort=-endedAt&limit=2");
    const older = await ok("GET", `/lessons?state=ended&sort=-endedAt&limit=2&cursor=${newest.nextCursor}`);
    const listed = [...newest.items, ...older.items].map(({ title }: { title: string }) => title);
    assert.deepEqual(listed, ["Third", "Second", "First"]);
  });

  test("a deleted lesson lies in the bin, closed to all, and comes back as it was", async (t) => {
    const { service, ok, call } = await open(t);
    const course = await ok("POST", "/courses", { body: { name: "Art" } });
    const lesson = await ok("POST", "/lessons", { body: { title: "Drawing", courseId: course.id } });
    const of = `/lessons/${lesson.id}`;
    assert.equal((await call("DELETE", of)).status, 204);
    assert.equal((await call("GET", of)).status, 404);
    assert.equal((await call("DELETE", of)).status, 404);
    assert.equal((await call("POST", `${of}/start`)).status, 404);
    assert.equal((await call("GET", `/invitations/${lesson.code}`)).status, 404);
    assert.equal(await service.streamPolicy("live", lesson.stream.name), null);
    const ids = (list: { items: { id: string }[] }) => list.items.map(({ id }) => id);
    assert.deepEqual(ids(await ok("GET", "/lessons")), []);
    assert.deepEqual(ids(await ok("GET", "/lessons?deleted=true")), [lesson.id]);
    const back = await ok("POST", `${of}/restore`);
    assert.deepEqual({ ...back, version: lesson.version, updatedAt: lesson.updatedAt }, lesson);
    assert.equal((await call("POST", `${of}/restore`)).status, 404);
    assert.notEqual(await service.streamPolicy("live", lesson.stream.name), null);
    // In the bin it keeps no course from being deleted.
    assert.equal((await call("DELETE", `/courses/${course.id}`)).status, 409);
    await call("DELETE", of);
    assert.equal((await call("DELETE", `/courses/${course.id}`)).status, 204);
    assert.equal((await ok("POST", `${of}/restore`)).courseId, null);
  });

  test("a new publish key voids the old one", async (t) => {
    const { service, ok, asked } = await open(t);
    const lesson = await ok("POST", "/lessons", { body: { title: "Maths" } });
    const before = await service.streamPolicy("live", lesson.stream.name);
    const after = await ok("POST", `/lessons/${lesson.id}/rotate-key`, { body: { disconnect: true } });
    assert.notEqual(after.stream.publishKey, lesson.stream.publishKey);
    assert.notEqual((await service.streamPolicy("live", lesson.stream.name))?.keyHash, before?.keyHash);
    for (const one of ["end", "rule"]) assert.ok(asked.includes(`${one} live/${lesson.stream.name}`), one);
  });
});
