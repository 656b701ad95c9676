/** What every resource does: reach, pages, versions, repeated requests, limits and the audit log. `e2e/alarms-postgresql.test.ts` runs it on PostgreSQL too. */
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { z } from "zod";
import type { Access, Actor } from "../../../access/actor.ts";
import { registerRoute } from "../../../platform/api/route.ts";
import { createApiServer, RefusalError } from "../../../platform/api/server.ts";
import { schoolText } from "../messages/school-texts.ts";
import { definedFields, id, text, version } from "../requests/fields.ts";
import { containsPattern } from "../requests/paging.ts";
import { ADMINISTRATORS, requires } from "../requests/permissions.ts";
import { Changes } from "../store/change.ts";
import { StoredSecrets } from "../store/stored-secrets.ts";
import type { School } from "../store/tables.ts";
import { actorOf, insertSchool, insertUser, openTestDatabase, silentLog, type TestDatabase } from "../store/test-database.ts";
import { resource } from "./resource.ts";

const MAX = 3;
const AT_ONCE = 6;
const RIGHTS = ["++------", "+0------"] as const;

let database: TestDatabase;
let app: ReturnType<typeof createApiServer>;
let operator: Actor;
const actors = new Map<string, Actor>();
/** Names of rows, as they were told of after commits. */
const committed: string[] = [];

before(async () => {
  database = await openTestDatabase();
  operator = { ...actorOf(await insertUser(database.db, null, "operator")), ip: "10.0.0.2" };
  actors.set("operator", operator);
  app = createApiServer({ log: silentLog, createServer: (handler) => createServer(handler) });
  for (const route of keyRoutes())
    registerRoute<Access, Actor>(app, route, {
      admit: async ({ headers }) => actors.get(String(headers["x-test-actor"])) ?? operator,
      credentialOf: () => null,
      isSecure: () => true,
      ipOf: () => "10.0.0.1",
      originOf: () => "https://school.example",
    });
});
after(async () => {
  await app.close();
  await database.close();
});

/** A resource on the table of link keys, because those belong to schools or to the platform, and have names and secrets. */
function keyRoutes() {
  const { db } = database;
  const changes = new Changes(db, () => {});
  const storedSecrets = new StoredSecrets(() => [], silentLog);
  const keys = resource(
    { db, changes },
    {
      table: "link_keys",
      path: "/keys/:keyId",
      tag: "Keys",
      kind: "key",
      read: requires("policies:read", ...ADMINISTRATORS),
      write: requires("policies:write", ...ADMINISTRATORS),
      owner: "school-or-platform",
      missing: schoolText("no-link-key"),
      limit: { max: MAX, refusal: schoolText("too-many-link-keys", { max: MAX }) },
      shape: z.object({ id, schoolId: id.nullable(), name: z.string(), reader: z.string(), version }),
      present:
        ({ actor }) =>
        ({ id: keyId, school_id, name, version: ofRow }) => ({
          id: keyId,
          schoolId: school_id,
          name,
          reader: actor.role ?? "",
          version: ofRow,
        }),
      committed: ({ name }) => committed.push(name),
    },
  );
  const taken = schoolText("link-key-name-taken");
  return [
    keys.list("listKeys", {
      summary: "List",
      rights: RIGHTS,
      query: { search: z.string().optional() },
      where: (matching, { search }) => (search === undefined ? matching : matching.where("name", "ilike", containsPattern(search))),
      newestFirst: true,
    }),
    keys.create("createKey", {
      summary: "Create",
      rights: RIGHTS,
      body: z.strictObject({ schoolId: id.optional(), name: text(20) }),
      taken,
      row: ({ name }, { id: keyId }) => ({
        name,
        scheme: "nginx",
        secret: storedSecrets.encrypt("link_keys", keyId, "hush"),
        valid_seconds: 0,
      }),
    }),
    keys.get("getKey", { summary: "Get", rights: RIGHTS }),
    keys.change("changeKey", {
      summary: "Change",
      rights: RIGHTS,
      body: z.strictObject({ name: text(20).optional() }),
      taken,
      columns: ({ name }) => definedFields({ name }),
    }),
    keys.delete("deleteKey", {
      summary: "Delete",
      rights: RIGHTS,
      check: (_, { name }) => {
        if (name === "kept") throw new RefusalError("conflict", schoolText("link-key-in-use"));
      },
    }),
  ];
}

