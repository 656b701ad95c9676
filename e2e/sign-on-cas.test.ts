/** Single sign-on by CAS 3.0: accounts by attributes, tickets that count once and for one service, and servers that lie, are slow or dead. */
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { answer, type CasServer, failure, startCasServer, success } from "./cas-server.ts";
import type { Answer, TestSchool } from "./school.ts";
import { onEachDatabase } from "./school-databases.ts";
import { Browser, HERE, OWN_PAGE, SIGN_ON } from "./sign-on-browser.ts";

const ROLES = { roleClaim: "memberOf", roles: { staff: "teacher", pupils: "student" }, courseClaim: "courses" };

type Configured = { readonly id: string; readonly schoolId: string; readonly cas: CasServer };

/** A provider of the first school. */
async function configure(t: TestContext, { ok }: TestSchool, more: object = {}): Promise<Configured> {
  const cas = await startCasServer(t);
  const schoolId = (await ok("GET", "/schools")).items[0].id;
  const body = { schoolId, kind: "cas", name: "School account", issuer: cas.address, publicOrigin: HERE, ...ROLES, ...more };
  const { id, redirectUri, kind } = await ok("POST", "/providers", { body });
  assert.deepEqual([kind, redirectUri], ["cas", `${HERE}/sign-on/${id}/callback`]);
  return { id, schoolId, cas };
}

async function signOn(browser: Browser, { id, cas }: Configured, account: string, more: object = {}): Promise<Answer> {
  return await browser.finish(id, cas.visit(await browser.begin(id, more), account).search.slice(1));
}

