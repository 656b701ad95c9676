/** The room's domains are those that `@lectern/room` declares, and refuse with codes that the protocol has. */
import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { LASTING_REFUSALS, LATER_REFUSALS, PASSING_REFUSALS } from "@lectern/room";
import { KINDS } from "@lectern/room/test-kinds";
import { REFUSALS } from "../platform/refusal.ts";
import { moderationDomain } from "./classroom/moderation/domain.ts";
import { allDomains } from "./classroom-domains.ts";

const CLASSROOM = join(import.meta.dirname, "classroom");
/** What is served by HTTP refuses with more. */
const ROUTES = /routes?\.ts$|\.test\.ts$|\/guest-names\.ts$|\/quiz-bank\//;

test("each kind of the protocol has its domain, and each domain its kind", () => {
  // No domain uses anything before it is asked.
  const context = { moderation: { domain: moderationDomain({} as never) } };
  const kinds = allDomains(context as never).map(({ kind }) => kind);
  assert.deepEqual(kinds.toSorted(), KINDS.map(({ kind }) => kind).toSorted());
});

test("domains refuse with codes that the protocol has", () => {
  const known: readonly string[] = [...LASTING_REFUSALS, ...LATER_REFUSALS, ...PASSING_REFUSALS];
  assert.deepEqual(
    known.filter((code) => !(code in REFUSALS)),
    [],
  );
  const files = globSync("**/*.ts", { cwd: CLASSROOM }).filter((file) => !ROUTES.test(`/${file}`));
  const refused = files.flatMap((file) =>
    [...readFileSync(join(CLASSROOM, file), "utf8").matchAll(/new Refusal\(\s*"([a-z-]+)"/g)].map(([, code = ""]) => code),
  );
  assert.ok(refused.length > 50, "the refusals were found");
  assert.deepEqual(
    [...new Set(refused)].filter((code) => !known.includes(code)),
    [],
  );
});
