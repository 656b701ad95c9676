import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { openLog } from "../../platform/log.ts";
import { StoreError } from "../../platform/store/store.ts";
import { whenDatabaseAnswers } from "./database-wait.ts";

const log = openLog("silent");
const refusedConnection = () => Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });

function socketOf(t: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), "lectern-wait-"));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  return join(directory, "control.sock");
}

function ask(socketPath: string): Promise<{ status: number; code: string }> {
  return new Promise((resolve, reject) => {
    request({ socketPath, path: "/api/v1/lessons" }, async (answer) => {
      const chunks: Buffer[] = [];
      for await (const chunk of answer) chunks.push(chunk);
      resolve({ status: answer.statusCode ?? 0, code: JSON.parse(Buffer.concat(chunks).toString()).code });
    })
      .on("error", reject)
      .end();
  });
}

test("while the database is unreachable every request is refused with database-away; then it opens, and the socket is free", async (t) => {
  const socket = socketOf(t);
  let isReachable = false;
  const waiting = Promise.withResolvers<void>();
  const opening = whenDatabaseAnswers(
    async () => {
      if (isReachable) return "the store";
      throw new StoreError("the database of database.url cannot be used", { cause: refusedConnection() });
    },
    { socket, log, onWaiting: waiting.resolve, retryMs: 5 },
  );
  await waiting.promise;
  assert.deepEqual(await ask(socket), { status: 503, code: "database-away" });
  isReachable = true;
  assert.equal(await opening, "the store");
  await assert.rejects(ask(socket));
});

test("a database that refuses for another reason is not waited for", async (t) => {
  const onWaiting = () => assert.fail("it waits");
  const wrong = new StoreError("no such database", { cause: Object.assign(new Error("no such database"), { code: "3D000" }) });
  await assert.rejects(
    whenDatabaseAnswers(() => Promise.reject(wrong), { socket: socketOf(t), log, onWaiting }),
    wrong,
  );
});