onEachDatabase((open) => {
  test("the first sign-in makes the account by attributes, and later ones follow them", async (t) => {
    const school = await open(t, SIGN_ON);
    const { ok } = school;
    const provider = await configure(t, school);
    const { cas, id } = provider;
    assert.deepEqual(await ok("POST", `/providers/${id}/test`), {
      issuer: cas.address,
      authorizationEndpoint: `${cas.address}/login`,
    });
    const course = (await ok("POST", "/courses", { body: { name: "Maths" } })).id;
    cas.accounts.set("Wang.1", { displayName: "王芳", mail: "wang@school.example", memberOf: ["all", "staff"], courses: "Maths" });
    const browser = new Browser(school);
    const { status, body } = await signOn(browser, provider, "Wang.1", { returnTo: "/console/people" });
    assert.equal(status, 201, JSON.stringify(body));
    assert.deepEqual(
      [body.returnTo, body.user.login, body.user.name, body.user.email, body.user.role],
      ["/console/people", "wang.1", "王芳", "wang@school.example", "teacher"],
    );
    assert.equal((await browser.me()).user.id, body.user.id);
    assert.equal((await ok("GET", `/courses/${course}/members`)).items.length, 1);
    cas.accounts.set("Wang.1", { memberOf: "pupils" });
    const again = await signOn(new Browser(school), provider, "Wang.1");
    assert.deepEqual([again.body.user.id, again.body.user.role, again.body.user.name], [body.user.id, "student", "王芳"]);
    assert.equal((await ok("GET", `/courses/${course}/members`)).items.length, 0);
    assert.deepEqual([...(cas.validated.at(-1)?.keys() ?? [])], ["service", "ticket"]);
  });

  test("a ticket counts once, in the browser that began, for the service and the flow for which it was issued", async (t) => {
    const school = await open(t, SIGN_ON);
    const [provider, other] = [await configure(t, school), await configure(t, school)];
    const { cas, id } = provider;
    for (const { cas: one } of [provider, other]) for (const account of ["victim", "attacker"]) one.accounts.set(account, {});
    const refused = async (attempt: Promise<Answer>, what: string) => {
      const { status, body } = await attempt;
      assert.deepEqual([status, body.code], [401, "sign-on-failed"], `${what}: ${JSON.stringify(body)}`);
    };
    const browser = new Browser(school);
    const query = cas.visit(await browser.begin(id), "victim").search.slice(1);
    await refused(new Browser(school).finish(id, query), "another browser");
    await refused(browser.finish(other.id, query), "another provider");
    assert.equal(cas.validated.length, 0, "nobody was asked");
    const kept = new Map(browser.cookies);
    const both = await Promise.all([browser.finish(id, query), new Browser(school, kept).finish(id, query)]);
    assert.deepEqual(both.map(({ status }) => status).sort(), [201, 401], "twice at the same time");
    await refused(new Browser(school, kept).finish(id, query), "the same again");
    // A server that takes a ticket again: the flow counts once all the same.
    cas.forge = (response) => answer(response, success("victim", {}));
    await refused(new Browser(school, kept).finish(id, query), "also where the server takes its ticket again");
    const next = new Browser(school);
    const state = new URL(new URL(await next.begin(id)).searchParams.get("service") ?? "").searchParams.get("state");
    const used = new URLSearchParams(query).get("ticket");
    await refused(next.finish(id, `state=${state}&ticket=${used}`), "a used ticket in a new flow");
    cas.forge = null;
    const attacker = new Browser(school);
    const theirs = cas.visit(await attacker.begin(id), "attacker");
    const victim = new Browser(school);
    const mine = new URLSearchParams(cas.visit(await victim.begin(id), "victim").search);
    mine.set("ticket", theirs.searchParams.get("ticket") ?? "");
    await refused(victim.finish(id, mine.toString()), "a ticket of another flow is for another service");
    const elsewhere = new Browser(school);
    const begun = new URL(await elsewhere.begin(id));
    const service = new URL(begun.searchParams.get("service") ?? "");
    begun.searchParams.set("service", "https://evil.example/");
    const stolen = cas.visit(begun.href, "victim").searchParams.get("ticket");
    await refused(elsewhere.finish(id, `${service.search.slice(1)}&ticket=${stolen}`), "a ticket for another service");
    for (const ticket of ["", "PT-1-x", "PGT-1-x", "ST-", "ST-1 2", "ST-1&renew=false", `ST-${"x".repeat(300)}`]) {
      const count = cas.validated.length;
      const again = new Browser(school);
      const { search } = new URL(new URL(await again.begin(id)).searchParams.get("service") ?? "");
      await refused(again.finish(id, `${search.slice(1)}&${new URLSearchParams({ ticket })}`), `the ticket ${ticket}`);
      assert.ok(
        cas.validated.length - count <= (ticket === "ST-1&renew=false" ? 1 : 0),
        "only what can be a ticket is asked about",
      );
    }
    assert.equal((await signOn(new Browser(school), provider, "attacker")).status, 201);
  });

  test("an answer that is forged, ambiguous or no XML of CAS signs nobody in", async (t) => {
    const school = await open(t, SIGN_ON);
    const provider = await configure(t, school);
    const { cas } = provider;
    cas.accounts.set("victim", {});
    const raw = (text: string) => (response: Parameters<NonNullable<CasServer["forge"]>>[0]) =>
      void response.setHeader("content-type", "text/xml").end(text);
    const of = (content: string, namespace = "http://www.yale.edu/tp/cas") =>
      raw(`<cas:serviceResponse xmlns:cas="${namespace}">${content}</cas:serviceResponse>`);
    const bomb = Array.from({ length: 12 }, (_, i) => `<!ENTITY e${i + 1} "${`&e${i};`.repeat(10)}">`).join("");
    for (const [what, forge] of [
      ["both", of(success("victim", {}) + failure("INVALID_TICKET", ""))],
      ["failure first", of(failure("INVALID_TICKET", "") + success("victim", {}))],
      ["success twice", of(success("victim", {}) + success("attacker", {}))],
      ["two users", of("<cas:authenticationSuccess><cas:user>a</cas:user><cas:user>victim</cas:user></cas:authenticationSuccess>")],
      ["no user", of("<cas:authenticationSuccess/>")],
      ["an empty user", of(success("", {}))],
      ["elements in the user", of(success("vic<cas:b/>tim", {}))],
      ["success within the failure", of(failure("INVALID_TICKET", success("victim", {})))],
      ["another namespace", of(success("victim", {}), "urn:evil")],
      [
        "a proxy ticket",
        of(success("victim", {}).replace("</cas:user>", "</cas:user><cas:proxies><cas:proxy>x</cas:proxy></cas:proxies>")),
      ],
      ["a document type", raw(`<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>`)],
      ["a bomb", raw(`<!DOCTYPE x [<!ENTITY e0 "lol">${bomb}]><x>&e12;</x>`)],
      ["not well-formed", raw(`<cas:serviceResponse xmlns:cas="http://www.yale.edu/tp/cas">${success("victim", {})}`)],
      ["CAS 1.0", raw("yes\nvictim\n")],
      ["a page", raw("<!doctype html><title>Sign in</title>")],
      ["nothing", raw("")],
    ] as const) {
      cas.forge = forge;
      const { body } = await signOn(new Browser(school), provider, "victim");
      assert.equal(body.code, "sign-on-failed", `${what}: ${JSON.stringify(body)}`);
    }
    assert.equal((await school.ok("GET", `/users?schoolId=${provider.schoolId}`)).items.length, 0);
    // A comment does not cut a name short.
    cas.forge = of(success("victim<!-- -->.evil", {}));
    assert.equal((await signOn(new Browser(school), provider, "victim")).body.user.login, "victim.evil");
  });

  test("a server that is dead, slow, huge or elsewhere is unreachable, for the person and for the test", async (t) => {
    const school = await open(t, SIGN_ON);
    const provider = await configure(t, school);
    const { cas, id } = provider;
    cas.accounts.set("1", {});
    const away = async (what: string) => {
      assert.equal((await signOn(new Browser(school), provider, "1")).body.code, "provider-away", what);
      assert.equal((await school.call("POST", `/providers/${id}/test`)).body.code, "provider-away", what);
    };
    cas.forge = (response) => void response.writeHead(500).end();
    await away("an error");
    cas.forge = (response) => void response.writeHead(302, { location: "http://127.0.0.1:9/" }).end();
    await away("a redirect is not followed");
    cas.forge = (response) => void response.write(Buffer.alloc(2_000_000));
    await away("too large");
    cas.forge = (response) => void response.write("<cas:serviceResponse");
    const began = Date.now();
    assert.equal((await signOn(new Browser(school), provider, "1")).body.code, "provider-away", "no end");
    assert.ok(Date.now() - began >= 9000, "after the ten seconds that a provider has");
    cas.stop();
    await away("dead");
  });

  test("being asked again is asked of the server, not of the browser", async (t) => {
    const school = await open(t, SIGN_ON);
    const provider = await configure(t, school);
    const { cas, id } = provider;
    cas.accounts.set("1", { authenticationDate: "2026-11-01T08:00:00.000Z[UTC]" });
    assert.equal((await signOn(new Browser(school), provider, "1", { fresh: true })).status, 201);
    assert.equal(cas.validated.at(-1)?.get("renew"), "true");
    const browser = new Browser(school);
    const url = new URL(await browser.begin(id, { fresh: true }));
    assert.equal(url.searchParams.get("renew"), "true");
    url.searchParams.delete("renew");
    const answered = await browser.finish(id, cas.visit(url.href, "1").search.slice(1));
    assert.equal(answered.body.code, "sign-on-failed", "the browser has left it out");
    const person = new Browser(school);
    const { user } = (await signOn(person, provider, "1")).body;
    assert.equal(
      (await person.call("DELETE", "/me/identities/00000000000000000000000000")).body.code,
      "recent-sign-in-needed",
      user.login,
    );
  });

  test("servers in private networks need the operator's permission", async (t) => {
    const school = await open(t);
    const { id, cas } = await configure(t, school);
    cas.accounts.set("1", {});
    const browser = new Browser(school);
    const query = cas.visit(await browser.begin(id), "1").search.slice(1);
    assert.equal((await browser.finish(id, query)).body.code, "provider-away");
    assert.equal(cas.validated.length, 0);
    const { call } = school;
    const body = { kind: "cas", name: "C", issuer: "javascript:alert(1)" };
    assert.equal((await call("POST", "/providers", { body })).status, 400);
    assert.equal((await call("POST", "/sign-on", { as: null, headers: OWN_PAGE, body: { providerId: id } })).status, 201);
  });
});
