import assert from "node:assert/strict";
import { test } from "node:test";
import { formatRoleMap, parseRoleMap } from "./role-map.ts";

test("a map of roles becomes a line of text and back, also with signs in its values", () => {
  const map = { staff: "teacher", "cn=heads": "administrator" } as const;
  assert.equal(formatRoleMap(map), "staff=teacher, cn=heads=administrator");
  assert.deepEqual(parseRoleMap(formatRoleMap(map)), map);
  assert.deepEqual(parseRoleMap(" ,\n"), {});
});

test("a part that names no role is a mistake", () => {
  for (const text of ["staff", "staff=", "=teacher", "staff=operator", "staff=teacher, x"])
    assert.equal(parseRoleMap(text), null, text);
});
