/** The scopes that API keys of the version before get. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { openStore } from "../../../platform/store/open-store.ts";
import { json } from "../../../platform/store/store.ts";
import type { Tables } from "../store/tables.ts";
import { silentLog } from "../store/test-database.ts";
import { MIGRATIONS } from "./index.ts";

const TEACHER = [
  ...["schools:read", "people:read", "people:write", "lessons:read", "recordings:read", "recording-links:write"],
  ...["lessons:write", "streams:read", "recordings:write", "publish-keys:write"],
];
const ADMINISTRATOR = [
  ...TEACHER,
  ...["schools:write", "streams:write", "webhooks:read", "webhooks:write", "audit:read", "system:read", "system:write"],
  "webhook-secrets:write",
];

test("a key with every scope of a teacher or an administrator keeps managing their accounts; others get nothing", async (t) => {
  const dataDir = mkdtempSync(join(tmpdir(), "lectern-migration-"));
  t.after(() => rmSync(dataDir, { recursive: true, force: true }));
  const until = (end: string) => Object.fromEntries(Object.entries(MIGRATIONS).filter(([name]) => name < end));
  const store = await openStore<Tables>({ url: "", dataDir, migrations: until("0021"), log: silentLog });
  for (const [id, scopes] of Object.entries({ teacher: TEACHER, administrator: ADMINISTRATOR, few: TEACHER.slice(1) }))
    await store.db
      .insertInto("api_keys")
      .values({ id, school_id: null, name: id, secret_hash: id, created_by: "test", scopes: json<readonly string[]>(scopes) })
      .execute();
  await store.close();
  const after = await openStore<Tables>({ url: "", dataDir, migrations: until("0022"), log: silentLog });
  t.after(() => after.close());
  const rows = await after.db.selectFrom("api_keys").select(["id", "scopes"]).execute();
  assert.deepEqual(Object.fromEntries(rows.map(({ id, scopes }) => [id, scopes])), {
    teacher: [...TEACHER, "sources:read"],
    administrator: [...ADMINISTRATOR, "sources:read", "sources:write"],
    few: TEACHER.slice(1),
  });
});
