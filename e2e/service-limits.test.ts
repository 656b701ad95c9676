/** Limits per person, code, session and address: what a school does in a hurry passes, and 200 at the same time never exceed a limit. */
import assert from "node:assert/strict";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { type TestContext, test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { SMTPServer } from "smtp-server";
import { configSchema } from "../packages/server/src/platform/config/schema.ts";
import { newId } from "../packages/server/src/platform/id.ts";
import { silentLog } from "../packages/server/src/school/foundation/store/test-database.ts";
import { HOURLY, HourlyLimits } from "../packages/server/src/school/people/limits/hourly-limits.ts";
import { CLIPS, clip } from "./clips.ts";
import { publishForever } from "./ffmpeg.ts";
import { startLectern, until } from "./lectern.ts";
import type { Answer, CallOptions, TestSchool } from "./school.ts";
import { onPostgresFirst } from "./school-databases.ts";

/** What an installation has that configures nothing. */
const DEFAULTS = configSchema.parse({}).limits;
const FLOOD = 200;

/** How many of so many calls at the same time had each status; every refusal says `too-many` in words, and when to come again. */
async function flood(times: number, call: (i: number) => Promise<Answer>): Promise<Record<number, number>> {
  // On a busy machine the database may have no connection for some of them within its time: they come again, as pages do.
  const ask = async (i: number): Promise<Answer> => {
    const answer = await call(i);
    return answer.status === 503 ? await ask(i) : answer;
  };
  const answers = await Promise.all(Array.from({ length: times }, (_, i) => ask(i)));
  const counts: Record<number, number> = {};
  for (const { status, body, headers } of answers) {
    counts[status] = (counts[status] ?? 0) + 1;
    if (status < 400) continue;
    assert.deepEqual([status, body.code], [429, "too-many"], JSON.stringify(body));
    assert.ok(Number(headers["retry-after"]) >= 1);
    assert.ok(body.detail.length > 20, body.detail);
  }
  return counts;
}

async function fill({ ok, person }: TestSchool) {
  const { id: schoolId } = (await ok("GET", "/schools")).items[0];
  const [administrator, teacher, student] = [
    await person(schoolId, "administrator"),
    await person(schoolId, "teacher"),
    await person(schoolId, "student"),
  ];
  const lesson = await ok("POST", "/lessons", { body: { schoolId, title: "Maths", guests: true, teacherId: teacher.id } });
  return { schoolId, administrator, teacher, student, lesson };
}

async function mailServer(t: TestContext) {
  const mails: string[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    onData: (stream, session, done) => {
      stream.resume();
      stream.on("end", () => {
        mails.push(...session.envelope.rcptTo.map(({ address }) => address));
        done();
      });
    },
  });
  server.listen(0, "127.0.0.1");
  await once(server.server, "listening");
  t.after(() => server.close());
  const { port } = server.server.address() as AddressInfo;
  return { mails, mail: { smtp: `smtp://127.0.0.1:${port}`, from: "lectern@school.example", publicUrl: "https://school.example" } };
}

