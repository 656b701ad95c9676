/** What the API does: on the embedded database, and on PostgreSQL. */
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, test } from "node:test";
import { SMTPServer } from "smtp-server";
import { until } from "./lectern.ts";
import { type Postgres, startPostgres } from "./postgres.ts";
import { openSchool, PASSWORD, type SchoolTestOptions } from "./school.ts";

const DATABASES = ["embedded", "PostgreSQL"] as const;

for (const database of DATABASES) {
  describe(`on ${database}`, { timeout: 120_000 }, () => {
    let server: Promise<Postgres> | null = null;
    const open = async (t: Parameters<typeof openSchool>[0], options: SchoolTestOptions = {}) => {
      if (database === "embedded") return await openSchool(t, options);
      // One server for all, which ends with the process of this file.
      server ??= startPostgres({ after: (end: () => void) => process.once("exit", end) } as never);
      return await openSchool(t, { ...options, url: (await server).database() });
    };

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

    test("two logins, courses or schools of one name are refused in one school, and allowed in two", async (t) => {
      const { call, ok } = await open(t);
      const [one, two] = [
        await ok("POST", "/schools", { body: { slug: "one", name: "One" } }),
        await ok("POST", "/schools", { body: { slug: "two", name: "Two" } }),
      ];
      const user = (schoolId: string) =>
        call("POST", "/users", { body: { schoolId, login: "Li.Na", name: "Li Na", password: PASSWORD } });
      assert.equal((await user(one.id)).status, 201);
      assert.deepEqual((await user(one.id)).body.code, "conflict");
      assert.equal((await user(two.id)).status, 201);
      const course = (schoolId: string) => call("POST", "/courses", { body: { schoolId, name: "Maths" } });
      assert.deepEqual(
        [(await course(one.id)).status, (await course(one.id)).status, (await course(two.id)).status],
        [201, 409, 201],
      );
      assert.equal((await call("POST", "/schools", { body: { slug: "one", name: "Again" } })).status, 409);
      // Whoever is known in both says in which.
      const signIn = (school?: string) =>
        call("POST", "/sessions", { as: null, body: { login: "li.na", password: PASSWORD, ...(school ? { school } : {}) } });
      assert.equal((await signIn()).body.code, "bad-request");
      assert.equal((await signIn("two")).body.user.schoolId, two.id);
    });

    test("a wrong password is refused in the same words whether there is such a person or not, and too many lock", async (t) => {
      const { call, person, ok } = await open(t);
      const { id: schoolId } = (await ok("GET", "/schools")).items[0];
      await person(schoolId, "teacher", "wang");
      const tries = (login: string, password: string, ip = "10.0.0.9") =>
        call("POST", "/sessions", { as: null, body: { login, password }, ip });
      const [wrong, nobody] = [await tries("wang", "wrong"), await tries("nobody", "wrong")];
      assert.deepEqual(wrong.body, nobody.body);
      assert.equal(wrong.body.code, "wrong-password");
      for (let i = 0; i < 4; i++) await tries("wang", "wrong");
      const locked = await tries("wang", PASSWORD);
      assert.deepEqual([locked.status, locked.body.code], [429, "too-many"]);
      assert.match(locked.body.detail, /5 minutes/);
      assert.equal((await tries("wang", PASSWORD, "10.0.0.10")).status, 201, "from elsewhere the person gets in");
    });

    test("sessions end by signing out, by a new password and by being shut out; a reset link works once", async (t) => {
      const { call, person, ok } = await open(t);
      const { id: schoolId } = (await ok("GET", "/schools")).items[0];
      const { id, token } = await person(schoolId, "student", "mei");
      const me = (as: string) => call("GET", "/me", { as });
      assert.equal((await me(token)).body.user.login, "mei");
      await ok("DELETE", "/sessions/current", { as: token });
      assert.equal((await me(token)).body.code, "bad-credential");
      const again = await ok("POST", "/sessions", { as: null, body: { login: "mei", password: PASSWORD } });
      const reset = await ok("POST", `/users/${id}/password-reset`);
      assert.match(reset.url, /^http:\/\/school\.example\/reset\//);
      const use = (password: string) => call("POST", `/password-resets/${reset.token}`, { as: null, body: { password } });
      assert.equal((await use("short")).status, 400);
      assert.equal((await use("another long one")).status, 204);
      assert.equal((await use("a third long one")).body.code, "link-expired");
      assert.equal((await me(again.token)).status, 401);
      const last = await ok("POST", "/sessions", { as: null, body: { login: "mei", password: "another long one" } });
      await ok("PATCH", `/users/${id}`, { body: { disabled: true } });
      assert.equal((await me(last.token)).status, 401);
      assert.equal(
        (await call("POST", "/sessions", { as: null, body: { login: "mei", password: "another long one" } })).status,
        401,
      );
    });

    test("a token that has expired is refused, and the session is not revived", async (t) => {
      const { call, person, ok, service } = await open(t);
      const { id: schoolId } = (await ok("GET", "/schools")).items[0];
      const { id } = await person(schoolId, "student", "late");
      const { token } = await ok("POST", "/sessions", { as: null, body: { login: "late", password: PASSWORD } });
      await service.db
        .updateTable("sessions")
        .set({ expires_at: new Date(Date.now() - 1000) })
        .where("user_id", "=", id)
        .execute();
      for (let i = 0; i < 2; i++) assert.equal((await call("GET", "/me", { as: token })).body.code, "bad-credential");
    });

    test("a reset link is mailed where a mail server is configured, and never leads where a request says", async (t) => {
      const mails: string[] = [];
      const server = new SMTPServer({
        authOptional: true,
        disabledCommands: ["STARTTLS"],
        onData: (stream, _session, done) => {
          let text = "";
          stream.on("data", (piece) => (text += piece));
          stream.on("end", () => {
            mails.push(text);
            done();
          });
        },
      });
      server.listen(0, "127.0.0.1");
      await once(server.server, "listening");
      t.after(() => server.close());
      const { port } = server.server.address() as AddressInfo;
      const mail = { smtp: `smtp://127.0.0.1:${port}`, from: "lectern@school.example", publicUrl: "https://school.example" };
      const { ok, call } = await open(t, { mail });
      await ok("POST", "/users", { body: { login: "mei", name: "Li Mei", email: "mei@home.example" } });
      const body = { login: "mei" };
      await ok("POST", "/password-resets", { as: null, body, headers: { host: "evil.example" } });
      await ok("POST", "/password-resets", { as: null, body: { login: "nobody" } });
      const text = await until(() => mails[0]?.replaceAll("=\r\n", "") ?? null, "the mail");
      assert.match(text, /^To: mei@home\.example/m);
      const [, token = ""] = /https:\/\/school\.example\/reset\/([\w-]+)/.exec(text) ?? [];
      assert.equal(
        (await call("POST", `/password-resets/${token}`, { as: null, body: { password: "one of my own" } })).status,
        204,
      );
      assert.equal(mails.length, 1);
    });

    test("administrators come only from the networks that are allowed, operators from theirs; the others from anywhere", async (t) => {
      const { call, person, ok } = await open(t, { operatorNetworks: ["10.0.0.0/24"] });
      const { id: schoolId } = (await ok("GET", "/schools")).items[0];
      const [head, student] = [await person(schoolId, "administrator", "head"), await person(schoolId, "student", "pupil")];
      await ok("PATCH", `/schools/${schoolId}`, { body: { adminNetworks: ["192.168.7.0/24"] } });
      const from = async (as: string, ip: string) => (await call("GET", "/me", { as, ip })).status;
      assert.deepEqual([await from(head.token, "192.168.7.3"), await from(head.token, "10.0.0.1")], [200, 403]);
      assert.equal(await from(student.token, "10.9.9.9"), 200);
      assert.equal((await call("GET", "/me", { ip: "10.0.1.1" })).status, 403, "the operator's token");
      const signIn = (ip: string) => call("POST", "/sessions", { as: null, body: { login: "head", password: PASSWORD }, ip });
      assert.deepEqual([(await signIn("10.0.0.1")).status, (await signIn("192.168.7.3")).status], [403, 201]);
      assert.equal((await call("PATCH", `/schools/${schoolId}`, { body: { adminNetworks: ["everywhere"] } })).status, 400);
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

    test("codes cannot be tried without end", async (t) => {
      const { call, service } = await open(t);
      const tryOne = async (ip: string) => (await call("GET", "/invitations/AAAABBBB", { as: null, ip })).body.code;
      assert.equal(await tryOne("10.0.0.66"), "no-such-lesson");
      await service.db.updateTable("attempts").set({ failures: 299 }).where("key", "=", "code 10.0.0.66").execute();
      assert.deepEqual([await tryOne("10.0.0.66"), await tryOne("10.0.0.66")], ["no-such-lesson", "too-many"]);
      assert.equal(await tryOne("10.0.0.67"), "no-such-lesson", "others are not locked");
    });

    test("a lesson follows its stream: live with the publisher, ended after it, live again; ended by hand it stays so", async (t) => {
      const { service, ok, asked, call } = await open(t);
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
      service.streamChanged(app, name, null);
      await new Promise((resolve) => setTimeout(resolve, 300));
      assert.equal((await ok("GET", `/lessons/${lesson.id}`)).state, "live", "begun by hand, it ends by hand");
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
      assert.deepEqual({ ...back, version: lesson.version }, lesson);
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
      assert.deepEqual(asked.slice(-2), [`end live/${lesson.stream.name}`, `rule live/${lesson.stream.name}`].sort());
    });

    test("people from CSV: all of them, or none and every mistake with its line", async (t) => {
      const { ok, call } = await open(t);
      await ok("POST", "/courses", { body: { name: "Maths" } });
      const done = async (csv: string) => {
        const { id } = await ok("POST", "/imports/people", { csv });
        return await until(async () => {
          const found = await ok("GET", `/imports/${id}`);
          return found.state === "running" ? null : found;
        }, "the import");
      };
      const bad = await done(
        'login,name,role,email,course\nanna,Anna,student,,Maths\nanna,Anna Again,,,\n"ben","Ben\nof two lines",teacher,no mail,\ncarl,,student,,Physics\nd d,D,king,,\n',
      );
      assert.deepEqual(
        [bad.state, bad.errors.map(({ line, column }: { line: number; column: string }) => `${line} ${column}`)],
        ["failed", ["6 name"]],
      );
      const worse = await done(
        "login,name,role,email,course\nanna,Anna,student,,Maths\nanna,Anna Again,,,\nben,Ben,teacher,no mail,\ncarl,C,student,,Physics\nd d,D,king,,\n",
      );
      assert.deepEqual(
        worse.errors.map(({ line, column }: { line: number; column: string }) => `${line} ${column}`),
        ["3 login", "4 email", "5 course", "6 login", "6 role"],
      );
      assert.deepEqual((await ok("GET", "/users?role=student")).items, [], "nothing is half imported");
      const good = await done(
        "\uFEFFLogin,Name,Role,Password,Course\r\nanna,Anna,student,correct horse,Maths\r\n李娜,李娜,teacher,,Maths\r\n",
      );
      assert.deepEqual([good.state, good.rowsDone, good.rowsTotal, good.errors], ["done", 2, 2, []]);
      assert.equal((await call("POST", "/sessions", { as: null, body: { login: "anna", password: "correct horse" } })).status, 201);
      const { id: course } = (await ok("GET", "/courses")).items[0];
      assert.equal((await ok("GET", `/courses/${course}/members`)).items.length, 2);
      for (const csv of [
        "",
        "login\n",
        "login,name\n",
        "login,name,shoe\na,b,c\n",
        'login,name\n"a,b\n',
        "login,name\na,b,c,d\n",
      ]) {
        assert.equal((await done(csv)).state, "failed", JSON.stringify(csv));
      }
    });

    test("a long import says how far it is, and others are answered meanwhile", async (t) => {
      const { ok } = await open(t);
      const rows = Array.from({ length: 150 }, (_, i) => `p${i},Person ${i},a password of ${i}`).join("\n");
      const { id } = await ok("POST", "/imports/people", { csv: `login,name,password\n${rows}\n` });
      const seen = new Set<number>();
      const end = await until(async () => {
        const found = await ok("GET", `/imports/${id}`);
        seen.add(found.rowsDone);
        return found.state === "running" ? null : found;
      }, "the import");
      assert.deepEqual([end.state, end.rowsDone, end.rowsTotal], ["done", 150, 150]);
      assert.ok(seen.size > 3, `progress was seen at ${[...seen]}`);
      assert.equal((await ok("GET", "/users?limit=1000&role=student")).items.length, 150);
    });

    test("a timetable from CSV is in the school's own time; an hour that does not exist is said so", async (t) => {
      const { ok } = await open(t);
      const school = await ok("POST", "/schools", { body: { slug: "berlin", name: "Berlin", timeZone: "Europe/Berlin" } });
      const done = async (rows: string) => {
        const { id } = await ok("POST", `/imports/timetable?schoolId=${school.id}`, {
          csv: `date,start,end,title,mode,guests,capacity\n${rows}`,
        });
        return await until(async () => {
          const found = await ok("GET", `/imports/${id}`);
          return found.state === "running" ? null : found;
        }, "the import");
      };
      const bad = await done(
        "2026-03-29,02:30,03:30,Gone,,,\n2026-02-30,09:00,10:00,No day,,,\n2026-03-30,10:00,09:00,Back,,,\n2026-03-30,9.00,10:00,Dot,loud,maybe,0\n",
      );
      assert.deepEqual(
        bad.errors.map(({ line, column }: { line: number; column: string }) => `${line} ${column}`),
        ["2 start", "3 date", "4 end", "5 start", "5 mode", "5 guests", "5 capacity"],
      );
      assert.equal(
        (await done("2026-03-30,09:00,10:00,Summer,,no,\n2026-03-27,09:00,10:00,Winter,one-to-one,yes,3\n")).state,
        "done",
      );
      const { items } = await ok("GET", `/lessons?schoolId=${school.id}`);
      assert.deepEqual(
        items.map((one: Record<string, unknown>) => [one["title"], one["startsAt"], one["guests"], one["capacity"]]),
        [
          ["Summer", "2026-03-30T07:00:00.000Z", false, null],
          ["Winter", "2026-03-27T08:00:00.000Z", true, 3],
        ],
      );
    });

    test("a calendar has its person's lessons, and only for whoever knows its address", async (t) => {
      const { ok, call, person } = await open(t);
      const { id: schoolId } = (await ok("GET", "/schools")).items[0];
      const teacher = await person(schoolId, "teacher", "t1");
      const startsAt = new Date(Date.now() + 86_400_000).toISOString();
      await ok("POST", "/lessons", { as: teacher.token, body: { title: "Mine; with, signs", startsAt } });
      await ok("POST", "/lessons", { body: { title: "Not mine", startsAt } });
      const { url } = await ok("POST", "/me/calendar", { as: teacher.token });
      const { status, body, headers } = await call("GET", new URL(url).pathname.replace("/api/v1", ""), { as: null });
      assert.equal(status, 200);
      assert.match(String(headers["content-type"]), /^text\/calendar/);
      assert.match(body, /^BEGIN:VCALENDAR\r\n/);
      assert.match(body, /SUMMARY:Mine\\; with\\, signs\r\n/);
      assert.doesNotMatch(body, /Not mine/);
      assert.match(body, new RegExp(`DTSTART:${startsAt.replace(/[-:]|\.\d+/g, "")}`));
      assert.equal((await call("GET", "/calendars/guess", { as: null })).status, 404);
    });

    test("the audit log says who changed what, before and after, from where, and no secret", async (t) => {
      const { ok, person } = await open(t);
      const { id: schoolId } = (await ok("GET", "/schools")).items[0];
      const teacher = await person(schoolId, "teacher", "t2");
      const lesson = await ok("POST", "/lessons", { as: teacher.token, body: { title: "Before" }, ip: "10.7.7.7" });
      await ok("PATCH", `/lessons/${lesson.id}`, { as: teacher.token, body: { title: "After" }, ip: "10.7.7.8" });
      await ok("POST", `/lessons/${lesson.id}/rotate-key`, { as: teacher.token });
      const { items } = await ok("GET", `/audit?targetId=${lesson.id}`);
      assert.deepEqual(
        items.map(({ action }: { action: string }) => action),
        ["lesson.rotate-key", "lesson.change", "lesson.create"],
      );
      const change = items[1];
      assert.deepEqual([change.actor.id, change.actor.kind, change.ip], [teacher.id, "user", "10.7.7.8"]);
      assert.deepEqual([change.before.title, change.after.title], ["Before", "After"]);
      const all = JSON.stringify(await ok("GET", "/audit?limit=1000"));
      const key = (await ok("GET", `/lessons/${lesson.id}`)).stream.publishKey;
      for (const secret of [key, lesson.stream.publishKey, "argon2", PASSWORD]) assert.ok(!all.includes(secret), secret);
    });

    test("webhooks are signed, repeated until they are taken, and told of their own school only", async (t) => {
      const { ok } = await open(t);
      const heard: { body: string; signature: string; id: string }[] = [];
      const receiver = createServer((request, response) => {
        let body = "";
        request.on("data", (piece) => (body += piece));
        request.on("end", () => {
          const { "lectern-signature": signature, "lectern-delivery": id } = request.headers;
          heard.push({ body, signature: String(signature), id: String(id) });
          response.writeHead(heard.length === 1 ? 500 : 204).end("busy");
        });
      }).listen(0, "127.0.0.1");
      await once(receiver, "listening");
      t.after(() => receiver.close());
      t.after(() => receiver.closeAllConnections());
      const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook?x=1`;
      const [mine, other] = [
        await ok("POST", "/schools", { body: { slug: "mine", name: "M" } }),
        await ok("POST", "/schools", { body: { slug: "other", name: "O" } }),
      ];
      const webhook = await ok("POST", "/webhooks", { body: { schoolId: mine.id, url, events: ["lesson.created"] } });
      await ok("POST", "/lessons", { body: { schoolId: other.id, title: "Theirs" } });
      const lesson = await ok("POST", "/lessons", { body: { schoolId: mine.id, title: "Ours" } });
      await ok("PATCH", `/lessons/${lesson.id}`, { body: { title: "Ours too" } });
      await until(() => heard.length >= 1, "the first delivery");
      const list = async (state: string) => (await ok("GET", `/webhooks/${webhook.id}/deliveries?state=${state}`)).items;
      const pending = await until(
        async () => (await list("pending")).find(({ attempts }: { attempts: number }) => attempts === 1) ?? null,
        "the failure",
      );
      assert.deepEqual([pending.lastStatus, pending.lastError], [500, "busy"]);
      await ok("POST", `/webhooks/${webhook.id}/deliveries/${pending.id}/replay`);
      const delivered = await until(async () => (await list("delivered"))[0] ?? null, "the delivery");
      assert.equal(delivered.lastStatus, 204);
      assert.equal(heard.length, 2);
      assert.equal(heard[0]?.id, heard[1]?.id);
      const { body = "", signature = "" } = heard[1] ?? {};
      const told = JSON.parse(body);
      assert.deepEqual([told.event, told.schoolId, told.data.title], ["lesson.created", mine.id, "Ours"]);
      const [, at, hex] = /^t=(\d+),v1=(\w+)$/.exec(signature) ?? [];
      assert.equal(hex, createHmac("sha256", webhook.secret).update(`${at}.${body}`).digest("hex"));
    });

    test("what cannot be delivered is a dead letter in the end, which can be sent again", async (t) => {
      const { ok, service } = await open(t);
      const webhook = await ok("POST", "/webhooks", { body: { url: "http://127.0.0.1:9/" } });
      const list = async (state: string) => (await ok("GET", `/webhooks/${webhook.id}/deliveries?state=${state}`)).items;
      await ok("POST", "/lessons", { body: { title: "Unheard" } });
      const first = await until(
        async () => (await list("pending")).find(({ attempts }: { attempts: number }) => attempts === 1) ?? null,
        "the first failure",
      );
      assert.match(first.lastError, /ECONNREFUSED/);
      // The waits between are days.
      await service.db.updateTable("deliveries").set({ attempts: 7, next_at: new Date() }).where("id", "=", first.id).execute();
      const dead = await until(async () => (await list("dead"))[0] ?? null, "the dead letter");
      assert.deepEqual([dead.id, dead.attempts, dead.nextAt], [first.id, 8, null]);
      await ok("POST", `/webhooks/${webhook.id}/deliveries/${dead.id}/replay`);
      assert.equal((await list("dead")).length, 0);
    });

    test("a school's webhook leads into no private network, by address or by name; the platform's own may", async (t) => {
      const { ok } = await open(t, { publicWebhooksOnly: true });
      const { id: schoolId } = (await ok("GET", "/schools")).items[0];
      const errors: string[] = [];
      for (const url of [
        "http://127.0.0.1:9/",
        "http://localhost:9/",
        "http://[::1]:9/",
        "http://[::ffff:127.0.0.1]:9/",
        "http://169.254.169.254/latest",
        "http://0x7f.1:9/",
      ]) {
        const webhook = await ok("POST", "/webhooks", { body: { schoolId, url } });
        await ok("POST", "/lessons", { body: { title: "x" } });
        const failed = await until(
          async () =>
            (await ok("GET", `/webhooks/${webhook.id}/deliveries`)).items.find(
              (one: { lastError: string | null }) => one.lastError,
            ) ?? null,
          `the failure of ${url}`,
        );
        errors.push(failed.lastError);
        await ok("DELETE", `/webhooks/${webhook.id}`);
      }
      assert.ok(
        errors.every((error) => /private network/.test(error)),
        errors.join("\n"),
      );
      const own = await ok("POST", "/webhooks", { body: { url: "http://127.0.0.1:9/" } });
      await ok("POST", "/lessons", { body: { title: "x" } });
      await until(
        async () =>
          (await ok("GET", `/webhooks/${own.id}/deliveries`)).items.some((one: { lastError: string | null }) =>
            /ECONNREFUSED/.test(one.lastError ?? ""),
          ),
        "an attempt",
      );
    });
  });
}
