/** Sessions through the API: in a cookie for pages, as a bearer token for programs; requests of other sites; listing and ending. Shares a process. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Answer, PASSWORD, type TestSchool } from "./school.ts";
import { onPostgresFirst } from "./school-databases.ts";

const OWN_PAGE = { "sec-fetch-site": "same-origin" };

function cookiesOf(answer: Answer): readonly string[] {
  return [answer.headers["set-cookie"] ?? []].flat().map(String);
}

/** Signs in as a page does. Gives the headers of the page's further requests. */
async function signInOnPage({ call }: TestSchool, login: string): Promise<Record<string, string>> {
  const answer = await call("POST", "/sessions", {
    as: null,
    body: { login, password: PASSWORD, cookie: true },
    headers: OWN_PAGE,
  });
  assert.equal(answer.status, 201, JSON.stringify(answer.body));
  assert.equal(answer.body.token, "", "scripts see no token");
  const [session = ""] = cookiesOf(answer);
  assert.match(session, /^lectern-session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict/);
  return { cookie: session.split(";")[0] ?? "", ...OWN_PAGE };
}

onPostgresFirst((open) => {
  test("a page's session is in a cookie that counts for the pages of this server only", async (t) => {
    const school = await open(t);
    const { call, ok, person } = school;
    const { id: schoolId } = (await ok("GET", "/schools")).items[0];
    await person(schoolId, "administrator", "wang");
    const page = await signInOnPage(school, "wang");
    const as = null;
    assert.equal((await call("GET", "/me", { as, headers: page })).body.user.login, "wang");
    const course = (headers: Record<string, string>, name: string) => call("POST", "/courses", { as, headers, body: { name } });
    assert.equal((await course(page, "Maths")).status, 201);
    const { cookie = "" } = page;
    for (const [i, headers] of [
      { cookie },
      { cookie, "sec-fetch-site": "cross-site", "lectern-page": "active" },
      { cookie, "sec-fetch-site": "same-site", "lectern-page": "active" },
      { cookie, origin: "https://evil.example", "lectern-page": "active" },
      { cookie, origin: "http://school.example" },
    ].entries()) {
      const forged = await course(headers, `Forged ${i}`);
      assert.deepEqual([forged.status, forged.body.code], [403, "cross-site-request"], JSON.stringify(headers));
      assert.equal((await call("GET", "/me", { as, headers })).body.code, "not-signed-in", JSON.stringify(headers));
    }
    assert.deepEqual(
      (await ok("GET", "/courses")).items.map(({ name }: { name: string }) => name),
      ["Maths"],
    );
    // Over HTTP in a school's network, browsers send no Sec-Fetch-Site.
    assert.equal((await course({ cookie, "lectern-page": "active", origin: "http://school.example" }, "Physics")).status, 201);
    // A stale cookie does not keep a person from signing in.
    const stale = { cookie: "lectern-session=ended", "lectern-page": "anonymous", ...OWN_PAGE };
    const body = { login: "wang", password: PASSWORD, cookie: true };
    assert.equal((await call("POST", "/sessions", { as, body, headers: stale })).status, 201);
    const out = await call("DELETE", "/sessions/current", { as, headers: page });
    assert.equal(out.status, 204);
    for (const removed of cookiesOf(out)) assert.match(removed, /=; .*Max-Age=0$/);
    assert.equal((await call("GET", "/me", { as, headers: page })).body.code, "bad-credential");
  });

  test("over HTTPS the cookie is Secure and bound to the host, and a cookie set over HTTP does not count", async (t) => {
    const school = await open(t);
    const { call, person, ok } = school;
    const { id: schoolId } = (await ok("GET", "/schools")).items[0];
    const { token } = await person(schoolId, "teacher", "wang");
    const secure = { "x-forwarded-proto": "https", ...OWN_PAGE };
    const body = { login: "wang", password: PASSWORD, cookie: true };
    const [session = ""] = cookiesOf(await call("POST", "/sessions", { as: null, body, headers: secure }));
    assert.match(session, /^__Host-lectern-session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Secure;/);
    const me = (cookie: string) => call("GET", "/me", { as: null, headers: { ...secure, cookie } });
    assert.equal((await me(session.split(";")[0] ?? "")).status, 200);
    assert.equal((await me(`lectern-session=${token}`)).body.code, "not-signed-in");
  });

  test("a new password leaves the page signed in, in a new cookie, and ends all other sessions", async (t) => {
    const school = await open(t);
    const { call, person, ok } = school;
    const { id: schoolId } = (await ok("GET", "/schools")).items[0];
    const { token } = await person(schoolId, "teacher", "wang");
    const page = await signInOnPage(school, "wang");
    const body = { current: PASSWORD, password: "quite another horse" };
    const changed = await call("PUT", "/me/password", { as: null, headers: page, body });
    assert.deepEqual([changed.status, changed.body.token], [201, ""]);
    const cookie = cookiesOf(changed)[0]?.split(";")[0] ?? "";
    assert.equal((await call("GET", "/me", { as: null, headers: { ...page, cookie } })).status, 200);
    assert.equal((await call("GET", "/me", { as: null, headers: page })).status, 401);
    assert.equal((await call("GET", "/me", { as: token })).status, 401);
  });

  test("people see where they are signed in and end it; administrators do so for their own school's people only", async (t) => {
    const school = await open(t);
    const { call, ok, person } = school;
    const { id: schoolId } = (await ok("GET", "/schools")).items[0];
    const { id: other } = await ok("POST", "/schools", { body: { slug: "other", name: "Other" } });
    const wang = await person(schoolId, "teacher", "wang");
    const li = await person(schoolId, "teacher", "li");
    const [head, stranger] = [await person(schoolId, "administrator"), await person(other, "administrator")];
    const page = await signInOnPage(school, "wang");
    const { items } = await ok("GET", "/me/sessions", { as: null, headers: page });
    assert.equal(items.length, 2);
    const [here, there] = [true, false].map((current) => items.find((one: { current: boolean }) => one.current === current));
    assert.deepEqual([here.ip, there.ip], ["10.0.0.1", "10.0.0.1"]);
    assert.ok(!JSON.stringify(items).includes(wang.token), "no token is shown");
    // Nobody ends a session of somebody else.
    assert.equal((await call("DELETE", `/me/sessions/${there.id}`, { as: li.token })).body.code, "not-found");
    assert.equal((await call("GET", "/me", { as: wang.token })).status, 200);
    assert.equal((await call("DELETE", `/me/sessions/${there.id}`, { as: null, headers: page })).status, 204);
    assert.equal((await call("GET", "/me", { as: wang.token })).body.code, "bad-credential");
    const again = await ok("POST", "/sessions", { as: null, body: { login: "wang", password: PASSWORD } });
    assert.equal((await call("DELETE", "/me/sessions", { as: null, headers: page })).status, 204);
    assert.equal((await call("GET", "/me", { as: again.token })).status, 401);
    assert.equal((await call("GET", "/me", { as: null, headers: page })).status, 200);
    for (const method of ["GET", "DELETE"]) {
      assert.equal((await call(method, `/users/${wang.id}/sessions`, { as: stranger.token })).body.code, "not-found");
      assert.equal((await call(method, `/users/${wang.id}/sessions`, { as: li.token })).status, 403);
    }
    assert.equal((await ok("GET", `/users/${wang.id}/sessions`, { as: head.token })).items.length, 1);
    assert.equal((await call("DELETE", `/users/${wang.id}/sessions`, { as: head.token })).status, 204);
    assert.equal((await call("GET", "/me", { as: null, headers: page })).status, 401);
    const actions = (await ok("GET", `/audit?schoolId=${schoolId}`)).items.map(({ action }: { action: string }) => action);
    assert.ok(actions.includes("user.sessions-end") && actions.includes("user.session-end"), actions.join(" "));
  });

  test("a session that is idle for the school's time ends", async (t) => {
    const { call, ok, person, service } = await open(t);
    const { id: schoolId } = (await ok("GET", "/schools")).items[0];
    const { id } = await person(schoolId, "teacher", "wang");
    assert.equal((await call("PATCH", `/schools/${schoolId}`, { body: { idleMinutes: 4 } })).status, 400);
    assert.equal((await ok("PATCH", `/schools/${schoolId}`, { body: { idleMinutes: 15 } })).idleMinutes, 15);
    const { token, expiresAt } = await ok("POST", "/sessions", { as: null, body: { login: "wang", password: PASSWORD } });
    assert.ok(Date.parse(expiresAt) <= Date.now() + 15 * 60_000);
    const seenAt = new Date(Date.now() - 15 * 60_000);
    await service.db.updateTable("sessions").set({ seen_at: seenAt }).where("user_id", "=", id).execute();
    assert.equal((await call("GET", "/me", { as: token })).body.code, "bad-credential");
  });
});
