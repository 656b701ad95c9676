import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import en from "../messages/audit.en.json" with { type: "json" };
import { actionParts } from "./audit-changes.ts";

const SERVER = join(import.meta.dirname, "../../../../server/src");

/** What staff of a lesson do in its room: their names are put together from what they sent. */
const OF_ROOMS = [
  ...["delete", "restore", "pin", "unpin", "mute", "unmute", "approve", "refuse", "picture-hold", "picture-refuse"],
  ...["stage-invite", "stage-remove", "stage-clear"],
].map((verb) => `room.${verb}`);

test("every action that the server writes into the audit log has words", () => {
  const sources = globSync("**/*.ts", { cwd: SERVER }).filter((file) => !file.endsWith(".test.ts"));
  const actions = sources.flatMap((file) =>
    [...readFileSync(join(SERVER, file), "utf8").matchAll(/\b(?:action: |audit\()"([a-z-]+\.[a-z-]+)"/g)].map(
      ([, action = ""]) => action,
    ),
  );
  actions.push(...OF_ROOMS);
  const kinds = sources.flatMap((file) =>
    [...readFileSync(join(SERVER, file), "utf8").matchAll(/^ +tag: .+\n +kind: "([a-z-]+)",/gm)].map(([, kind = ""]) => kind),
  );
  assert.ok(kinds.length >= 20, `${kinds.length} resources`);
  for (const kind of kinds) actions.push(...["create", "change", "delete"].map((verb) => `${kind}.${verb}`));
  assert.ok(actions.length > 50);
  // What was looked at has words of its own.
  const unknown = actions.filter((action) => {
    const [thing, verb] = actionParts(action);
    return thing !== "read" && !(thing in en.auditWords.things && verb in en.auditWords.verbs);
  });
  assert.deepEqual([...new Set(unknown)], []);
});