onPostgresFirst((open) => {
  test("a person's requests are limited for all sessions together; another person, a key and a stranger at the address go on", async (t) => {
    const school = await open(t, { limits: { perPerson: { requestsPerSecond: 1, burst: 50 } } });
    const { call, ok } = school;
    const { schoolId, student, teacher } = await fill(school);
    const { slug } = await ok("GET", `/schools/${schoolId}`);
    const login = { login: "person3", password: "correct horse", school: slug };
    const { token } = await ok("POST", "/sessions", { as: null, body: login });
    const startedAt = performance.now();
    const statuses = await flood(FLOOD, (i) => call("GET", "/me", { as: i % 2 ? student.token : token }));
    const seconds = (performance.now() - startedAt) / 1000;
    assert.ok((statuses[200] ?? 0) >= 50 && (statuses[200] ?? 0) <= 51 + seconds, JSON.stringify(statuses));
    assert.equal((await call("GET", "/me", { as: teacher.token })).status, 200);
    const { key } = await ok("POST", "/api-keys", { body: { schoolId, name: "k", scopes: ["lessons:read"] } });
    assert.equal((await call("GET", "/lessons", { as: key })).status, 200);
    assert.equal((await call("GET", "/sign-on", { as: null })).status, 200);
  });

  test("a teacher invites a class of 300 at once, with the default limits, as the page does it", async (t) => {
    const school = await open(t, { limits: DEFAULTS });
    const { call, service } = school;
    const { schoolId, teacher, lesson } = await fill(school);
    const row = (i: number) => ({ id: newId(), school_id: schoolId, login: `class${i}`, name: `S ${i}`, role: "student" as const });
    const people = Array.from({ length: 300 }, (_, i) => row(i));
    await service.db.insertInto("users").values(people).execute();
    const queue = people.map(({ id }) => id);
    const worker = async (): Promise<void> => {
      for (let id = queue.shift(); id !== undefined; id = queue.shift()) {
        const invite = () => call("PUT", `/lessons/${lesson.id}/invited/${id}`, { as: teacher.token });
        let answer = await invite();
        // The client waits for as long as it is told.
        for (let i = 0; i < 5 && answer.status === 429; i++) {
          const seconds = Number(answer.headers["retry-after"]);
          assert.ok(seconds <= 3, `${seconds} s`);
          await setTimeout(seconds * 1000);
          answer = await invite();
        }
        assert.equal(answer.status, 200, JSON.stringify(answer.body));
      }
    };
    await Promise.all(Array.from({ length: 4 }, worker));
    const { items } = (await call("GET", `/lessons/${lesson.id}/invited?limit=1000`)).body;
    assert.equal(items.length, 300);
  });

  test("of 200 at the same time no more than the limit of an hour pass: invitations, reset links, codes and imports", async (t) => {
    const school = await open(t);
    const { call, service } = school;
    const { administrator, teacher, student, lesson } = await fill(school);
    const left = 20;
    /** As if the person had done it so often that some are left. */
    const nearly = (kind: keyof typeof HOURLY, subject: string) =>
      service.db
        .insertInto("attempts")
        .values({ key: `hour ${kind} ${subject}`, failures: HOURLY[kind] - left, failed_at: new Date(), locked_until: null })
        .execute();
    await nearly("invitation-person", teacher.id);
    await nearly("code-person", teacher.id);
    await nearly("import-person", administrator.id);
    const invite = (as: string) => () => call("PUT", `/lessons/${lesson.id}/invited/${student.id}`, { as });
    assert.deepEqual(await flood(FLOOD, invite(teacher.token)), { 200: left, 429: FLOOD - left });
    assert.equal((await invite(administrator.token)()).status, 200, "another person");
    const create = () => call("POST", "/lessons", { as: teacher.token, body: { title: "L" } });
    assert.deepEqual(await flood(FLOOD, create), { 201: left, 429: FLOOD - left });
    const imported = (i: number): CallOptions => ({ as: administrator.token, csv: `login,name\nflood${i},Somebody\n` });
    assert.deepEqual(await flood(FLOOD, (i) => call("POST", "/imports/people", imported(i))), { 202: left, 429: FLOOD - left });
    const reset = (as: string) => () => call("POST", `/users/${student.id}/password-reset`, { as });
    const links = await flood(FLOOD, reset(administrator.token));
    assert.deepEqual(links, { 201: HOURLY["mail-recipient"], 429: FLOOD - HOURLY["mail-recipient"] });
    assert.equal((await reset("operator-token")()).status, 429, "the recipient has enough, also from another sender");
    assert.equal((await call("POST", `/users/${teacher.id}/password-reset`, { as: administrator.token })).status, 201);
    // Another control process on the same database, which has seen nothing of all this.
    const other = new HourlyLimits(service.db, silentLog);
    assert.notEqual(await other.take([{ kind: "invitation-person", subject: teacher.id }]), null);
    // Both at the same time.
    const [one, both] = [new HourlyLimits(service.db, silentLog), { kind: "mail-recipient", subject: "both" } as const];
    const taken = await Promise.all(Array.from({ length: FLOOD }, (_, i) => (i % 2 ? one : other).take([both])));
    assert.equal(taken.filter((reached) => reached === null).length, HOURLY["mail-recipient"]);
  });

  test("strangers have few reset links sent to one mail address, by whichever logins; notices of changes have a limit of their own", async (t) => {
    const { mails, mail } = await mailServer(t);
    const school = await open(t, { mail });
    const { call, ok } = school;
    const { schoolId } = await fill(school);
    const email = "family@school.example";
    const people: string[] = [];
    for (let i = 0; i < 10; i++) {
      const { id } = await ok("POST", "/users", { body: { schoolId, login: `child${i}`, name: "A", role: "student", email } });
      people.push(id);
    }
    const request = (i: number) =>
      call("POST", "/password-resets", { as: null, ip: `10.1.0.${i}`, body: { login: `Child${i % 10}` } });
    const answers = await Promise.all(Array.from({ length: 50 }, (_, i) => request(i)));
    assert.ok(
      answers.every(({ status, body }) => status === 202 && body.accepted),
      "a stranger learns nothing",
    );
    await until(async () => mails.length >= HOURLY["reset-recipient"], "the mails");
    const rename = (i: number) =>
      ok("PATCH", `/users/${people[i % 10]}`, { body: { email: i % 20 < 10 ? "other@school.example" : email } });
    for (let i = 0; i < 60; i++) await rename(i);
    // Each person's address leaves the family three times.
    await until(async () => mails.length >= HOURLY["reset-recipient"] + HOURLY["notice-recipient"] * 2, "the notices");
    await assert.rejects(
      until(async () => mails.length > HOURLY["reset-recipient"] + HOURLY["notice-recipient"] * 2, "more mails", 1000),
    );
    assert.equal(mails.filter((to) => to === email).length, HOURLY["reset-recipient"] + HOURLY["notice-recipient"]);
  });

  test("1000 guests behind one address join with one code at once, with the default limits, and renew their links", async (t) => {
    const school = await open(t, { limits: DEFAULTS });
    const { call } = school;
    const { lesson } = await fill(school);
    const join = async (path: string, body: Readonly<Record<string, unknown>>): Promise<Answer> => {
      for (;;) {
        const answer = await call("POST", path, { as: null, body });
        // On a busy machine some wait too long for a connection to the database, and try again.
        if (answer.status !== 503) return answer;
      }
    };
    const joined = await Promise.all(
      Array.from({ length: 1000 }, (_, i) => join(`/lessons/${lesson.code}/join`, { name: `G ${i}` })),
    );
    assert.deepEqual([...new Set(joined.map(({ status }) => status))], [200]);
    const renewals = await Promise.all(joined.map(({ body: { token } }) => join(`/lessons/${lesson.id}/join`, { token })));
    assert.deepEqual([...new Set(renewals.map(({ status }) => status))], [200]);
  });

  test("a code that leaked lets in its burst; guests who are inside renew, members join, and another lesson's code works", async (t) => {
    const school = await open(t, { limits: { ...DEFAULTS, perCode: { joinsPerSecond: 1, burst: 20 } } });
    const { call, ok } = school;
    const { schoolId, teacher, lesson } = await fill(school);
    const inside = await ok("POST", `/lessons/${lesson.code}/join`, { as: null, body: { name: "Early" } });
    const startedAt = performance.now();
    const statuses = await flood(FLOOD, (i) =>
      // A token that is wrong makes nobody known.
      call("POST", `/lessons/${lesson.code}/join`, { as: null, ip: `10.2.0.${i}`, body: { name: `G ${i}`, token: `wrong ${i}` } }),
    );
    const seconds = (performance.now() - startedAt) / 1000;
    assert.ok((statuses[200] ?? 0) >= 19 && (statuses[200] ?? 0) <= 21 + seconds, JSON.stringify(statuses));
    const renewal = { as: null, body: { token: inside.token, code: lesson.code } };
    assert.equal((await call("POST", `/lessons/${lesson.id}/join`, renewal)).status, 200);
    assert.equal((await call("POST", `/lessons/${lesson.id}/join`, { as: teacher.token })).status, 200);
    const other = await ok("POST", "/lessons", { body: { schoolId, title: "Other", guests: true } });
    assert.equal((await call("POST", `/lessons/${other.code}/join`, { as: null, body: { name: "G" } })).status, 200);
  });

  test("one person, one guest and one address cannot join without end", async (t) => {
    const school = await open(t, { limits: { ...DEFAULTS, perAddress: { joinsPerSecond: 5 } } });
    const { call, ok } = school;
    const { teacher, lesson } = await fill(school);
    const { token } = await ok("POST", `/lessons/${lesson.code}/join`, { as: null, ip: "10.3.0.1", body: { name: "G" } });
    const path = `/lessons/${lesson.id}/join`;
    const address = (i: number) => `10.4.${Math.floor(i / 50)}.1`;
    for (const options of [{ as: teacher.token }, { as: null, body: { token } }]) {
      const startedAt = performance.now();
      const { 200: passed = 0 } = await flood(FLOOD, (i) => call("POST", path, { ...options, ip: address(i) }));
      assert.ok(passed >= 59 && passed <= 61 + (2 * (performance.now() - startedAt)) / 1000, `${passed} passed`);
    }
    const startedAt = performance.now();
    const ip = (i: number) => `2001:db8::${i.toString(16)}`;
    const join = (i: number) => call("POST", `/lessons/${lesson.code}/join`, { as: null, ip: ip(i), body: { name: `G ${i}` } });
    const { 200: passed = 0 } = await flood(FLOOD, join);
    assert.ok(passed >= 100 && passed <= 101 + (5 * (performance.now() - startedAt)) / 1000, `${passed} passed`);
  });
});