type Sent = { readonly as?: string; readonly body?: object; readonly headers?: Readonly<Record<string, string>> };
// biome-ignore lint/suspicious/noExplicitAny: what an answer has is each test's own business
type Answered = { readonly status: number; readonly body: any; readonly etag: string };

async function call(method: "GET" | "POST" | "PATCH" | "DELETE", path: string, { as = "operator", body, headers }: Sent = {}) {
  const sent = { ...headers, "x-test-actor": as };
  const answer = await app.inject({ method, url: `/api/v1${path}`, headers: sent, ...(body ? { payload: body } : {}) });
  const content: Answered = {
    status: answer.statusCode,
    body: answer.payload === "" ? null : answer.json(),
    etag: String(answer.headers.etag),
  };
  return content;
}

/** A school with an administrator, whom calls name by the school's id. */
async function openSchool(): Promise<School> {
  const school = await insertSchool(database.db);
  actors.set(school.id, actorOf(await insertUser(database.db, school.id, "administrator")));
  return school;
}

const create = (as: string, name: string, headers: Readonly<Record<string, string>> = {}) =>
  call("POST", "/keys", { as, body: { name }, headers });
const names = ({ body }: Answered): string[] => body.items.map(({ name }: { readonly name: string }) => name);

test("people reach the rows of their school, operators all of them and those of the platform", async () => {
  const [oak, elm] = [await openSchool(), await openSchool()];
  const { body: ofOak } = await create(oak.id, "oak");
  await create(elm.id, "elm");
  const { body: ofPlatform } = await create("operator", "platform");
  assert.deepEqual([ofOak.schoolId, ofOak.reader, ofPlatform.schoolId], [oak.id, "administrator", null]);
  assert.deepEqual(names(await call("GET", "/keys", { as: oak.id })), ["oak"]);
  assert.deepEqual(names(await call("GET", `/keys?schoolId=${elm.id}`)), ["elm"]);
  const all = names(await call("GET", "/keys"));
  for (const name of ["oak", "elm", "platform"]) assert.ok(all.includes(name), name);
  assert.equal((await call("GET", `/keys?schoolId=${oak.id}`, { as: elm.id })).status, 404);
  assert.equal((await call("POST", "/keys", { as: elm.id, body: { name: "x", schoolId: oak.id } })).status, 404);
  for (const { id: keyId } of [ofOak, ofPlatform]) {
    assert.equal((await call("GET", `/keys/${keyId}`, { as: elm.id })).status, 404);
    assert.equal((await call("PATCH", `/keys/${keyId}`, { as: elm.id, body: { name: "theirs" } })).status, 404);
    assert.equal((await call("DELETE", `/keys/${keyId}`, { as: elm.id })).status, 404);
  }
  assert.equal((await call("GET", `/keys/${ofOak.id}`)).body.name, "oak");
  await call("DELETE", `/keys/${ofPlatform.id}`);
});

test("pages together have each row once in the order of the list, and filters hold in all of them", async () => {
  const { id: school } = await openSchool();
  for (const name of ["a 1", "b", "a 2"]) await create(school, name);
  const found: string[] = [];
  for (let cursor = ""; ; ) {
    const page = await call("GET", `/keys?limit=1${cursor}`, { as: school });
    found.push(...names(page));
    if (page.body.nextCursor === null) break;
    cursor = `&cursor=${page.body.nextCursor}`;
  }
  assert.deepEqual(found, ["a 2", "b", "a 1"]);
  const filtered = await call("GET", "/keys?limit=1&search=A", { as: school });
  assert.deepEqual(names(filtered), ["a 2"]);
  assert.deepEqual(names(await call("GET", `/keys?search=A&cursor=${filtered.body.nextCursor}`, { as: school })), ["a 1"]);
});

