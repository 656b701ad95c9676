/** The first start: the password that it is given, and no second operator. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { prepareFirstStart } from "./first-start.ts";
import { openTestDatabase } from "./foundation/store/test-database.ts";
import { verifyPassword } from "./people/accounts/password.ts";

test("a given first password that is short, long, common or the login is refused with words; a good one is the operator's", async (t) => {
  const { db, close } = await openTestDatabase();
  t.after(close);
  for (const weak of ["kQ7#vxT9!pL", "password1234", "abcabcabcabc", "Administrator", "kQ7#".repeat(33)])
    await assert.rejects(
      prepareFirstStart(db, weak),
      { name: "StartRefusal", message: /^LECTERN_ADMIN_PASSWORD needs 12 to 128/ },
      weak,
    );
  assert.equal((await db.selectFrom("users").select("id").execute()).length, 0);
  assert.equal(await prepareFirstStart(db, "kQ7#vxT9!pLm"), null);
  const { password_hash: hash } = await db.selectFrom("users").select("password_hash").executeTakeFirstOrThrow();
  assert.ok(await verifyPassword("kQ7#vxT9!pLm", hash));
  // Later starts do not look at it.
  assert.equal(await prepareFirstStart(db, "short"), null);
});
