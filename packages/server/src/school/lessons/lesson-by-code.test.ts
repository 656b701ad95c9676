import assert from "node:assert/strict";
import { test } from "node:test";
import { RefusalError } from "../../platform/api/server.ts";
import type { Attempts } from "../people/accounts/attempts.ts";
import { rejectUnknownLesson } from "./lesson-by-code.ts";

test("a flood of wrong codes from one address asks the database for a class's worth, and is told when to come again", async () => {
  const counted = new Map<string, number>();
  const attempts = {
    count: async ([attempt]: readonly { subject: string }[]) => {
      const { subject = "" } = attempt ?? {};
      counted.set(subject, (counted.get(subject) ?? 0) + 1);
      return 0;
    },
  } as unknown as Attempts;
  const codes = new Map<string, number>();
  for (let i = 0; i < 500; i++) {
    const refusal: unknown = await rejectUnknownLesson({ attempts }, "192.0.2.1").catch((error: unknown) => error);
    assert.ok(refusal instanceof RefusalError);
    codes.set(refusal.refusal.code, (codes.get(refusal.refusal.code) ?? 0) + 1);
    if (refusal.refusal.code === "too-many") assert.ok(refusal.refusal.retryAfter === 1, `${refusal.refusal.retryAfter}`);
  }
  assert.equal((codes.get("no-such-lesson") ?? 0) + (codes.get("too-many") ?? 0), 500);
  assert.ok((counted.get("192.0.2.1") ?? 0) < 100, `${counted.get("192.0.2.1")}`);
  const other: unknown = await rejectUnknownLesson({ attempts }, "192.0.2.2").catch((error: unknown) => error);
  assert.ok(other instanceof RefusalError && other.refusal.code === "no-such-lesson", "others are not slowed");
});
