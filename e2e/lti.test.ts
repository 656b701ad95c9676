/** Launches of a learning platform (LTI 1.3): people, courses and lessons, deep linking, and the attacks on each step. Shares a process. */
import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { createLocalJWKSet, generateKeyPair, jwtVerify } from "jose";
import { gradeReports } from "../packages/server/src/school/exchange/lti/grade-reports.ts";
import { begin, CLAIM, finish, gradesOf, HERE, LAUNCH, launch, loginForm, NETWORKS, register } from "./lti-launches.ts";
import { CLIENT_ID, DEPLOYMENT, type LtiUser } from "./lti-platform.ts";
import type { Answer } from "./school.ts";
import { onPostgresFirst } from "./school-databases.ts";

const TEACHER: LtiUser = { sub: "t1", role: "Instructor", name: "Wang Fang", email: "wang@school.example" };
const STUDENT: LtiUser = { sub: "s1", role: "Learner", name: "Li Lei" };

async function refused(attempt: Promise<Answer>, code: string, what: string): Promise<Answer> {
  const answer = await attempt;
  assert.equal(answer.body.code, code, `${what}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer;
}

onPostgresFirst((open) => {
  test("a teacher's first launch makes account, course and lesson; students then get into the same lesson", async (t) => {
    const school = await open(t, NETWORKS);
    const { ok } = school;
    const registered = await register(t, school);
    await refused(launch(school, registered, STUDENT), "lesson-not-ready", "a student before the teacher");
    assert.equal((await ok("GET", `/users?schoolId=${registered.schoolId}`)).items.length, 0, "nobody was made");
    const teacher = await launch(school, registered, TEACHER);
    assert.equal(teacher.status, 201, JSON.stringify(teacher.body));
    assert.deepEqual([teacher.body.kind, teacher.body.role, teacher.body.course], ["lesson", "teacher", "Algebra"]);
    assert.equal(teacher.body.lesson.title, "Fractions");
    const me = await ok("GET", "/me", { as: teacher.body.token });
    assert.deepEqual([me.user.name, me.role, me.user.schoolId], ["Wang Fang", "teacher", registered.schoolId]);
    const lesson = await ok("GET", `/lessons/${teacher.body.lesson.id}`, { as: teacher.body.token });
    assert.deepEqual([lesson.teacherId, lesson.courseId, lesson.guests], [me.user.id, teacher.body.courseId, false]);
    const student = await launch(school, registered, STUDENT);
    assert.deepEqual([student.body.role, student.body.lesson.id], ["student", lesson.id]);
    const joined = await ok("POST", `/lessons/${student.body.lesson.code}/join`, { as: student.body.token, body: {} });
    assert.ok(joined.play.flv, "the student may watch");
    const archive = await ok("GET", `/users/${(await ok("GET", "/me", { as: student.body.token })).user.id}/archive`);
    assert.deepEqual([archive.identities[0].issuer, archive.identities[0].subject], [registered.platform.issuer, STUDENT.sub]);
    const again = await launch(school, registered, TEACHER);
    assert.deepEqual([again.body.lesson.id, again.body.courseId], [lesson.id, lesson.courseId], "the next launch finds them");
    assert.equal((await ok("GET", `/users?schoolId=${registered.schoolId}`)).items.length, 2);
  });

  test("people whom a platform sends without names are told apart, and have their names as soon as it sends them", async (t) => {
    const school = await open(t, NETWORKS);
    const { ok } = school;
    const registered = await register(t, school);
    await launch(school, registered, TEACHER);
    const nameOf = async (sub: string, more: object = {}, name?: string) => {
      const user = { sub, role: "Learner", ...(name === undefined ? {} : { name }) };
      const { body } = await launch(school, registered, user, more as Record<string, unknown>);
      return (await ok("GET", "/me", { as: body.token })).user.name;
    };
    const uuid = (digit: number) => `${String(digit).repeat(8)}-0000-4000-8000-000000000000`;
    assert.equal(await nameOf("7"), "Student 7");
    const together = await Promise.all([nameOf(uuid(1)), nameOf(uuid(2))]);
    assert.deepEqual(together.toSorted(), ["Student 3", "Student 4"]);
    assert.equal(await nameOf("8", { locale: "zh-CN" }), "学生 8");
    assert.equal(await nameOf("7"), "Student 7", "the next launch finds them");
    assert.equal(await nameOf("7", {}, "Li Lei"), "Li Lei");
    assert.equal(await nameOf("7"), "Li Lei", "a name stays when the platform sends none again");
    const { items } = await ok("GET", `/users?schoolId=${registered.schoolId}`);
    assert.equal(items.length, 5);
  });

  test("an account belongs to issuer and subject, and no launch makes or opens one of an administrator", async (t) => {
    const school = await open(t, NETWORKS);
    const { ok, person } = school;
    const registered = await register(t, school);
    const head = await person(registered.schoolId, "administrator", "wang@school.example");
    await ok("PATCH", `/users/${head.id}`, { body: { email: TEACHER.email } });
    const roles = [
      "http://purl.imsglobal.org/vocab/lis/v2/system/person#Administrator",
      "http://purl.imsglobal.org/vocab/lis/v2/institution/person#Administrator",
    ];
    await refused(launch(school, registered, TEACHER, { [`${CLAIM}roles`]: roles }), "refused-by-rule", "no role in the course");
    const membership = "http://purl.imsglobal.org/vocab/lis/v2/membership#Instructor";
    const teacher = await launch(school, registered, TEACHER, { [`${CLAIM}roles`]: [...roles, membership] });
    const me = (await ok("GET", "/me", { as: teacher.body.token })).user;
    assert.notEqual(me.id, head.id);
    assert.equal(me.role, "teacher");
    const other = await register(t, school, { name: "Canvas" });
    const elsewhere = await launch(school, other, TEACHER);
    assert.notEqual((await ok("GET", "/me", { as: elsewhere.body.token })).user.id, me.id, "the same subject of another issuer");
    await ok("PATCH", `/users/${me.id}`, { body: { role: "administrator" } });
    await refused(launch(school, registered, TEACHER), "refused-by-rule", "somebody made the account an administrator");
    await ok("PATCH", `/users/${me.id}`, { body: { role: "teacher", disabled: true } });
    await refused(launch(school, registered, TEACHER), "refused-by-rule", "a disabled account");
  });

  test("a launch that is forged, old, for another or used before is refused", async (t) => {
    const school = await open(t, NETWORKS);
    const registered = await register(t, school);
    const other = await register(t, school, { name: "Canvas" });
    const { platform } = registered;
    const stranger = await generateKeyPair("RS256", { extractable: true });
    const now = Math.floor(Date.now() / 1000);
    const attacks: Readonly<Record<string, (nonce: string) => Promise<string>>> = {
      "another nonce": () => platform.sign({ ...platform.claims(TEACHER), nonce: "guessed" }),
      "no nonce": () => platform.sign(platform.claims(TEACHER)),
      "another key": (nonce) => platform.sign({ ...platform.claims(TEACHER), nonce }, { key: stranger.privateKey }),
      "alg HS256, with the public key as secret": async (nonce) =>
        platform.sign({ ...platform.claims(TEACHER), nonce }, { alg: "HS256", key: Buffer.from(await platform.publicKey()) }),
      "alg none": async (nonce) => {
        const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
        return `${part({ alg: "none", kid: "key-1" })}.${part({ ...platform.claims(TEACHER), nonce })}.`;
      },
      expired: (nonce) => platform.sign({ ...platform.claims(TEACHER), nonce, iat: now - 500, exp: now - 120 }),
      "made long ago, and valid for long": (nonce) =>
        platform.sign({ ...platform.claims(TEACHER), nonce, iat: now - 3600, exp: now + 3600 }),
      "for another client": (nonce) => platform.sign({ ...platform.claims(TEACHER), nonce, aud: "another" }),
      "for another client among several": (nonce) =>
        platform.sign({ ...platform.claims(TEACHER), nonce, aud: [CLIENT_ID, "another"], azp: "another" }),
      "of another issuer": (nonce) => platform.sign({ ...platform.claims(TEACHER), nonce, iss: other.platform.issuer }),
      "of another platform": (nonce) => other.platform.sign({ ...other.platform.claims(TEACHER), nonce }),
      "a foreign deployment": (nonce) => platform.sign({ ...platform.claims(TEACHER), nonce, [`${CLAIM}deployment_id`]: "2" }),
      "another version": (nonce) => platform.sign({ ...platform.claims(TEACHER), nonce, [`${CLAIM}version`]: "1.1" }),
      "another message": (nonce) =>
        platform.sign({ ...platform.claims(TEACHER), nonce, [`${CLAIM}message_type`]: "LtiStartProctoring" }),
      "an address elsewhere": (nonce) =>
        platform.sign({ ...platform.claims(TEACHER), nonce, [`${CLAIM}target_link_uri`]: "https://evil.example/lti/launch" }),
      "not valid yet": (nonce) => platform.sign({ ...platform.claims(TEACHER), nonce, nbf: now + 3600 }),
      "half a character as person": (nonce) => platform.sign({ ...platform.claims(TEACHER), nonce, sub: "\ud800" }),
      "a context with NUL": (nonce) =>
        platform.sign({ ...platform.claims(TEACHER), nonce, [`${CLAIM}context`]: { id: "a\0b", title: "Algebra" } }),
      "no token": async () => "",
    };
    for (const [what, make] of Object.entries(attacks)) {
      const begun = await begin(school, registered);
      await refused(finish(school, begun.state, await make(begun.nonce), begun), "launch-failed", what);
    }
    const [begun, another] = [await begin(school, registered), await begin(school, registered)];
    const token = await platform.sign({ ...platform.claims(TEACHER), nonce: begun.nonce });
    await refused(finish(school, begun.state, token, {}), "launch-failed", "another browser");
    await refused(finish(school, begun.state, token, another), "launch-failed", "the flow of another launch");
    await refused(finish(school, another.state, token, another), "launch-failed", "the state of another launch");
    const forged = begun.state.replace(registered.id, other.id);
    await refused(finish(school, forged, token, begun), "launch-failed", "a forged state");
    await refused(
      finish(school, begun.state, token, { flow: `${begun.flow.slice(0, -4)}AAAA` }),
      "launch-failed",
      "a changed flow",
    );
    assert.equal((await finish(school, begun.state, token, begun)).status, 201, "the true launch");
    await refused(finish(school, begun.state, token, begun), "launch-failed", "the same launch again");
  });

  test("of simultaneous uses of one launch, one counts", async (t) => {
    const school = await open(t, NETWORKS);
    const registered = await register(t, school);
    const begun = await begin(school, registered);
    const token = await registered.platform.sign({ ...registered.platform.claims(TEACHER), nonce: begun.nonce });
    const answers = await Promise.all(Array.from({ length: 8 }, () => finish(school, begun.state, token, begun)));
    assert.deepEqual(answers.map(({ status }) => status).sort(), [201, ...Array(7).fill(401)]);
    const many = await Promise.all(
      Array.from({ length: 6 }, () => launch(school, registered, TEACHER, { [`${CLAIM}resource_link`]: { id: "new" } })),
    );
    assert.deepEqual([...new Set(many.map(({ status }) => status))], [201]);
    assert.equal(new Set(many.map(({ body }) => body.lesson.id)).size, 1, "teachers who open a new link at once get one lesson");
  });

  test("a login of a stranger, or one that leads elsewhere, is refused; a login of another school finds no platform", async (t) => {
    const school = await open(t, NETWORKS);
    const { call, ok } = school;
    const { platform, schoolId, id } = await register(t, school);
    const login = (more: Readonly<Record<string, string>>, of = schoolId) =>
      call("POST", "/lti/logins", { as: null, body: { schoolId: of, form: loginForm(platform, more) } });
    for (const target of [
      "https://evil.example/",
      `${HERE}.evil.example/lti/launch`,
      `${HERE}/console`,
      "javascript:alert(1)",
      "//evil.example/lti/launch",
    ])
      await refused(login({ target_link_uri: target }), "launch-failed", target);
    await refused(login({ iss: "https://evil.example" }), "launch-failed", "another issuer");
    await refused(login({ client_id: "another" }), "launch-failed", "another client");
    await refused(login({ lti_deployment_id: "2" }), "launch-failed", "another deployment");
    const other = await ok("POST", "/schools", { body: { slug: "other", name: "Other", timeZone: "UTC" } });
    await refused(login({}, other.id), "launch-failed", "another school");
    const begun = await login({});
    assert.ok(begun.body.url.startsWith(`${platform.issuer}/auth?`));
    const query = new URL(begun.body.url).searchParams;
    assert.deepEqual(
      ["scope", "response_type", "response_mode", "prompt", "client_id", "redirect_uri", "login_hint"].map((name) =>
        query.get(name),
      ),
      ["openid", "id_token", "form_post", "none", CLIENT_ID, LAUNCH, "7"],
    );
    await ok("PATCH", `/lti/platforms/${id}`, { body: { enabled: false } });
    await refused(login({}), "launch-failed", "a disabled platform");
    await ok("PATCH", `/lti/platforms/${id}`, { body: { enabled: true } });
    await ok("PATCH", `/schools/${schoolId}`, { body: { archived: true } });
    await refused(login({}), "launch-failed", "an archived school");
  });

  test("unknown key ids ask the platform for its keys once, new keys are found, and private networks need the operator's permission", async (t) => {
    const school = await open(t, NETWORKS);
    const { ok, call } = school;
    const registered = await register(t, school);
    const { platform } = registered;
    assert.equal((await launch(school, registered, TEACHER)).status, 201);
    for (let i = 0; i < 5; i++) {
      const begun = await begin(school, registered);
      const token = await platform.sign({ ...platform.claims(TEACHER), nonce: begun.nonce }, { kid: `unknown-${i}` });
      await refused(finish(school, begun.state, token, begun), "launch-failed", "an unknown key");
    }
    assert.ok((platform.asked.get("/keys") ?? 0) <= 2, `asked ${platform.asked.get("/keys")} times`);
    const rotated = await register(t, school, { name: "Canvas" });
    await rotated.platform.rotate();
    assert.equal((await launch(school, rotated, TEACHER)).status, 201, "the keys are read when they are needed");
    const gone = createServer();
    await new Promise<void>((resolve) => gone.listen(0, "127.0.0.1", resolve));
    const { port } = gone.address() as AddressInfo;
    let asked = 0;
    gone.on("request", (_, response) => {
      asked++;
      response.writeHead(500).end();
    });
    t.after(() => gone.close());
    await ok("PATCH", `/lti/platforms/${registered.id}`, { body: { keysUrl: `http://127.0.0.1:${port}/keys` } });
    for (let i = 0; i < 5; i++) await refused(launch(school, registered, TEACHER), "provider-away", "keys that do not come");
    assert.equal(asked, 1, "a platform that fails is asked again later");
    const { body } = await call("POST", `/lti/platforms/${rotated.id}/test`);
    assert.deepEqual(body, { keys: 1 });
    for (const keysUrl of ["http://[::1]:9/keys", "http://169.254.169.254/keys", "https://10.0.0.1/keys"]) {
      await ok("PATCH", `/lti/platforms/${rotated.id}`, { body: { keysUrl } });
      await refused(launch(school, rotated, TEACHER), "provider-away", keysUrl);
      await refused(call("POST", `/lti/platforms/${rotated.id}/test`), "provider-away", keysUrl);
    }
  });

  test("deep linking: a teacher chooses a lesson, a recording or a new lesson of the course, and the link opens it", async (t) => {
    const school = await open(t, NETWORKS);
    const { ok, call } = school;
    const registered = await register(t, school);
    const { platform } = registered;
    const settings = { deep_link_return_url: `${platform.issuer}/deep-links`, accept_types: ["ltiResourceLink"], data: "opaque" };
    const choosing = {
      [`${CLAIM}message_type`]: "LtiDeepLinkingRequest",
      "https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings": settings,
    };
    await refused(launch(school, registered, STUDENT, choosing), "refused-by-rule", "a student");
    const elsewhere = { ...settings, deep_link_return_url: "https://evil.example/" };
    const evil = { ...choosing, "https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings": elsewhere };
    await refused(launch(school, registered, TEACHER, evil), "launch-failed", "an answer to another site");
    const { body } = await launch(school, registered, TEACHER, choosing);
    assert.deepEqual([body.kind, body.course, body.lesson], ["deep-linking", "Algebra", null]);
    const choose = (item: object, as = body.token) => call("POST", "/lti/deep-links", { as, body: { ticket: body.ticket, item } });
    const { status, body: answer } = await choose({ title: "Equations" });
    assert.deepEqual([status, answer.returnUrl], [201, `${platform.issuer}/deep-links`]);
    const keys = createLocalJWKSet(await ok("GET", "/lti/keys", { as: null }));
    const { payload } = await jwtVerify(answer.jwt, keys, { issuer: CLIENT_ID, audience: platform.issuer, algorithms: ["RS256"] });
    assert.deepEqual(
      [
        payload[`${CLAIM}message_type`],
        payload[`${CLAIM}deployment_id`],
        payload["https://purl.imsglobal.org/spec/lti-dl/claim/data"],
      ],
      ["LtiDeepLinkingResponse", DEPLOYMENT, "opaque"],
    );
    const [item] = payload["https://purl.imsglobal.org/spec/lti-dl/claim/content_items"] as [
      { url: string; title: string; custom: { lesson: string } },
    ];
    assert.deepEqual([item.url, item.title], [LAUNCH, "Equations"]);
    const linked = { [`${CLAIM}resource_link`]: { id: "link-2", title: "Equations" }, [`${CLAIM}custom`]: item.custom };
    const student = await launch(school, registered, STUDENT, linked);
    assert.equal(student.body.lesson.id, item.custom.lesson, "a student opens it before the teacher does");
    assert.equal((await choose({ lessonId: item.custom.lesson })).status, 201);
    const foreign = (await ok("POST", "/lessons", { body: { title: "Secret" } })).id;
    await refused(choose({ lessonId: foreign }), "not-found", "a lesson of another course");
    await refused(choose({ title: "x" }, student.body.token), "refused-by-rule", "a student with the teacher's ticket");
    assert.equal((await choose({ title: "x", lessonId: foreign })).status, 400);
    // Somebody writes the id of a foreign lesson into a link of their own course.
    const written = { [`${CLAIM}resource_link`]: { id: "link-3", title: "Mine" }, [`${CLAIM}custom`]: { lesson: foreign } };
    await refused(launch(school, registered, STUDENT, written), "lesson-not-ready", "a foreign lesson");
    const own = await launch(school, registered, TEACHER, written);
    assert.deepEqual([own.body.lesson.title, own.body.lesson.id === foreign], ["Mine", false]);
  });

  test("a person who was removed stays out, one who left the platform's roles keeps no more than the course, and disabling ends sessions", async (t) => {
    const school = await open(t, NETWORKS);
    const { ok, call } = school;
    const registered = await register(t, school);
    const teacher = await launch(school, registered, TEACHER);
    const student = await launch(school, registered, STUDENT);
    const { id, code } = student.body.lesson;
    const joined = await ok("POST", `/lessons/${code}/join`, { as: student.body.token, body: {} });
    await ok("DELETE", `/lessons/${id}/participants/${joined.viewer}`, { as: teacher.body.token });
    await refused(launch(school, registered, STUDENT), "removed-from-lesson", "a removed student");
    const assistant = { ...STUDENT, sub: "a1" };
    const roles = ["Learner", "Instructor"].map((name) => `http://purl.imsglobal.org/vocab/lis/v2/membership#${name}`);
    const teaching = "http://purl.imsglobal.org/vocab/lis/v2/membership/Instructor#TeachingAssistant";
    const helper = await launch(school, registered, assistant, { [`${CLAIM}roles`]: [...roles, teaching] });
    assert.equal(helper.body.role, "assistant");
    const learner = await launch(school, registered, assistant);
    const members = (await ok("GET", `/courses/${learner.body.courseId}/members`)).items as { userId: string; role: string }[];
    const me = (await ok("GET", "/me", { as: learner.body.token })).user;
    assert.equal(members.find(({ userId }) => userId === me.id)?.role, "student", "the membership follows the platform");
    await ok("PATCH", `/lti/platforms/${registered.id}`, { body: { enabled: false } });
    for (const { body } of [teacher, student, helper])
      assert.equal((await call("GET", "/me", { as: body.token })).body.code, "bad-credential");
  });

  test("a session of a frame moves to a window of its own; other sessions do not", async (t) => {
    const school = await open(t, NETWORKS);
    const { call, person } = school;
    const registered = await register(t, school);
    const { body } = await launch(school, registered, TEACHER);
    const moved = await call("POST", "/lti/windows", { as: body.token });
    assert.equal(moved.status, 204);
    assert.match(String(moved.headers["set-cookie"]), /lectern-session=[\w-]+; Path=\/; HttpOnly; SameSite=Strict/);
    const { token } = await person(registered.schoolId, "teacher");
    await refused(call("POST", "/lti/windows", { as: token }), "refused-by-rule", "a session with a password");
    const windowed = await launch(school, registered, TEACHER);
    assert.notEqual(windowed.body.token, "");
    const begun = await begin(school, registered);
    const idToken = await registered.platform.sign({ ...registered.platform.claims(TEACHER), nonce: begun.nonce });
    const top = await finish(school, begun.state, idToken, { flow: begun.flow, asCookie: true });
    assert.equal(top.body.token, "", "a session in a cookie is not shown to scripts");
  });

  test("attendance becomes a grade after the lesson: once, for the platform's students, with retries, and again when the lesson continued", async (t) => {
    const school = await open(t, NETWORKS);
    const { ok, service } = school;
    const registered = await register(t, school);
    const { platform } = registered;
    const grades = {
      "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint": {
        scope: ["https://purl.imsglobal.org/spec/lti-ags/scope/lineitem", "https://purl.imsglobal.org/spec/lti-ags/scope/score"],
        lineitems: `${platform.issuer}/lineitems?type_id=7`,
      },
    };
    const teacher = await launch(school, registered, TEACHER, grades);
    const { id, code } = teacher.body.lesson;
    const there = await launch(school, registered, STUDENT, grades);
    await launch(school, registered, { sub: "s2", role: "Learner", name: "Han Meimei" }, grades);
    await launch(school, registered, { sub: "gone", role: "Learner", name: "Lin Tao" }, grades);
    const as = teacher.body.token;
    await ok("POST", `/lessons/${id}/start`, { as });
    await ok("POST", `/lessons/${code}/join`, { as: there.body.token, body: {} });
    const report = gradesOf(service.db, gradeReports);
    let now = Date.now() + 10 * 60_000;
    await report(now);
    assert.equal(platform.asked.get("/token"), undefined, "the lesson is live");
    await ok("POST", `/lessons/${id}/end`, { as });
    await report(Date.now());
    assert.equal(platform.asked.get("/token"), undefined, "its publisher may come back");
    platform.failures = 2;
    platform.refusedUsers.add("gone");
    const tries: number[] = [];
    for (const later of [0, 1000, 10_000, 20_000, 60_000, 120_000]) {
      now += later;
      await report(now);
      tries.push(platform.asked.get("/token") ?? 0);
    }
    assert.deepEqual(tries, [1, 1, 2, 2, 3, 3], "after failures it waits longer and longer, and after success it is done");
    const [column] = platform.lineItems;
    assert.deepEqual([platform.lineItems.length, column?.label, column?.resourceLinkId], [1, "Fractions", "link-1"]);
    const given = () =>
      Object.fromEntries(
        (column?.scores ?? []).map(({ userId, scoreGiven, scoreMaximum }) => [userId, `${scoreGiven}/${scoreMaximum}`]),
      );
    assert.deepEqual(given(), { s1: "1/1", s2: "0/1" }, "one refused score hides nobody else's; teachers get none");
    const late = await launch(school, registered, { sub: "s2", role: "Learner" }, grades);
    await ok("POST", `/lessons/${id}/start`, { as });
    await ok("POST", `/lessons/${code}/join`, { as: late.body.token, body: {} });
    await ok("POST", `/lessons/${id}/end`, { as });
    await report(Date.now() + 10 * 60_000);
    assert.deepEqual(given(), { s1: "1/1", s2: "1/1" });
    assert.equal(platform.lineItems.length, 1, "the column is used again");
    await ok("PATCH", `/lti/platforms/${registered.id}`, { body: { grades: false } });
    const before = platform.asked.get("/token");
    await service.db.updateTable("lti_links").set({ scored_until: null }).execute();
    await report(Date.now() + 10 * 60_000);
    assert.equal(platform.asked.get("/token"), before, "the school wants no grades");
  });
});
