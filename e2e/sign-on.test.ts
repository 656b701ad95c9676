/** Single sign-on with a real OpenID Connect provider: accounts, roles and courses by claims, and the attacks of RFC 9700. Shares a process. */
import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { visitProvider } from "./openid-provider.ts";
import { type Answer, PASSWORD } from "./school.ts";
import { onPostgresFirst } from "./school-databases.ts";
import { Browser, configure, HERE, OWN_PAGE, SIGN_ON } from "./sign-on-browser.ts";

onPostgresFirst((open) => {
  test("the first sign-in makes the account, with role and courses by claims, and later ones follow the claims", async (t) => {
    const school = await open(t, SIGN_ON);
    const { ok } = school;
    const provider = await configure(t, school);
    const { accounts } = provider.openid;
    const course = async (name: string) => (await ok("POST", "/courses", { body: { name } })).id as string;
    const [maths, physics, music] = [await course("Maths"), await course("Physics"), await course("Music")];
    accounts.set("1", { name: "Wang Fang", preferred_username: "wang", groups: ["staff"], courses: ["Maths", "Nowhere"] });
    const choices = (await school.call("GET", "/sign-on", { as: null })).body;
    assert.deepEqual(choices, {
      items: [{ id: provider.id, name: "School account", school: choices.items[0].school }],
      schoolNeeded: false,
      hasProviders: true,
      mailsPasswords: false,
      isFirstStart: true,
    });
    const browser = new Browser(school);
    const { status, body } = await browser.signOn(provider, "1", { returnTo: "/console/timetable?week=1" });
    assert.equal(status, 201, JSON.stringify(body));
    assert.deepEqual([body.returnTo, body.user.login, body.user.role], ["/console/timetable?week=1", "wang", "teacher"]);
    assert.deepEqual([body.user.name, body.user.hasPassword], ["Wang Fang", false]);
    assert.equal((await browser.me()).user.id, body.user.id);
    const kept = [...browser.cookies.keys()].sort();
    assert.deepEqual(kept, ["lectern-device", "lectern-session", "lectern-signed-in"], "the flow is forgotten");
    const members = async (id: string) =>
      (await ok("GET", `/courses/${id}/members`)).items.map(({ role }: { role: string }) => role);
    assert.deepEqual([await members(maths), await members(physics)], [["teacher"], []]);
    // Memberships that were made by hand stay.
    await ok("PUT", `/courses/${music}/members/${body.user.id}`, { body: { role: "teacher" } });
    accounts.set("1", { name: "Wang Fang", preferred_username: "wang", groups: ["pupils"], courses: ["Physics"] });
    const again = await new Browser(school).signOn(provider, "1");
    assert.deepEqual([again.body.user.id, again.body.user.role], [body.user.id, "student"]);
    assert.deepEqual([await members(maths), await members(physics), await members(music)], [[], ["student"], ["teacher"]]);
    assert.equal((await browser.me()).role, "student", "in sessions that are open too");
  });

  test("an account belongs to issuer and subject: neither a mail address nor a login takes over another", async (t) => {
    const school = await open(t, SIGN_ON);
    const { ok, person } = school;
    const [one, two] = [await configure(t, school), await configure(t, school)];
    const head = await person(one.schoolId, "administrator", "head");
    await ok("PATCH", `/users/${head.id}`, { body: { email: "head@school.example" } });
    const claims = { preferred_username: "head", email: "head@school.example", email_verified: true };
    one.openid.accounts.set("1", claims);
    two.openid.accounts.set("1", claims);
    const [first, second] = [await new Browser(school).signOn(one, "1"), await new Browser(school).signOn(two, "1")];
    const ids = new Set([head.id, first.body.user.id, second.body.user.id]);
    assert.equal(ids.size, 3, "three people");
    for (const { body } of [first, second]) assert.equal(body.user.role, "student");
    assert.match(first.body.user.login, /^head-\w{4}$/);
  });

  test("a signed-in person adds a provider to the own account, and nobody else's identity", async (t) => {
    const school = await open(t, SIGN_ON);
    const { ok, person } = school;
    const provider = await configure(t, school);
    provider.openid.accounts.set("1", { preferred_username: "li" });
    const { id } = await person(provider.schoolId, "teacher", "li");
    const browser = new Browser(school);
    await browser.call("POST", "/sessions", { login: "li", password: PASSWORD, cookie: true });
    assert.equal((await browser.signOn(provider, "1", { link: true })).body.user.id, id);
    assert.equal((await new Browser(school).signOn(provider, "1")).body.user.id, id);
    assert.equal((await ok("GET", `/users/${id}`)).role, "teacher");
    const other = new Browser(school);
    await person(provider.schoolId, "teacher", "zhao");
    await other.call("POST", "/sessions", { login: "zhao", password: PASSWORD, cookie: true });
    assert.equal((await other.signOn(provider, "1", { link: true })).body.code, "conflict");
    const stranger = await new Browser(school).call("POST", "/sign-on", { providerId: provider.id, link: true });
    assert.equal(stranger.body.code, "not-signed-in");
    // The address that links begins in the victim's browser only: an attacker's response has no flow there.
    const attacker = new Browser(school);
    const query = await visitProvider(await attacker.begin(provider.id), "1", HERE);
    assert.equal((await other.finish(provider.id, query)).body.code, "sign-on-failed");
  });

  test("a response counts once, in the browser that began, for the provider that was asked, unchanged", async (t) => {
    const school = await open(t, SIGN_ON);
    const [provider, other] = [await configure(t, school), await configure(t, school)];
    for (const { openid } of [provider, other]) {
      openid.accounts.set("victim", {});
      openid.accounts.set("attacker", {});
    }
    const failed = async (attempt: Promise<Answer>, what: string) => {
      const { status, body } = await attempt;
      assert.deepEqual([status, body.code], [401, "sign-on-failed"], `${what}: ${JSON.stringify(body)}`);
    };
    const browser = new Browser(school);
    const query = await visitProvider(await browser.begin(provider.id), "victim", HERE);
    await failed(new Browser(school).finish(provider.id, query), "another browser");
    await failed(browser.finish(other.id, query), "mix-up: the address of another provider");
    const changed = (name: string, value: string) => {
      const parameters = new URLSearchParams(query);
      parameters.set(name, value);
      return parameters.toString();
    };
    await failed(browser.finish(provider.id, changed("state", "x".repeat(43))), "another state");
    await failed(browser.finish(provider.id, changed("iss", other.openid.issuer)), "mix-up: the issuer of another provider");
    const attacker = new Browser(school);
    const theirs = new URLSearchParams(await visitProvider(await attacker.begin(provider.id), "attacker", HERE));
    await failed(browser.finish(provider.id, changed("code", theirs.get("code") ?? "")), "a code of another flow");
    const kept = new Map(browser.cookies);
    const fresh = new Browser(school);
    for (const [name, value] of kept) fresh.cookies.set(name, `${value.slice(0, -4)}AAAA`);
    await failed(fresh.finish(provider.id, query), "a changed cookie");
    assert.equal((await browser.finish(provider.id, query)).status, 201, "the true response");
    for (const [name, value] of kept) browser.cookies.set(name, value);
    await failed(browser.finish(provider.id, query), "the same response again");
    const nonces = school.service.db.selectFrom("lti_nonces").selectAll();
    assert.equal((await nonces.execute()).length, 1, "also where the provider takes its code again");
    const denied = await new Browser(school).signOn(provider, "nobody");
    assert.deepEqual([denied.body.code, /did not let you in/.test(denied.body.detail)], ["sign-on-failed", true]);
  });

  test("a sign-on leads back to own pages only", async (t) => {
    const school = await open(t, SIGN_ON);
    const provider = await configure(t, school);
    provider.openid.accounts.set("1", {});
    for (const returnTo of ["https://evil.example", "//evil.example/", "/\\evil.example", "javascript:alert(1)"])
      assert.equal((await new Browser(school).signOn(provider, "1", { returnTo })).body.returnTo, "/console", returnTo);
  });

  test("no claim makes an operator, and only the directory that names administrators demotes one", async (t) => {
    const school = await open(t, SIGN_ON);
    const { call, ok } = school;
    const provider = await configure(t, school, { defaultRole: null, roles: { heads: "administrator", pupils: "student" } });
    const forged = await call("PATCH", `/providers/${provider.id}`, { body: { roles: { pupils: "operator" } } });
    assert.equal(forged.status, 400);
    const { accounts } = provider.openid;
    accounts.set("1", { groups: ["operator", "admin"], role: "operator" });
    assert.equal((await new Browser(school).signOn(provider, "1")).body.code, "refused-by-rule", "no role, no account");
    assert.equal((await ok("GET", `/users?schoolId=${provider.schoolId}`)).items.length, 0);
    accounts.set("1", { groups: ["heads"], role: "operator" });
    const { user } = (await new Browser(school).signOn(provider, "1")).body;
    assert.deepEqual([user.role, user.schoolId], ["administrator", provider.schoolId]);
    await ok("PATCH", `/providers/${provider.id}`, { body: { roles: { pupils: "student" } } });
    accounts.set("1", { groups: ["pupils"] });
    assert.equal((await new Browser(school).signOn(provider, "1")).body.user.role, "administrator");
    await ok("PATCH", `/providers/${provider.id}`, { body: { roles: { heads: "administrator", pupils: "student" } } });
    assert.equal((await new Browser(school).signOn(provider, "1")).body.user.role, "student");
  });

  test("passwords can be turned off where a provider is enabled; operators keep theirs", async (t) => {
    const school = await open(t, SIGN_ON);
    const { call, ok, person } = school;
    const { id: schoolId } = (await ok("GET", "/schools")).items[0];
    const off = () => call("PATCH", `/schools/${schoolId}`, { body: { passwordSignIn: false } });
    assert.equal((await off()).body.code, "conflict");
    const provider = await configure(t, school);
    provider.openid.accounts.set("1", {});
    await person(schoolId, "teacher", "wang");
    assert.equal((await off()).body.passwordSignIn, false);
    const signIn = (login: string, password = PASSWORD) => call("POST", "/sessions", { as: null, body: { login, password } });
    assert.equal((await signIn("wang")).body.code, "password-sign-in-off");
    assert.equal((await signIn("wang", "wrong")).body.code, "wrong-password", "only the right password is told so");
    assert.equal((await signIn("admin")).status, 201);
    assert.equal((await new Browser(school).signOn(provider, "1")).status, 201);
    assert.equal((await call("DELETE", `/providers/${provider.id}`)).body.code, "conflict", "the last way in");
    assert.equal((await call("PATCH", `/providers/${provider.id}`, { body: { enabled: false } })).body.code, "conflict");
    assert.equal((await ok("GET", `/providers?schoolId=${schoolId}`)).items.length, 1);
  });

  test("a disabled provider ends its sessions, and a disabled account stays out", async (t) => {
    const school = await open(t, SIGN_ON);
    const { ok } = school;
    const provider = await configure(t, school);
    provider.openid.accounts.set("1", {});
    const browser = new Browser(school);
    const { user } = (await browser.signOn(provider, "1")).body;
    await ok("PATCH", `/users/${user.id}`, { body: { disabled: true } });
    assert.equal((await browser.me()).code, "bad-credential");
    assert.equal((await browser.signOn(provider, "1")).body.code, "refused-by-rule");
    await ok("PATCH", `/users/${user.id}`, { body: { disabled: false } });
    assert.equal((await browser.signOn(provider, "1")).status, 201);
    await ok("PATCH", `/providers/${provider.id}`, { body: { enabled: false } });
    assert.equal((await browser.me()).code, "bad-credential");
    assert.equal((await browser.call("POST", "/sign-on", { providerId: provider.id }, "anonymous")).body.code, "not-found");
    assert.deepEqual((await school.call("GET", "/sign-on", { as: null })).body.items, []);
  });

  test("providers in private networks need the operator's permission, and a hostile one leads nowhere", async (t) => {
    const school = await open(t);
    const { call, ok } = school;
    const provider = await configure(t, school);
    const begin = (providerId: string, to = school) =>
      to.call("POST", "/sign-on", { as: null, headers: OWN_PAGE, body: { providerId } });
    assert.deepEqual([(await begin(provider.id)).status, (await begin(provider.id)).body.code], [503, "provider-away"]);
    for (const issuer of ["http://localhost:9", "http://[::ffff:127.0.0.1]:9", "http://2130706433:9", "https://127.0.0.1:9"]) {
      await ok("PATCH", `/providers/${provider.id}`, { body: { issuer } });
      assert.equal((await call("POST", `/providers/${provider.id}/test`)).body.code, "provider-away", issuer);
    }
    assert.equal((await call("PATCH", `/providers/${provider.id}`, { body: { issuer: "file:///etc/passwd" } })).status, 400);

    const trusting = await open(t, SIGN_ON);
    let endpoint = "javascript:alert(1)";
    let claimed = "";
    const evil = createServer((_, response) => {
      const issuer = claimed || `http://127.0.0.1:${port}`;
      const document = { issuer, authorization_endpoint: endpoint, token_endpoint: `${issuer}/token`, jwks_uri: `${issuer}/keys` };
      response.setHeader("content-type", "application/json").end(JSON.stringify(document));
    });
    await new Promise<void>((resolve) => evil.listen(0, "127.0.0.1", resolve));
    const { port } = evil.address() as AddressInfo;
    t.after(() => evil.close());
    const body = { name: "Evil", issuer: `http://127.0.0.1:${port}`, clientId: "x" };
    const { id } = await trusting.ok("POST", "/providers", { body });
    assert.equal((await begin(id, trusting)).body.code, "provider-away", "a script: address");
    endpoint = "http://127.0.0.1:9/authorize";
    claimed = "https://accounts.example";
    await trusting.ok("PATCH", `/providers/${id}`, { body: { name: "Evil twin" } });
    assert.equal((await begin(id, trusting)).body.code, "provider-away", "the document of another issuer");
  });

  test("administrators manage their own school's providers, and nobody reads a secret", async (t) => {
    const school = await open(t, SIGN_ON);
    const { call, ok, person } = school;
    const provider = await configure(t, school);
    const { id: other } = await ok("POST", "/schools", { body: { slug: "other", name: "Other" } });
    const [head, teacher, stranger] = [
      await person(provider.schoolId, "administrator"),
      await person(provider.schoolId, "teacher"),
      await person(other, "administrator"),
    ];
    const listed = await ok("GET", "/providers", { as: head.token });
    assert.deepEqual([listed.items.length, listed.items[0].hasSecret], [1, true]);
    assert.ok(!JSON.stringify(listed).includes("a secret of the client"));
    assert.ok(!JSON.stringify(await ok("GET", "/audit")).includes("a secret of the client"));
    assert.equal((await call("GET", "/providers", { as: teacher.token })).status, 403);
    const change = (as: string) => call("PATCH", `/providers/${provider.id}`, { as, body: { name: "Mine" } });
    assert.deepEqual([(await change(teacher.token)).status, (await change(stranger.token)).status], [403, 404]);
    const { key } = await ok("POST", "/api-keys", {
      body: { schoolId: provider.schoolId, name: "key", scopes: ["people:write", "schools:write", "system:write"] },
    });
    assert.equal((await change(key)).body.code, "refused-by-rule");
    assert.equal((await change(head.token)).body.name, "Mine");
    const stale = { "if-match": '"v1"' };
    const late = await call("PATCH", `/providers/${provider.id}`, { as: head.token, body: { name: "Late" }, headers: stale });
    assert.equal(late.body.code, "precondition-failed");
  });
});