test("a player that asks for its playlist all the time is told to wait, and its session goes on after that; other viewers notice nothing", async (t) => {
  const limits = { "limits.perSession": '{"playlistsPerSecond": 5, "burst": 30}' };
  const lectern = await startLectern(t, limits);
  const [name = ""] = Object.keys(CLIPS);
  publishForever(t, clip(name), `${lectern.rtmp}/live/limited`);
  await lectern.stream("limited");
  const master = `${lectern.http}/live/limited.m3u8`;
  const playlistOf = async (): Promise<string> => {
    const text = await (await fetch(master)).text();
    const uri = text.split("\n").find((line) => line !== "" && !line.startsWith("#"));
    return new URL(uri ?? "", master).href;
  };
  const [busy, calm] = [await playlistOf(), await playlistOf()];
  assert.equal((await fetch(busy)).status, 200);
  const answers = await Promise.all(Array.from({ length: FLOOD }, () => fetch(busy)));
  const passed = answers.filter(({ status }) => status === 200).length;
  const refused = answers.filter(({ status }) => status === 429);
  // Each worker that has connections of the player counts for itself.
  assert.ok(passed >= 30 && refused.length > 0 && passed + refused.length === FLOOD, `${passed} of ${FLOOD}`);
  for (const answer of refused) {
    assert.equal(answer.headers.get("retry-after"), "1");
    assert.equal(((await answer.json()) as { readonly code: string }).code, "too-many");
  }
  assert.equal((await fetch(calm)).status, 200);
  await until(async () => (await fetch(busy)).status === 200, "the player may ask again");
});
