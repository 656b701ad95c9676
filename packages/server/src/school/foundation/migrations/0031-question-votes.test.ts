/** The scopes of rooms that API keys of the version before get. */
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

test("a key that could manage accounts of students can still; others get nothing", async (t) => {
  const dataDir = mkdtempSync(join(tmpdir(), "lectern-migration-"));
  t.after(() => rmSync(dataDir, { recursive: true, force: true }));
  const student = SCOPES_OF_ROLE.student.filter((scope) => !scope.startsWith("rooms:"));
  const before = Object.fromEntries(Object.entries(MIGRATIONS).filter(([name]) => name < "0031"));
  const store = await openStore<Tables>({ url: "", dataDir, migrations: before, log: silentLog });
  for (const [id, scopes] of Object.entries({ student, few: student.slice(1), lessons: ["lessons:write"] }))
    await store.db
      .insertInto("api_keys")
      .values({ id, school_id: null, name: id, secret_hash: id, created_by: "test", scopes: json<readonly string[]>(scopes) })
      .execute();
  await store.close();
  const after = await openStore<Tables>({ url: "", dataDir, migrations: MIGRATIONS, log: silentLog });
  t.after(() => after.close());
  const rows = await after.db.selectFrom("api_keys").select(["id", "scopes"]).execute();
  assert.deepEqual(Object.fromEntries(rows.map(({ id, scopes }) => [id, scopes])), {
    student: [...student, "rooms:read", "rooms:write"],
    few: student.slice(1),
    lessons: ["lessons:write"],
  });
});