test("a change or a deletion with an older version is refused, and changes nothing", async () => {
  const { id: school } = await openSchool();
  const { body: key, etag } = await create(school, "first");
  const path = `/keys/${key.id}`;
  const changed = await call("PATCH", path, { body: { name: "second" }, headers: { "if-match": etag } });
  assert.deepEqual([changed.status, changed.body.version, changed.etag], [200, key.version + 1, `"v${key.version + 1}"`]);
  for (const method of ["PATCH", "DELETE"] as const) {
    const late = await call(method, path, {
      headers: { "if-match": etag },
      ...(method === "PATCH" ? { body: { name: "third" } } : {}),
    });
    assert.deepEqual([late.status, late.body.code], [412, "precondition-failed"]);
  }
  assert.equal((await call("GET", path)).body.name, "second");
  assert.equal((await call("DELETE", path, { headers: { "if-match": changed.etag } })).status, 204);
  assert.equal((await call("GET", path)).status, 404);
});

test("a repeated request creates one row and gets the same answer; its key with another request is a conflict", async () => {
  const { id: school } = await openSchool();
  const headers = { "idempotency-key": "once" };
  const [first, again] = [await create(school, "one", headers), await create(school, "one", headers)];
  assert.deepEqual([first.status, again.status, again.body], [201, 201, first.body]);
  assert.equal((await create(school, "two", headers)).status, 409);
  assert.deepEqual(names(await call("GET", "/keys", { as: school })), ["one"]);
});

test("of rows that are created at the same time, no more are made than a school or the platform may have", async () => {
  const { id: school } = await openSchool();
  for (const as of [school, "operator"]) {
    const created = await Promise.all(Array.from({ length: AT_ONCE }, (_, i) => create(as, `${i}`)));
    const statuses = created.map(({ status }) => status).sort((a, b) => a - b);
    assert.deepEqual(statuses, [201, 201, 201, 409, 409, 409], as === school ? "of a school" : "of the platform");
  }
});

test("what is created, changed and deleted is in the audit log without secrets, and told of after the commit", async () => {
  const { id: school } = await openSchool();
  committed.length = 0;
  const { body: key } = await create(school, "new");
  await call("PATCH", `/keys/${key.id}`, { as: school, body: { name: "kept" } });
  assert.equal((await call("DELETE", `/keys/${key.id}`, { as: school })).status, 409);
  await call("PATCH", `/keys/${key.id}`, { as: school, body: { name: "old" } });
  await call("DELETE", `/keys/${key.id}`, { as: school });
  const entries = await database.db.selectFrom("audit").selectAll().where("target_id", "=", key.id).orderBy("id").execute();
  assert.deepEqual(
    entries.map(({ action, school_id, target_kind, before: from, after: to }) => [
      action,
      school_id === school && target_kind === "key",
      from && `${from["name"]} ${from["secret"]}`,
      to && `${to["name"]} ${to["secret"]}`,
    ]),
    [
      ["key.create", true, null, "new (secret)"],
      ["key.change", true, "new (secret)", "kept (secret)"],
      ["key.change", true, "kept (secret)", "old (secret)"],
      ["key.delete", true, "old (secret)", null],
    ],
  );
  assert.deepEqual(committed, ["new", "kept", "old", "old"]);
});

test("a name that another row has is a conflict, for a new row and for a change", async () => {
  const { id: school } = await openSchool();
  await create(school, "mine");
  const { body: other } = await create(school, "other");
  assert.equal((await create(school, "mine")).body.code, "conflict");
  const changed = await call("PATCH", `/keys/${other.id}`, { body: { name: "mine" } });
  assert.equal(changed.body.detail, "Another link key has this name.");
});
