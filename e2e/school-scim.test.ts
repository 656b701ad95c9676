/**
 * SCIM 2.0 (RFC 7643, RFC 7644): a directory makes, finds, changes and closes accounts and fills courses, with the requests that Microsoft Entra ID and Okta
 * send; and what a key of a directory cannot do. Shares a process.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Scope as TestScope } from "./lectern.ts";
import type { Answer, CallOptions, TestSchool } from "./school.ts";
import { onEachDatabase } from "./school-databases.ts";

const USER = "urn:ietf:params:scim:schemas:core:2.0:User";
const GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group";
const PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp";
const ERROR = "urn:ietf:params:scim:api:messages:2.0:Error";
const ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
const SCIM = "/scim/v2";

type Directory = TestSchool & {
  readonly schoolId: string;
  readonly key: string;
  /** A request of the directory. */
  readonly send: (method: string, path: string, body?: unknown, options?: CallOptions) => Promise<Answer>;
  /** The same, and fails unless it succeeds. */
  readonly done: (method: string, path: string, body?: unknown) => Promise<Answer["body"]>;
  readonly patch: (path: string, ...Operations: object[]) => Promise<Answer>;
};

async function directory(school: TestSchool, schoolId: string): Promise<Directory> {
  const { key } = await school.ok("POST", "/api-keys", { body: { schoolId, name: "directory", scopes: ["scim"] } });
  const send: Directory["send"] = (method, path, body, { headers = {}, ...rest } = {}) =>
    school.call(method, SCIM + path, {
      as: key,
      ...(body === undefined ? {} : { body, headers: { "content-type": "application/scim+json", ...headers } }),
      ...(body === undefined ? { headers } : {}),
      ...rest,
    });
  const done: Directory["done"] = async (method, path, body) => {
    const answer = await send(method, path, body);
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  return {
    ...school,
    schoolId,
    key,
    send,
    done,
    patch: (path, ...Operations) => send("PATCH", path, { schemas: [PATCH], Operations }),
  };
}

function fails({ status, body, headers }: Answer, wanted: number, scimType?: string): void {
  assert.equal(status, wanted, JSON.stringify(body));
  assert.match(String(headers["content-type"]), /^application\/scim\+json/);
  assert.deepEqual([body.schemas, body.status, body.scimType], [[ERROR], String(wanted), scimType], JSON.stringify(body));
  assert.equal(typeof body.detail, "string");
}

onEachDatabase((open) => {
  const begin = async (t: TestScope, options: Parameters<typeof open>[1] = {}): Promise<Directory> => {
    const school = await open(t, options);
    const { id } = (await school.ok("GET", "/schools")).items[0];
    return await directory(school, id);
  };
  const idsOf = ({ Resources }: { Resources: { id: string }[] }) => Resources.map(({ id }) => id);

  test("Entra ID: it tests the connection, looks for a person, makes, changes, closes and deletes the account", async (t) => {
    const { done, send, patch, call, service } = await begin(t);
    // The test of the connection: a user that nobody has.
    const nobody = await done("GET", `/Users?filter=${encodeURIComponent('userName eq "5dfd1b0c-6b1c-4a4c-9a3f-000000000000"')}`);
    assert.deepEqual([nobody.totalResults, nobody.itemsPerPage, nobody.startIndex, nobody.Resources], [0, 0, 1, []]);
    const made = await send("POST", "/Users", {
      schemas: [USER, ENTERPRISE],
      externalId: "0a21f0f2-8d2a-4f8e-bf98-7363c4aed4ef",
      userName: "Test_User_ab6490ee-1e48@testuser.com",
      active: true,
      displayName: "BobIsAmazing",
      emails: [{ primary: true, type: "work", value: "testing@bob.com" }],
      meta: { resourceType: "User" },
      name: { formatted: "Ryan Leenay", familyName: "Leenay", givenName: "Ryan" },
      roles: [],
      [ENTERPRISE]: { department: "Maths" },
    });
    assert.equal(made.status, 201, JSON.stringify(made.body));
    assert.match(String(made.headers["content-type"]), /^application\/scim\+json/);
    const { id } = made.body;
    const location = `http://school.example/api/v1/scim/v2/Users/${id}`;
    assert.deepEqual([made.headers["location"], made.headers["etag"]], [location, 'W/"v1"']);
    const { meta, ...rest } = made.body;
    assert.deepEqual(rest, {
      schemas: [USER],
      id,
      externalId: "0a21f0f2-8d2a-4f8e-bf98-7363c4aed4ef",
      userName: "test_user_ab6490ee-1e48@testuser.com",
      name: { formatted: "BobIsAmazing" },
      displayName: "BobIsAmazing",
      active: true,
      emails: [{ value: "testing@bob.com", type: "work", primary: true }],
      roles: [{ value: "student", primary: true }],
      groups: [],
    });
    assert.deepEqual([meta.resourceType, meta.location, meta.version], ["User", location, 'W/"v1"']);
    const found = await done("GET", `/Users?filter=${encodeURIComponent('userName eq "Test_User_ab6490ee-1e48@testuser.com"')}`);
    assert.deepEqual([found.totalResults, found.Resources[0].id], [1, id]);
    // Operations in capitals, a path into the values, what has no column here, and a boolean as a text.
    const changed = await patch(
      `/Users/${id}`,
      { op: "Replace", path: 'emails[type eq "work"].value', value: "updatedEmail@microsoft.com" },
      { op: "Replace", path: "name.familyName", value: "updatedFamilyName" },
      { op: "Add", path: "displayName", value: "Bob Leenay" },
      { op: "Add", path: `${ENTERPRISE}:department`, value: "Physics" },
      { op: "Add", path: 'phoneNumbers[type eq "work"].value', value: "1" },
      { op: "Add", path: 'emails[type eq "home"].value', value: "home@bob.com" },
    );
    assert.equal(changed.status, 200, JSON.stringify(changed.body));
    assert.deepEqual([changed.body.emails[0].value, changed.body.displayName], ["updatedEmail@microsoft.com", "Bob Leenay"]);
    for (const [value, active] of [
      ["False", false],
      ["True", true],
      ["false", false],
    ] as const)
      assert.equal((await patch(`/Users/${id}`, { op: "Replace", path: "active", value })).body.active, active, value);
    assert.equal((await patch(`/Users/${id}`, { op: "Add", path: "active", value: "True" })).body.active, true);
    // App roles: as one name, in the list of AppRoleAssignmentsComplex, and in its JSON texts of older tenants.
    const asJson = JSON.stringify({ id: "06b07648", value: "assistant", displayName: "Assistant" });
    const entra = { primary: false, type: "WindowsAzureActiveDirectoryRole" };
    for (const [operation, role] of [
      [{ op: "Add", path: 'roles[primary eq "True"].value', value: "Teacher" }, "teacher"],
      [
        {
          op: "add",
          path: "roles",
          value: [
            { ...entra, display: "Student", value: "student" },
            { ...entra, value: "teacher" },
          ],
        },
        "teacher",
      ],
      [{ op: "Add", path: "roles", value: [{ value: asJson }] }, "assistant"],
      [{ op: "Remove", path: 'roles[primary eq "True"].value' }, "student"],
    ] as const)
      assert.equal((await patch(`/Users/${id}`, operation)).body.roles[0].value, role, JSON.stringify(operation));
    assert.equal((await send("DELETE", `/Users/${id}`)).status, 204);
    fails(await send("GET", `/Users/${id}`), 404);
    fails(await patch(`/Users/${id}`, { op: "replace", path: "active", value: true }), 404);
    assert.equal((await done("GET", "/Users?count=0")).totalResults, 0);
    assert.equal((await call("GET", `/users/${id}`)).body.disabledAt === null, false, "the school still has the account");
    // The person comes back in the directory: the same account.
    const again = await done("POST", "/Users", { schemas: [USER], externalId: rest.externalId, userName: "back@testuser.com" });
    assert.deepEqual([again.id, again.active, again.userName], [id, true, "back@testuser.com"]);
    assert.equal((await service.db.selectFrom("users").selectAll().where("login", "=", "back@testuser.com").execute()).length, 1);
  });

  test("Okta: it finds nobody, makes the account, sets it by PUT, and closes it by a PATCH without a path", async (t) => {
    const { done, send } = await begin(t);
    const filter = encodeURIComponent('userName eq "test.user@okta.local"');
    const none = await done("GET", `/Users?filter=${filter}&startIndex=1&count=100`);
    assert.deepEqual([none.totalResults, none.Resources], [0, []]);
    const profile = {
      schemas: [USER],
      userName: "test.user@okta.local",
      name: { givenName: "Test", familyName: "User" },
      emails: [{ primary: true, value: "test.user@okta.local", type: "work" }],
      displayName: "Test User",
      locale: "en-US",
      externalId: "00ujl29u0le5T6Aj10h7",
      groups: [],
      password: "1mz050nq",
      active: true,
    };
    const { id } = await done("POST", "/Users", profile);
    assert.equal(JSON.stringify(await done("GET", `/Users/${id}`)).includes("1mz050nq"), false);
    const put = await done("PUT", `/Users/${id}`, {
      ...profile,
      id,
      displayName: null,
      name: { givenName: "Another", middleName: "", familyName: "User" },
      meta: { resourceType: "User" },
    });
    assert.deepEqual([put.displayName, put.active, put.id], ["Another User", true, id]);
    const off = await done("PATCH", `/Users/${id}`, {
      schemas: [PATCH],
      Operations: [{ op: "replace", value: { active: false } }],
    });
    assert.equal(off.active, false);
    // Found again, though closed: Okta opens it.
    assert.equal((await done("GET", `/Users?filter=${filter}`)).Resources[0].active, false);
    const dotted = { displayName: "Bjfe", "name.givenName": "Kkom", [`${ENTERPRISE}:employeeNumber`]: "Aklq", active: true };
    const on = await done("PATCH", `/Users/${id}`, { schemas: [PATCH], Operations: [{ op: "replace", value: dotted }] });
    assert.deepEqual([on.active, on.displayName], [true, "Bjfe"]);
    fails(await send("POST", "/Users", { ...profile, externalId: "other" }), 409, "uniqueness");
    fails(await send("POST", "/Users", { ...profile, userName: "other" }), 409, "uniqueness");
    const chinese = await done("POST", "/Users", { userName: "li.ming", name: { givenName: "明", familyName: "李" } });
    assert.equal(chinese.displayName, "李明");
  });

  test("an account that a directory closes loses its sessions at once, and cannot sign in", async (t) => {
    const { patch, done, call, person, schoolId } = await begin(t);
    const { id, token } = await person(schoolId, "teacher", "leaving");
    assert.equal((await call("GET", "/me", { as: token })).status, 200);
    assert.equal((await patch(`/Users/${id}`, { op: "replace", path: "active", value: false })).status, 200);
    assert.equal((await call("GET", "/me", { as: token })).body.code, "bad-credential");
    assert.equal((await done("GET", `/Users?filter=${encodeURIComponent("active eq false")}`)).totalResults, 1);
    const second = await person(schoolId, "student", "left");
    await call("DELETE", `${SCIM}/Users/${second.id}`);
    assert.equal((await call("GET", "/me", { as: second.token })).status, 401);
  });

  test("groups are courses: members come and go one by one, in lists, and as Entra ID and Okta say it", async (t) => {
    const { done, send, patch, ok, person, schoolId } = await begin(t);
    const teacher = (await person(schoolId, "teacher", "anna")).id;
    const [a, b, c] = await Promise.all(["a", "b", "c"].map(async (login) => (await person(schoolId, "student", login)).id));
    const made = await send("POST", "/Groups", {
      schemas: [GROUP, "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group"],
      externalId: "8aa1a0c0-c4c3-4bc0-b4a5-2ef676900159",
      displayName: "Maths 7b",
      members: [],
      meta: { resourceType: "Group" },
    });
    assert.equal(made.status, 201);
    const { id } = made.body;
    const group = `/Groups/${id}`;
    const names = async () => {
      const { members } = await done("GET", group);
      return members.map(({ value, role }: { value: string; role: string }) => [value, role]).sort();
    };
    const are = async (...wanted: [string | undefined, string][]) => assert.deepEqual(await names(), wanted.sort());
    const added = await patch(group, {
      op: "Add",
      path: "members",
      value: [
        { $ref: null, value: teacher },
        { $ref: null, value: a },
      ],
    });
    assert.equal(added.status, 200, JSON.stringify(added.body));
    await are([teacher, "teacher"], [a, "student"]);
    // Okta, without a type.
    await patch(group, { op: "add", path: "members", value: [{ value: b, display: "b@school.example" }, { value: a }] });
    await are([teacher, "teacher"], [a, "student"], [b, "student"]);
    // Entra ID names in a value whom it removes: the others stay.
    assert.equal((await patch(group, { op: "Remove", path: "members", value: [{ $ref: null, value: a }] })).status, 200);
    await are([teacher, "teacher"], [b, "student"]);
    await patch(group, { op: "remove", path: `members[value eq "${b}"]` }, { op: "add", path: "members", value: [{ value: c }] });
    await are([teacher, "teacher"], [c, "student"]);
    assert.equal((await patch(group, { op: "remove", path: `members[value eq "${b}"]` })).status, 200, "again");
    // Okta's rename, with the id that it does not change, and "Push now" of an empty group.
    const renamed = await patch(group, { op: "replace", value: { id, displayName: "Maths 8b" } });
    assert.deepEqual([renamed.body.displayName, renamed.body.members.length], ["Maths 8b", 2]);
    await patch(group, { op: "replace", path: "members", value: [] });
    await are();
    await done("PUT", group, {
      schemas: [GROUP],
      displayName: "Maths 8b",
      members: [{ value: a }, { value: teacher, role: "assistant" }],
    });
    await are([a, "student"], [teacher, "assistant"]);
    await patch(group, { op: "replace", path: `members[value eq "${teacher}"].role`, value: "teacher" });
    await are([a, "student"], [teacher, "teacher"]);
    await done("PUT", group, { displayName: "Maths 8b" });
    assert.equal((await names()).length, 2, "a PUT without members leaves them");
    assert.deepEqual(
      (await done("GET", `/Users/${a}`)).groups.map(({ display }: { display: string }) => display),
      ["Maths 8b"],
    );
    const page = await done("GET", `/Groups?excludedAttributes=members&filter=${encodeURIComponent('displayName eq "maths 8B"')}`);
    assert.deepEqual([page.totalResults, page.Resources[0].id, page.Resources[0].members], [1, id, undefined]);
    for (const [filter, count] of [
      [`id eq "${id}" and members eq "${a}"`, 1],
      [`members.value eq "${b}"`, 0],
      [`members[value eq "${a}" and role eq "student"]`, 1],
      [`members[value eq "${a}" and role eq "teacher"]`, 0],
      [`members ne "${a}"`, 0],
      ["members pr", 1],
      ['members.type eq "User"', 1],
    ] as const)
      assert.equal((await done("GET", `/Groups?filter=${encodeURIComponent(filter)}`)).totalResults, count, filter);
    await patch(group, { op: "remove", path: "members" });
    await are();
    assert.equal((await ok("GET", `/courses/${id}`)).externalId, "8aa1a0c0-c4c3-4bc0-b4a5-2ef676900159");
    assert.equal((await send("DELETE", group)).status, 204);
    fails(await send("GET", group), 404);
  });

  test("a deleted group with lessons keeps them and loses its members; its name is free, and it comes back by its external id", async (t) => {
    const { done, send, ok, call, person, schoolId } = await begin(t);
    const { id: student } = await person(schoolId, "student");
    const wanted = { displayName: "Chemistry", externalId: "G1", members: [{ value: student }] };
    const { id } = await done("POST", "/Groups", wanted);
    await ok("POST", "/lessons", { body: { schoolId, title: "Acids", courseId: id } });
    assert.equal((await send("DELETE", `/Groups/${id}`)).status, 204);
    fails(await send("GET", `/Groups/${id}`), 404);
    assert.equal((await call("GET", `/courses/${id}`)).status, 200);
    assert.deepEqual((await ok("GET", `/courses/${id}/members`)).items, []);
    const other = await done("POST", "/Groups", { displayName: "Chemistry", externalId: "G2" });
    assert.notEqual(other.id, id);
    const back = await done("POST", "/Groups", { ...wanted, displayName: "Chemistry 2" });
    assert.deepEqual([back.id, back.members.length, back.displayName], [id, 1, "Chemistry 2"]);
  });

  test("with data encrypted at rest, a mail address is found as a whole, and parts of one are refused or found by nobody", async (t) => {
    const { done, send, ok, schoolId } = await begin(t, { atRest: true });
    const { id } = await done("POST", "/Users", { userName: "ann", emails: "Ann@School.example" });
    await done("POST", "/Users", { userName: "ben", emails: "ben@school.example" });
    const find = (filter: string) => send("GET", `/Users?filter=${encodeURIComponent(filter)}`);
    for (const filter of ['emails.value eq "ann@school.EXAMPLE"', 'emails[type eq "work"].value eq "ann@school.example"'])
      assert.deepEqual(idsOf((await find(filter)).body), [id], filter);
    assert.equal((await find('emails.value ne "ann@school.example"')).body.totalResults, 1);
    assert.equal((await find("emails pr")).body.totalResults, 2);
    for (const comparison of ["co", "sw", "ew", "gt"]) fails(await find(`emails.value ${comparison} "ann"`), 400, "invalidFilter");
    fails(await send("GET", "/Users?sortBy=emails"), 400, "invalidPath");
    const search = async (text: string) =>
      (await ok("GET", `/users?schoolId=${schoolId}&search=${encodeURIComponent(text)}`)).items.map(
        (one: { email: string }) => one.email,
      );
    assert.deepEqual(await search("ANN@school.example"), ["Ann@School.example"]);
    assert.deepEqual(await search("school.example"), [], "not by a part");
    assert.deepEqual(await search("enc2"), [], "nor by what is stored");
    assert.deepEqual(await search("be"), ["ben@school.example"], "by a part of the name");
  });

  test("filters find by every attribute and operator, pages and orders are as the standard says", async (t) => {
    const { done, send, person, schoolId, patch } = await begin(t, { atRest: false });
    const people = ["ann", "ben", "cleo", "dora_50%"];
    for (const userName of people)
      await done("POST", "/Users", {
        userName: userName.replace("%", ""),
        displayName: `${userName} Müller`,
        externalId: `X-${userName}`,
      });
    await person(schoolId, "teacher", "zed");
    await patch(`/Users/${idsOf(await done("GET", `/Users?filter=${encodeURIComponent('userName eq "ann"')}`))[0]}`, {
      op: "add",
      path: "emails",
      value: "Ann@School.example",
    });
    const count = async (filter: string) => (await done("GET", `/Users?count=0&filter=${encodeURIComponent(filter)}`)).totalResults;
    for (const [filter, wanted] of [
      ['userName eq "ANN"', 1],
      ['userName ne "ann"', 4],
      ['displayName eq "ANN Müller"', 1],
      ['displayName eq "ann Muller"', 0],
      ['displayName co "Müller"', 4],
      ['displayName co "LLER"', 4],
      ['displayName co "%"', 1],
      ['displayName co "_"', 1],
      ['displayName sw "dora"', 1],
      ['displayName ew "ller"', 4],
      ['displayName sw "Müller"', 0],
      ["emails pr", 1],
      ["not (emails pr)", 4],
      ['emails.value eq "ann@school.example"', 1],
      ['emails[type eq "work" and value ew "@school.example"]', 1],
      ['emails[type eq "work"].value eq "ann@school.example"', 1],
      ['emails[type eq "home"]', 0],
      ['emails.value ne "ann@school.example"', 4],
      ['externalId eq "X-ben"', 1],
      ['externalId eq "x-ben"', 0],
      ["externalId eq null", 1],
      ["externalId ne null", 4],
      ["active eq true", 5],
      ['active eq "False"', 0],
      ['roles.value eq "teacher"', 1],
      ['roles[primary eq "True"].value eq "teacher"', 1],
      ['userName gt "b" and userName lt "d"', 2],
      ['userName ge "ben" and userName le "ben"', 1],
      ['meta.created gt "2020-01-01T00:00:00Z"', 5],
      ['meta.lastModified lt "2020-01-01T00:00:00Z"', 0],
      ['meta.resourceType eq "User"', 5],
      ['userName eq "ann" or (userName eq "ben" and not (active eq false))', 2],
      [`${USER}:userName eq "cleo"`, 1],
      ['groups.display eq "Maths"', 0],
      ["groups pr", 0],
    ] as const)
      assert.equal(await count(filter), wanted, filter);
    for (const filter of [
      "userName",
      'password eq "x"',
      'password_hash co "x"',
      'title eq "x"',
      "userName eq true",
      "active gt true",
      'active eq "maybe"',
      'meta.created gt "yesterday"',
      'meta.created co "2026"',
      'name[formatted eq "x"].y eq "z"',
      'constructor eq "x"',
      '__proto__ eq "x"',
      'groups[__proto__ eq "x"]',
      "id lt null",
      `${"(".repeat(500)}id pr${")".repeat(500)}`,
      `id eq "${"x".repeat(4090)}"`,
      Array.from({ length: 60 }, () => "id pr").join(" and "),
    ])
      fails(
        await send("GET", `/Users?filter=${encodeURIComponent(filter)}`),
        400,
        filter.length > 4096 ? "invalidSyntax" : "invalidFilter",
      );
    fails(await send("GET", `/Users?filter=${encodeURIComponent('userName eq "\\u0000"')}`), 400, "invalidSyntax");
    assert.equal(await count(`userName eq "'; delete from users; --"`), 0);
    const pageOf = async (query: string) => {
      const { Resources, ...page } = await done("GET", `/Users?${query}`);
      return { ...page, names: Resources.map(({ userName }: { userName: string }) => userName) };
    };
    const sorted = await pageOf("sortBy=userName&startIndex=2&count=2");
    assert.deepEqual([sorted.names, sorted.startIndex, sorted.itemsPerPage, sorted.totalResults], [["ben", "cleo"], 2, 2, 5]);
    assert.deepEqual((await pageOf("sortBy=userName&sortOrder=descending&count=1")).names, ["zed"]);
    assert.deepEqual((await pageOf("sortBy=meta.created&count=1")).names, ["ann"]);
    assert.equal((await pageOf("startIndex=-5&count=-1")).startIndex, 1);
    assert.deepEqual((await pageOf("startIndex=100")).names, []);
    assert.equal((await pageOf("count=100000")).itemsPerPage, 5);
    assert.deepEqual((await pageOf("startIndex=9007199254740991")).names, []);
    fails(await send("GET", "/Users?sortBy=password"), 400, "invalidPath");
    fails(await send("GET", "/Users?count=many"), 400, "invalidSyntax");
    const [some] = (await done("GET", "/Users?attributes=userName,emails.value&sortBy=userName&count=1&aadOptscim062020="))
      .Resources;
    assert.deepEqual(Object.keys(some).sort(), ["emails", "id", "schemas", "userName"]);
    assert.deepEqual(some.emails, [{ value: "Ann@School.example" }]);
    const [most] = (await done("GET", `/Users?excludedAttributes=${USER}:emails,meta.version,id&count=1`)).Resources;
    assert.deepEqual(
      [most.emails, most.meta.version, typeof most.id, typeof most.meta.location],
      [undefined, undefined, "string", "string"],
    );
  });

  test("a change with an old tag is refused, an unchanged resource is not sent again", async (t) => {
    const { done, send, patch, call, person, schoolId } = await begin(t);
    const { id } = await done("POST", "/Users", { userName: "tagged" });
    const path = `/Users/${id}`;
    const { headers } = await send("GET", path);
    const tag = String(headers["etag"]);
    assert.equal((await send("GET", path, undefined, { headers: { "if-none-match": tag } })).status, 304);
    const change = { Operations: [{ op: "replace", path: "displayName", value: "New" }] };
    assert.equal((await send("PATCH", path, change, { headers: { "if-match": tag } })).status, 200);
    fails(await send("PATCH", path, change, { headers: { "if-match": tag } }), 412);
    fails(await send("PUT", path, { userName: "tagged" }, { headers: { "if-match": tag } }), 412);
    fails(await send("DELETE", path, undefined, { headers: { "if-match": tag } }), 412);
    assert.equal((await send("GET", path, undefined, { headers: { "if-none-match": tag } })).status, 200);
    assert.equal(
      (await send("PATCH", path, change, { headers: { "if-match": '"x", W/"v2"' } })).status,
      200,
      "nothing changed: still v2",
    );
    assert.equal((await send("DELETE", path, undefined, { headers: { "if-match": "*" } })).status, 204);
    // Members are a part of a group's tag, also those that another route adds.
    const group = await send("POST", "/Groups", { displayName: "Tagged" });
    const old = { headers: { "if-match": String(group.headers["etag"]) } };
    const { id: student } = await person(schoolId, "student");
    await call("PUT", `/courses/${group.body.id}/members/${student}`, { body: { role: "student" } });
    fails(
      await send("PATCH", `/Groups/${group.body.id}`, { Operations: [{ op: "replace", path: "members", value: [] }] }, old),
      412,
    );
    assert.equal((await patch(`/Groups/${group.body.id}`, { op: "replace", path: "members", value: [] })).status, 200);
  });

  test("a key of a directory makes and changes no administrator, unless the school allows it; and never an operator", async (t) => {
    const { done, send, patch, ok, call, person, schoolId, key, service } = await begin(t);
    const head = await person(schoolId, "administrator", "head");
    const operator = await person(schoolId, "operator", "op");
    const { id } = await done("POST", "/Users", { userName: "pupil" });
    const own = `/Users/${head.id}`;
    const give = { op: "replace", path: "roles", value: [{ value: "administrator" }] };
    const refused = async () => {
      fails(await send("POST", "/Users", { userName: "boss", roles: [{ value: "administrator", primary: true }] }), 403);
      fails(await send("POST", "/Users", { userName: "boss", roles: [{ value: "student" }, { value: "administrator" }] }), 403);
      fails(await patch(`/Users/${id}`, give), 403);
      fails(await send("PUT", `/Users/${id}`, { userName: "pupil", ROLES: "administrator" }), 403);
      for (const operation of [
        { op: "replace", path: "active", value: false },
        { op: "Replace", value: { active: "False" } },
        { op: "replace", path: "emails", value: [{ value: "attacker@example.com" }] },
        { op: "replace", path: "userName", value: "attacker" },
        { op: "replace", path: "externalId", value: "attacker" },
        { op: "remove", path: "roles" },
        { op: "replace", path: "roles", value: "student" },
        { op: "replace", path: "displayName", value: "Attacker" },
      ])
        fails(await patch(own, operation), 403);
      fails(await send("PUT", own, { userName: "head", emails: [] }), 403);
      fails(await send("DELETE", own), 403);
    };
    await refused();
    for (const role of ["operator", "Administrator ", "admin", "", null, 7])
      assert.ok([400, 403].includes((await patch(`/Users/${id}`, { ...give, value: [{ value: role }] })).status), String(role));
    // Operators belong to no school: they are not there.
    for (const method of ["GET", "PUT", "PATCH", "DELETE"])
      fails(
        await send(
          method,
          `/Users/${operator.id}`,
          method === "PUT" ? {} : method === "PATCH" ? { Operations: [{ op: "remove", path: "roles" }] } : undefined,
        ),
        404,
      );
    // Columns that no attribute names.
    const extra = {
      password_hash: "x",
      passwordHash: "x",
      school_id: "x",
      schoolId: "x",
      disabled_at: "x",
      version: 99,
      calendar_secret: "x",
    };
    await done("PUT", `/Users/${id}`, {
      userName: "pupil",
      ...extra,
      id: head.id,
      meta: { version: 'W/"v99"' },
      groups: [{ value: "x" }],
    });
    const row = await service.db.selectFrom("users").selectAll().where("id", "=", id).executeTakeFirstOrThrow();
    assert.deepEqual([row.password_hash, row.school_id, row.role, row.calendar_secret], [null, schoolId, "student", null]);
    assert.deepEqual(
      await service.db.selectFrom("users").select(["role", "login", "disabled_at"]).where("id", "=", head.id).execute(),
      [{ role: "administrator", login: "head", disabled_at: null }],
    );
    // The setting is an administrator's, also against a key with both scopes.
    const { key: both } = await ok("POST", "/api-keys", { body: { schoolId, name: "both", scopes: ["scim", "schools:write"] } });
    for (const as of [key, both])
      assert.equal((await call("PATCH", `/schools/${schoolId}`, { as, body: { scimAdministrators: true } })).status, 403);
    await ok("PATCH", `/schools/${schoolId}`, { as: head.token, body: { scimAdministrators: true } });
    assert.equal((await patch(`/Users/${id}`, give)).body.roles[0].value, "administrator");
    assert.equal((await patch(own, { op: "replace", path: "displayName", value: "The Head" })).status, 200);
    await ok("PATCH", `/schools/${schoolId}`, { as: head.token, body: { scimAdministrators: false } });
    await refused().catch((error: unknown) => assert.fail(`refused again: ${error}`));
  });

  test("a key of another school, or with another scope, finds and changes nothing", async (t) => {
    const { done, send, call, ok, person, key, schoolId, service } = await begin(t);
    const { id: user } = await done("POST", "/Users", { userName: "here", externalId: "same" });
    const { id: group } = await done("POST", "/Groups", { displayName: "Here", members: [{ value: user }] });
    const { id: otherId } = await ok("POST", "/schools", { body: { slug: "other", name: "Other" } });
    const foreign = await directory({ call, ok, service } as TestSchool, otherId);
    for (const path of [`/Users/${user}`, `/Groups/${group}`]) {
      fails(await foreign.send("GET", path), 404);
      fails(await foreign.send("GET", `${path}?schoolId=${schoolId}`), 404);
      fails(await foreign.send("PUT", path, { userName: "x", displayName: "x" }), 404);
      fails(await foreign.patch(path, { op: "replace", path: "externalId", value: "x" }), 404);
      fails(await foreign.send("DELETE", path), 404);
    }
    assert.equal((await foreign.done("GET", "/Users")).totalResults, 0);
    assert.equal((await foreign.done("GET", `/Groups?filter=${encodeURIComponent(`members.value eq "${user}"`)}`)).totalResults, 0);
    const own = await foreign.done("POST", "/Users", { userName: "here", externalId: "same" });
    assert.notEqual(own.id, user, "logins and external ids are the school's own");
    const mine = await foreign.done("POST", "/Groups", { displayName: "Here" });
    fails(await foreign.patch(`/Groups/${mine.id}`, { op: "add", path: "members", value: [{ value: user }] }), 400, "invalidValue");
    fails(await foreign.send("POST", "/Groups", { displayName: "There", members: [{ value: user }] }), 400, "invalidValue");
    const { key: lesser } = await ok("POST", "/api-keys", {
      body: { schoolId, name: "lesser", scopes: ["people:write", "people:read"] },
    });
    fails(await send("GET", "/Users", undefined, { as: lesser }), 403);
    fails(await send("GET", "/Users", undefined, { as: null }), 401);
    fails(await send("GET", "/Users", undefined, { as: "lk_wrong" }), 401);
    fails(await send("GET", "/Users", undefined, { as: (await person(schoolId, "teacher")).token }), 403);
    for (const [method, path] of [
      ["GET", "/users"],
      ["GET", "/me"],
      ["GET", `/users/${user}`],
      ["POST", "/users"],
      ["POST", `/users/${user}/password-reset`],
      ["GET", "/api-keys"],
      ["GET", "/audit"],
      ["GET", "/lessons"],
    ] as const)
      assert.ok(
        [401, 403].includes((await call(method, path, { as: key, ...(method === "POST" ? { body: {} } : {}) })).status),
        path,
      );
    const reading = await call("POST", "/api-keys", { as: key, body: { name: "more", scopes: ["scim"] } });
    assert.equal(reading.status, 403);
  });

  test("wrong types, deep nesting and endless lists are refused in words, and change nothing", async (t) => {
    const { done, send, patch, service } = await begin(t);
    const { id, meta } = await done("POST", "/Users", { userName: "steady", displayName: "Steady" });
    const user = `/Users/${id}`;
    for (const [operation, type] of [
      [{ op: "replace", path: "active", value: "perhaps" }, "invalidValue"],
      [{ op: "replace", path: "active", value: { a: 1 } }, "invalidValue"],
      [{ op: "replace", path: "active", value: 1 }, "invalidValue"],
      [{ op: "replace", path: "userName", value: ["x"] }, "invalidValue"],
      [{ op: "replace", path: "userName", value: null }, "invalidValue"],
      [{ op: "replace", path: "userName", value: "a b#c" }, "invalidValue"],
      [{ op: "remove", path: "userName" }, "invalidValue"],
      [{ op: "replace", path: "displayName", value: "x".repeat(101) }, "invalidValue"],
      [{ op: "replace", path: "displayName", value: "a\u202eb" }, "invalidValue"],
      [{ op: "replace", path: "displayName", value: { formatted: "x" } }, "invalidValue"],
      [{ op: "replace", path: "emails", value: [1] }, "invalidValue"],
      [{ op: "replace", path: "emails", value: [{ value: "no address" }] }, "invalidValue"],
      [{ op: "replace", path: "emails", value: [{ value: "a@b.c", primary: "perhaps" }] }, "invalidValue"],
      [{ op: "replace", path: "externalId", value: "x".repeat(201) }, "invalidValue"],
      [{ op: "replace", path: "externalId", value: 7 }, "invalidValue"],
      [{ op: "replace", path: "id", value: "x" }, "mutability"],
      [{ op: "replace", path: "groups", value: [] }, "mutability"],
      [{ op: "replace", path: "meta.version", value: "x" }, "mutability"],
      [{ op: "move", path: "active", value: true }, "invalidSyntax"],
      [{ path: "active", value: true }, "invalidSyntax"],
      [{ op: "replace", value: "x" }, "invalidSyntax"],
      [{ op: "remove" }, "noTarget"],
      [{ op: "replace", path: "emails[", value: "x" }, "invalidPath"],
      [{ op: "replace", path: "a b", value: "x" }, "invalidPath"],
      [{ op: "replace", path: 7, value: "x" }, "invalidPath"],
      [{ op: "replace", value: { "not a path": 1 } }, "invalidPath"],
      [null, "invalidSyntax"],
      ["replace", "invalidSyntax"],
    ] as const)
      fails(await patch(user, operation as unknown as object), 400, type);
    for (const Operations of [undefined, null, {}, [], "x", Array.from({ length: 1001 }, () => ({ op: "replace", value: {} }))])
      fails(await send("PATCH", user, { schemas: [PATCH], Operations }), 400, "invalidSyntax");
    // The first operations of a request that fails later do not stay.
    fails(
      await patch(user, { op: "replace", path: "displayName", value: "Not kept" }, { op: "replace", path: "active", value: "?" }),
      400,
      "invalidValue",
    );
    const deep = JSON.parse(`${'{"a":'.repeat(40)}1${"}".repeat(40)}`);
    fails(await send("PUT", user, { userName: "steady", deep }), 400, "invalidSyntax");
    for (const body of [[], "x", 7]) fails(await send("POST", "/Users", body), 400, "invalidSyntax");
    fails(await send("POST", "/Users", null), 400, "invalidValue");
    fails(await send("POST", "/Users", {}), 400, "invalidValue");
    fails(await send("POST", "/Groups", {}), 400, "invalidValue");
    fails(await send("POST", "/Users", { userName: "x" }, { headers: { "content-type": "text/csv" } }), 415);
    const members = Array.from({ length: 10_001 }, (_, i) => ({ value: String(i) }));
    fails(await send("POST", "/Groups", { displayName: "Many", members }), 400, "tooMany");
    // Each names few, all together too many.
    const lists = Array.from({ length: 3 }, () => ({ op: "remove", path: "members", value: members.slice(0, 4000) }));
    const { id: group } = await done("POST", "/Groups", { displayName: "Patient" });
    fails(await patch(`/Groups/${group}`, ...lists), 400, "tooMany");
    await done("DELETE", `/Groups/${group}`);
    fails(await send("POST", "/Groups", { displayName: "Odd", members: [{}] }), 400, "invalidValue");
    fails(await send("POST", "/Groups", { displayName: "Odd", members: [{ value: id, role: "teacher" }] }), 400, "invalidValue");
    fails(await send("GET", "/Users/not-an-id"), 400, "invalidSyntax");
    fails(await send("GET", `/Users/${"0".repeat(26)}`), 404);
    assert.equal((await done("GET", user)).meta.version, meta.version);
    assert.equal((await service.db.selectFrom("courses").select("id").execute()).length, 0);
    const chinese = await send("GET", "/Users?filter=x", undefined, { headers: { "accept-language": "zh-CN" } });
    assert.match(chinese.body.detail, /无法识别筛选条件/);
  });

  test("a directory learns what the server can do, and everything that it does is in the audit log", async (t) => {
    const { done, send, ok, schoolId, service } = await begin(t);
    const config = await done("GET", "/ServiceProviderConfig");
    assert.deepEqual(
      [config.patch, config.bulk.supported, config.filter, config.sort, config.etag, config.changePassword],
      [
        { supported: true },
        false,
        { supported: true, maxResults: 200 },
        { supported: true },
        { supported: true },
        { supported: false },
      ],
    );
    assert.deepEqual(idsOf(await done("GET", "/ResourceTypes")), ["User", "Group"]);
    assert.equal((await done("GET", "/ResourceTypes/Group")).endpoint, "/Groups");
    assert.deepEqual(idsOf(await done("GET", "/Schemas")), [USER, GROUP]);
    const { attributes } = await done("GET", `/Schemas/${USER}`);
    const {
      id,
      schemas: _,
      meta: __,
      ...user
    } = await done("POST", "/Users", { userName: "all", emails: "all@school.example", externalId: "1" });
    assert.deepEqual(Object.keys(user).sort(), attributes.map(({ name }: { name: string }) => name).sort());
    fails(await send("GET", "/Schemas/urn:none"), 404);
    const { id: group } = await done("POST", "/Groups", { displayName: "All", members: [{ value: id }] });
    await done("GET", `/Users/${id}`);
    await send("DELETE", `/Groups/${group}`);
    await service.writeReadings();
    const { items } = await ok("GET", `/audit?schoolId=${schoolId}&limit=100`);
    const actions = items.map(({ action }: { action: string }) => action);
    for (const action of ["user.create", "course.create", "course.members", "course.delete", "read.person"])
      assert.ok(actions.includes(action), `${action}: ${actions}`);
  });
});
