import assert from "node:assert/strict";
import { test } from "node:test";
import { SessionFacts } from "../../access/back-end/session-facts.ts";
import { SessionFactHandlers } from "./session-fact-handlers.ts";

const TOLD = { query: "?token=a", referer: null, userAgent: "A player" };
const member = (id: string, state: "up" | "gone" = "up") => ({ id, state }) as never;

/** Two nodes, and one between them that does not answer. */
function nodes() {
  const other = new SessionFactHandlers({ self: "b", members: () => [member("b")], call: () => Promise.reject(new Error("none")) });
  const call = (async (node: string, _method: string, of: { session: number }) => {
    if (node !== "b") throw new Error("it does not answer");
    return await other.nodeHandlers().sessionFacts(of);
  }) as never;
  const here = new SessionFactHandlers({ self: "a", members: () => [member("a"), member("old"), member("b")], call });
  return { here: here.handlers(), other: other.handlers() };
}

test("what a session's viewer said is known at its node, and at the others", async () => {
  const { here, other } = nodes();
  here.noteSession({ session: 1, told: TOLD });
  other.noteSession({ session: 2, told: TOLD });
  assert.deepEqual(await here.sessionFacts({ session: 1 }), TOLD);
  assert.deepEqual(await here.sessionFacts({ session: 2 }), TOLD);
  assert.equal(await here.sessionFacts({ session: 3 }), null);
});

test("a worker asks for a session once, again where it was too early, and remembers its own", async () => {
  let asked = 0;
  const noted: number[] = [];
  const facts = new SessionFacts({
    note: (session) => noted.push(session),
    find: async (session) => (++asked > 1 && session === 1 ? TOLD : null),
  });
  const all = await Promise.all([facts.of(1), facts.of(1)]);
  assert.deepEqual([all, asked], [[TOLD, TOLD], 2]);
  assert.equal(facts.of(1), TOLD);
  facts.note(2, TOLD);
  assert.deepEqual([facts.of(2), noted], [TOLD, [2]]);
  assert.equal(await facts.of(3), null);
});
