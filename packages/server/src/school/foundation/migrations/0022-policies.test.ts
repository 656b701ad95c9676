/** The scopes of policies that API keys of the version before get. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { openStore } from "../../../platform/store/open-store.ts";
import { json } from "../../../platform/store/store.ts";
import { SCOPES_OF_ROLE } from "../../people/accounts/account-rights.ts";
import type { Tables } from "../store/tables.ts";
import { silentLog } from "../store/test-database.ts";
import { MIGRATIONS } from "./index.ts";

const ADDED = ["policies:read", "policies:write"];

test("a key with every scope of a teacher or an administrator keeps managing their accounts; others get nothing", async (t) => {
  const dataDir = mkdtempSync(join(tmpdir(), "lectern-migration-"));
  t.after(() => rmSync(dataDir, { recursive: true, force: true }));
  const earlier = (scopes: readonly string[]) => scopes.filter((scope) => !ADDED.includes(scope));
  const teacher = earlier(SCOPES_OF_ROLE.teacher);
  const administrator = earlier(SCOPES_OF_ROLE.administrator);
  const before = Object.fromEntries(Object.entries(MIGRATIONS).filter(([name]) => name < "0022"));
  const store = await openStore<Tables>({ url: "", dataDir, migrations: before, log: silentLog });
  for (const [id, scopes] of Object.entries({ teacher, administrator, few: teacher.slice(1) }))
    await store.db
      .insertInto("api_keys")
      .values({ id, school_id: null, name: id, secret_hash: id, created_by: "test", scopes: json<readonly string[]>(scopes) })
      .execute();
  await store.close();
  const after = await openStore<Tables>({ url: "", dataDir, migrations: MIGRATIONS, log: silentLog });
  t.after(() => after.close());
  const rows = await after.db.selectFrom("api_keys").select(["id", "scopes"]).execute();
  assert.deepEqual(Object.fromEntries(rows.map(({ id, scopes }) => [id, scopes])), {
    teacher: [...teacher, "policies:read"],
    administrator: [...administrator, ...ADDED],
    few: teacher.slice(1),
  });
});
