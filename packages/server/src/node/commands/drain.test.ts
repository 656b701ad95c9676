import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { openAdminSocket } from "../ipc/admin-socket.ts";
import { adminNodeMethods } from "../processes/admin-node-methods.ts";
import { drained } from "./drain.ts";

type Report = { readonly writing: boolean; readonly report: { readonly viewers: { readonly total: number } } };

/** The admin socket of a node whose clients leave while it is asked. */
async function node(t: TestContext, others: readonly string[], reports: Report[][]) {
  const directory = mkdtempSync(join(tmpdir(), "lectern-drain-"));
  const asked: unknown[] = [];
  const supervisor = {
    call: async (method: string, parameter: unknown) => {
      if (method === "nodes") return ["up", ...others].map((state, i) => ({ id: `n${i}`, state }));
      if (method === "ownStreams") return reports.length > 1 ? reports.shift() : reports[0];
      asked.push(parameter);
      return true;
    },
  };
  const socket = await openAdminSocket(directory, adminNodeMethods(supervisor as never) as never);
  t.after(() => {
    socket.close();
    rmSync(directory, { recursive: true, force: true });
  });
  return { directory, asked };
}

const busy = (writing: boolean, total: number): Report => ({ writing, report: { viewers: { total } } });
const OPTIONS = { seconds: undefined, undo: false };

test("a drain ends when the last publisher and the last viewer have gone", async (t) => {
  const { directory, asked } = await node(t, ["up"], [[busy(true, 9)], [busy(true, 0)], [busy(false, 1)], [busy(false, 0)]]);
  assert.deepEqual(await drained(directory, OPTIONS), { exitCode: 0, text: "drained: no clients are left" });
  assert.deepEqual(asked, [{ id: "n0", draining: true }]);
  assert.equal((await drained(directory, { ...OPTIONS, undo: true })).exitCode, 0);
  assert.deepEqual(asked[1], { id: "n0", draining: false });
});

test("who is still there after the time is told of", async (t) => {
  const { directory } = await node(t, ["gone", "up"], [[busy(true, 2), busy(false, 3)]]);
  const { exitCode, text } = await drained(directory, { ...OPTIONS, seconds: "0.3" });
  assert.deepEqual([exitCode, text], [1, "still here after 0.3 s: 1 publishers, 5 viewers"]);
});

test("nobody is sent away where no other node is up, and nothing is drained where no server runs", async (t) => {
  const { directory, asked } = await node(t, ["gone", "draining"], [[busy(true, 2)]]);
  assert.deepEqual(await drained(directory, OPTIONS), { exitCode: 0, text: "no other node is up, nothing is moved" });
  assert.deepEqual(asked, []);
  const empty = mkdtempSync(join(tmpdir(), "lectern-drain-"));
  t.after(() => rmSync(empty, { recursive: true, force: true }));
  assert.equal((await drained(empty, OPTIONS)).text, `lectern: no server runs with ${empty}`);
  await assert.rejects(drained(empty, { ...OPTIONS, seconds: "soon" }), /--seconds wants a number, not "soon"/);
});
