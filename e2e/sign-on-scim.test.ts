/**
 * A person whom a directory (SCIM) provisions and who signs in with a provider has one account, whichever came first, by an id that the directory gives; a name, a
 * login or a mail address that somebody has chosen opens nobody's account. Shares a process.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { startCasServer } from "./cas-server.ts";
import type { Scope } from "./lectern.ts";
import type { Answer, TestSchool } from "./school.ts";
import { onEachDatabase } from "./school-databases.ts";
import { Browser, type Configured, configure, HERE, SIGN_ON } from "./sign-on-browser.ts";

const BY_OID = { externalIdClaim: "oid" };

type Joined = Configured & {
  readonly school: TestSchool;
  readonly scim: (method: string, path: string, body?: unknown) => Promise<Answer>;
};

async function directoryOf(school: TestSchool, schoolId: string): Promise<Joined["scim"]> {
  const { key } = await school.ok("POST", "/api-keys", { body: { schoolId, name: "directory", scopes: ["scim"] } });
  return (method, path, body) =>
    school.call(method, `/scim/v2${path}`, {
      as: key,
      ...(body === undefined ? {} : { body, headers: { "content-type": "application/scim+json" } }),
    });
}

onEachDatabase((open) => {
  const begin = async (t: Parameters<typeof configure>[0] & Scope, settings: object = BY_OID): Promise<Joined> => {
    const school = await open(t, SIGN_ON);
    const provider = await configure(t, school, settings);
    return { school, scim: await directoryOf(school, provider.schoolId), ...provider };
  };
  const countOf = async ({ school, schoolId }: Joined) => (await school.ok("GET", `/users?schoolId=${schoolId}`)).items.length;
  const linksOf = async ({ service }: TestSchool, userId: string) => {
    const entries = service.db
      .selectFrom("audit")
      .select("action")
      .where("target_id", "=", userId)
      .where("action", "=", "user.link");
    return (await entries.execute()).length;
  };

  test("the directory first: the sign-in opens its account, also where the login differs", async (t) => {
    const all = await begin(t);
    const { school, scim, openid } = all;
    const made = await scim("POST", "/Users", { userName: "zhao.min@school.example", externalId: "o-1", roles: "teacher" });
    assert.equal(made.status, 201, JSON.stringify(made.body));
    openid.accounts.set("s1", { oid: "o-1", preferred_username: "zhao", groups: ["staff"] });
    const { body } = await new Browser(school).signOn(all, "s1");
    assert.deepEqual([body.user.id, body.user.login, body.user.role], [made.body.id, "zhao.min@school.example", "teacher"]);
    assert.equal((await new Browser(school).signOn(all, "s1")).body.user.id, made.body.id, "and again");
    assert.deepEqual([await countOf(all), await linksOf(school, made.body.id)], [1, 1]);
    // What the directory closes stays closed for who signs in, and is not made a second time.
    await scim("DELETE", `/Users/${made.body.id}`);
    assert.equal((await new Browser(school).signOn(all, "s1")).body.code, "refused-by-rule");
    openid.accounts.set("s2", { oid: "o-2" });
    const closed = await scim("POST", "/Users", { userName: "gone", externalId: "o-2", active: false });
    assert.equal((await new Browser(school).signOn(all, "s2")).body.code, "refused-by-rule", closed.body.id);
    assert.equal(await countOf(all), 2);
  });

  test("the sign-in first: the directory finds the account by its external id, or gets it for the person it makes", async (t) => {
    const all = await begin(t);
    const { school, scim, openid } = all;
    openid.accounts.set("s1", { oid: "o-1", preferred_username: "zhao", email: "z@elsewhere.example" });
    openid.accounts.set("s2", { oid: "o-2", preferred_username: "li" });
    const [zhao, li] = [
      (await new Browser(school).signOn(all, "s1")).body.user,
      (await new Browser(school).signOn(all, "s2")).body.user,
    ];
    const posted = await scim("POST", "/Users", {
      userName: "zhao.min",
      externalId: "o-1",
      roles: "teacher",
      displayName: "Zhao Min",
    });
    assert.deepEqual([posted.status, posted.body.id], [201, zhao.id], JSON.stringify(posted.body));
    assert.deepEqual(
      [posted.body.userName, posted.body.displayName, posted.body.roles[0].value],
      ["zhao.min", "Zhao Min", "teacher"],
    );
    const again = await scim("POST", "/Users", { userName: "zhao.min", externalId: "o-1" });
    assert.deepEqual([again.status, again.body.scimType], [409, "uniqueness"], "once it is the directory's, it is there");
    const found = await scim("GET", `/Users?filter=${encodeURIComponent('externalId eq "o-2"')}`);
    assert.deepEqual(
      found.body.Resources.map(({ id }: { id: string }) => id),
      [li.id],
    );
    const renamed = await scim("PATCH", `/Users/${li.id}`, { Operations: [{ op: "replace", path: "userName", value: "li.na" }] });
    assert.deepEqual([renamed.status, renamed.body.userName], [200, "li.na"]);
    assert.equal((await new Browser(school).signOn(all, "s1")).body.user.id, zhao.id);
    assert.equal(await countOf(all), 2);
  });

  test("both at the same time make one account", async (t) => {
    const all = await begin(t);
    const { school, scim, openid } = all;
    const ids = Array.from({ length: 8 }, (_, i) => `o-${i}`);
    for (const id of ids) openid.accounts.set(id, { oid: id, preferred_username: id });
    const pairs = ids.map(async (id) => {
      const body = { userName: `${id}@school.example`, externalId: id };
      const [signedOn, made] = await Promise.all([new Browser(school).signOn(all, id), scim("POST", "/Users", body)]);
      // A directory tries again what was refused.
      const settled = made.status === 409 ? await scim("POST", "/Users", body) : made;
      assert.deepEqual(
        [signedOn.body.user?.id, settled.status],
        [settled.body.id, 201],
        JSON.stringify([signedOn.body, settled.body]),
      );
    });
    await Promise.all(pairs);
    assert.equal(await countOf(all), ids.length);
  });

  test("a chosen login or mail address gets nobody's account, neither now nor when the directory makes the person", async (t) => {
    const all = await begin(t);
    const { school, scim, schoolId, openid } = all;
    const head = (
      await scim("POST", "/Users", { userName: "head", externalId: "o-head", emails: [{ value: "head@school.example" }] })
    ).body;
    const squat = { preferred_username: "head", email: "head@school.example", name: "Head" };
    openid.accounts.set("thief", { oid: "o-thief", ...squat });
    const thief = (await new Browser(school).signOn(all, "thief")).body.user;
    assert.notEqual(thief.id, head.id);
    // Before the person is there: neither a search nor an import finds the account by what its owner has chosen.
    openid.accounts.set("early", { oid: "o-early", preferred_username: "dean", email: "dean@school.example", name: "Dean" });
    const early = (await new Browser(school).signOn(all, "early")).body.user;
    assert.equal(early.login, "dean");
    for (const filter of ['userName eq "dean"', 'emails.value eq "dean@school.example"', 'displayName eq "Dean"'])
      assert.equal((await scim("GET", `/Users?filter=${encodeURIComponent(filter)}`)).body.totalResults, 0, filter);
    const posted = await scim("POST", "/Users", { userName: "dean", externalId: "o-dean", roles: "teacher" });
    assert.deepEqual([posted.status, posted.body.scimType], [409, "uniqueness"]);
    const operations = [{ op: "replace", value: { externalId: "o-dean", roles: "teacher" } }];
    const patched = await scim("PATCH", `/Users/${early.id}`, { Operations: operations });
    assert.deepEqual([patched.status, patched.body.scimType], [409, "uniqueness"]);
    const put = await school.call("PUT", `/users/external/o-dean?schoolId=${schoolId}`, {
      body: { login: "dean", name: "Dean", role: "teacher" },
    });
    assert.equal(put.status, 409, JSON.stringify(put.body));
    assert.equal((await school.ok("GET", `/users/${early.id}`)).role, "student");
    // An administrator gives the login to whom it belongs.
    await school.ok("PATCH", `/users/${early.id}`, { body: { login: "dean-2" } });
    assert.equal((await scim("POST", "/Users", { userName: "dean", externalId: "o-dean", roles: "teacher" })).status, 201);
  });

  test("one person of a provider has an external id: a second one, and an administrator's account, are refused", async (t) => {
    const all = await begin(t, { ...BY_OID, roles: { staff: "teacher" } });
    const { school, scim, schoolId, id, openid } = all;
    await scim("POST", "/Users", { userName: "wang", externalId: "o-1", roles: "teacher" });
    for (const subject of ["s1", "s2"]) openid.accounts.set(subject, { oid: "o-1", groups: ["staff"] });
    assert.equal((await new Browser(school).signOn(all, "s1")).status, 201);
    const second = await new Browser(school).signOn(all, "s2");
    assert.deepEqual([second.status, second.body.code], [409, "conflict"]);
    await school.ok("PATCH", `/schools/${schoolId}`, { body: { scimAdministrators: true } });
    const head = await scim("POST", "/Users", { userName: "head", externalId: "o-head", roles: "administrator" });
    openid.accounts.set("head", { oid: "o-head" });
    assert.equal((await new Browser(school).signOn(all, "head")).body.code, "conflict");
    await school.ok("PATCH", `/providers/${id}`, { body: { roles: { staff: "teacher", heads: "administrator" } } });
    assert.equal(
      (await new Browser(school).signOn(all, "head")).body.user.id,
      head.body.id,
      "a provider that names administrators",
    );
    // Two values are none, and neither is one that the school has not named.
    openid.accounts.set("s3", { oid: ["o-3", "o-1"], externalId: "o-1", sub_id: "o-1" });
    assert.equal((await new Browser(school).signOn(all, "s3")).body.user.externalId, null);
    await school.ok("PATCH", `/providers/${id}`, { body: { externalIdClaim: "" } });
    openid.accounts.set("s4", { oid: "o-1" });
    assert.equal(
      (await new Browser(school).signOn(all, "s4")).body.user.externalId,
      null,
      "nothing is joined unless the school says so",
    );
  });

  test("the subject can be the external id, by CAS too; a claim that people choose cannot", async (t) => {
    const school = await open(t, SIGN_ON);
    const cas = await startCasServer(t);
    const schoolId = (await school.ok("GET", "/schools")).items[0].id;
    const settings = { schoolId, kind: "cas", name: "CAS", issuer: cas.address, publicOrigin: HERE };
    const { id } = await school.ok("POST", "/providers", { body: { ...settings, externalIdClaim: "sub" } });
    const scim = await directoryOf(school, schoolId);
    const made = await scim("POST", "/Users", { userName: "20260001", externalId: "20260001" });
    cas.accounts.set("20260001", {});
    const browser = new Browser(school);
    const { body } = await browser.finish(id, cas.visit(await browser.begin(id), "20260001").search.slice(1));
    assert.equal(body.user.id, made.body.id);
    for (const externalIdClaim of ["email", "Mail", "preferred_username", "displayName", "urn:oid:0.9.2342.19200300.100.1.3"]) {
      const { status } = await school.call("PATCH", `/providers/${id}`, { body: { externalIdClaim } });
      assert.equal(status, 400, externalIdClaim);
    }
  });
});
