/** Link keys through the API: the secrets of links that other systems sign. Shares a process. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { pino } from "pino";
import { LINK_SCHEMES } from "../packages/server/src/access/links/link-scheme.ts";
import { newId } from "../packages/server/src/platform/id.ts";
import { json } from "../packages/server/src/platform/store/store.ts";
import { StoredSecrets } from "../packages/server/src/school/foundation/store/stored-secrets.ts";
import { readLinkKey, readLinkKeys } from "../packages/server/src/school/streams/link-keys/link-keys.ts";
import { ENCRYPTION_SECRET, type TestSchool } from "./school.ts";
import { onPostgresFirst } from "./school-databases.ts";

const SECRET = "the secret of the other CDN";
const secrets = new StoredSecrets(() => [ENCRYPTION_SECRET], pino({ level: "silent" }));

async function fill({ ok, person }: TestSchool) {
  const { id: schoolId } = (await ok("GET", "/schools")).items[0];
  const other = await ok("POST", "/schools", { body: { slug: "other", name: "Other" } });
  const administrator = await person(schoolId, "administrator");
  return { schoolId, as: administrator.token, stranger: (await person(other.id, "administrator")).token };
}

const notice = (id: string) => `policy ${JSON.stringify({ part: "link-key", id })}`;

onPostgresFirst((open) => {
  test("a school has link keys: made with a known secret or a new one, which is shown once, and stored encrypted", async (t) => {
    const school = await open(t);
    const { ok, call, asked, service } = school;
    const { schoolId, as } = await fill(school);
    const headers = { "idempotency-key": "k" };
    const body = { name: "Old CDN", scheme: "tencent", secret: SECRET, validSeconds: 600 };
    const created = await ok("POST", "/link-keys", { as, body, headers });
    const { id, secret, ...shown } = created;
    assert.deepEqual(
      [secret, shown.schoolId, shown.scheme, shown.validSeconds, shown.version],
      [SECRET, schoolId, "tencent", 600, 1],
    );
    assert.deepEqual(asked.splice(0), [notice(id)]);
    assert.deepEqual(await ok("POST", "/link-keys", { as, body, headers }), created, "the kept answer");
    assert.deepEqual(asked, [], "nothing has changed");
    assert.deepEqual((await ok("GET", "/link-keys", { as })).items, [{ id, ...shown }], "without the secret");
    assert.deepEqual(await ok("GET", `/link-keys/${id}`, { as }), { id, ...shown });
    const { items: audit } = await ok("GET", `/audit?schoolId=${schoolId}`);
    const [entry] = audit.filter(({ action }: { action: string }) => action === "link-key.create");
    assert.deepEqual([entry.target.id, entry.after.secret], [id, "(secret)"]);
    assert.ok(!JSON.stringify(audit).includes(SECRET));
    const stored = await service.db.selectFrom("link_keys").select("secret").where("id", "=", id).executeTakeFirstOrThrow();
    assert.match(stored.secret, /^enc1:/);
    assert.deepEqual(await readLinkKey(service.db, secrets, id), { id, scheme: "tencent", secret: SECRET, validSeconds: 600 });
    for (const scheme of LINK_SCHEMES) {
      const made = await ok("POST", "/link-keys", { as, body: { name: `New ${scheme}`, scheme } });
      assert.match(made.secret, /^[0-9a-f]{32}$/);
      assert.equal(made.validSeconds, scheme.startsWith("aliyun") ? 1800 : 0);
    }
    assert.equal((await readLinkKeys(service.db, secrets)).length, 1 + LINK_SCHEMES.length);
    for (const [wrong, field] of [
      [{ ...body, name: "X", scheme: "akamai" }, "scheme"],
      [{ ...body, name: "X", secret: "short" }, "secret"],
      [{ ...body, name: "X", secret: "two\nlines" }, "secret"],
      [{ ...body, name: "X", validSeconds: -1 }, "validSeconds"],
      [{ ...body, name: "" }, "name"],
    ] as const) {
      const refused = await call("POST", "/link-keys", { as, body: wrong });
      assert.deepEqual([refused.status, refused.body.errors?.[0]?.path], [400, field]);
    }
    const again = await call("POST", "/link-keys", { as, body });
    assert.deepEqual([again.status, again.body.detail], [409, "Another link key has this name."]);
  });

  test("a link key is renamed, and deleted once no policy names it; workers hear of it after the commit", async (t) => {
    const school = await open(t);
    const { ok, call, asked, service } = school;
    const { schoolId, as } = await fill(school);
    const { id } = await ok("POST", "/link-keys", { as, body: { name: "Old", scheme: "upyun", secret: SECRET } });
    asked.splice(0);
    const renamed = await ok("PATCH", `/link-keys/${id}`, {
      as,
      body: { name: "Older", validSeconds: 60 },
      headers: { "if-match": '"v1"' },
    });
    assert.deepEqual([renamed.name, renamed.validSeconds, renamed.version, renamed.secret], ["Older", 60, 2, undefined]);
    assert.deepEqual(asked.splice(0), [notice(id)]);
    assert.equal((await call("PATCH", `/link-keys/${id}`, { as, body: { secret: "another" } })).status, 400);
    assert.equal(
      (await call("PATCH", `/link-keys/${id}`, { as, body: { name: "X" }, headers: { "if-match": '"v1"' } })).status,
      412,
    );
    const rule = {
      kind: "links",
      for: "play",
      combine: "add",
      mode: "enforce",
      locked: false,
      boundAddress: false,
      keys: [id],
    } as const;
    const policy = { id: newId(), school_id: schoolId, level: "school", target_id: schoolId, bytes: 1 } as const;
    await service.db
      .insertInto("policies")
      .values({ ...policy, rules: json([rule]) })
      .execute();
    const refused = await call("DELETE", `/link-keys/${id}`, { as });
    assert.deepEqual(
      [refused.status, refused.body.code, refused.body.detail],
      [409, "conflict", "A policy accepts the links of this key. Take it out there first."],
    );
    assert.deepEqual(asked, [], "nothing has changed");
    await service.db.deleteFrom("policies").where("id", "=", policy.id).execute();
    await ok("DELETE", `/link-keys/${id}`, { as, headers: { "if-match": '"v2"' } });
    assert.deepEqual(asked, [notice(id)]);
    assert.equal(await readLinkKey(service.db, secrets, id), null);
  });

  test("a school's link keys are its administrators' alone; the installation's are the operators'", async (t) => {
    const school = await open(t);
    const { ok, call, person } = school;
    const { schoolId, as, stranger } = await fill(school);
    const own = await ok("POST", "/link-keys", { as, body: { name: "Own", scheme: "nginx" } });
    const installation = await ok("POST", "/link-keys", { body: { name: "Own", scheme: "nginx" } });
    assert.deepEqual([own.schoolId, installation.schoolId], [schoolId, null]);
    const teacher = await person(schoolId, "teacher");
    assert.equal((await call("GET", "/link-keys", { as: teacher.token })).status, 403);
    assert.deepEqual((await ok("GET", "/link-keys", { as: stranger })).items, []);
    for (const [id, token] of [
      [own.id, stranger],
      [installation.id, as],
    ])
      for (const [method, body] of [["GET"], ["PATCH", {}], ["DELETE"]] as const)
        assert.equal((await call(method, `/link-keys/${id}`, { as: token, ...(body && { body }) })).status, 404, method);
    assert.equal((await call("POST", "/link-keys", { as: stranger, body: { schoolId, name: "X", scheme: "nginx" } })).status, 404);
    const ids = (items: readonly { id: string }[]) => items.map(({ id }) => id).sort();
    assert.deepEqual(ids((await ok("GET", "/link-keys")).items), [own.id, installation.id].sort());
    assert.deepEqual(ids((await ok("GET", `/link-keys?schoolId=${schoolId}`)).items), [own.id]);
    for (let i = 1; i < 10; i++) await ok("POST", "/link-keys", { as, body: { name: `Key ${i}`, scheme: "nginx" } });
    const full = await call("POST", "/link-keys", { as, body: { name: "One more", scheme: "nginx" } });
    assert.deepEqual([full.status, full.body.detail], [409, "There are 10 link keys already. Delete one that is not used."]);
  });
});
