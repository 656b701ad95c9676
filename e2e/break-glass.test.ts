/**
 * `lectern break-glass` on a server that runs: what it prints signs in once, without a second factor, and is in the audit log, the alarms and the server's log; and
 * its words where it cannot make an account. A server of its own: the accounts would stay with others.
 */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { openAdminSocket } from "../packages/server/src/node/ipc/admin-socket.ts";
import { type Lectern, startLectern, until } from "./lectern.ts";
import { MAIN } from "./program.ts";

const run = promisify(execFile);

async function breakGlass(directory: string, ...args: readonly string[]): Promise<{ code: number; said: string }> {
  const command = [MAIN, "break-glass", "--data", directory, ...args];
  return await run(process.execPath, command, { cwd: tmpdir(), env: { ...process.env, SUDO_USER: "zhang" } }).then(
    ({ stdout, stderr }) => ({ code: 0, said: stdout + stderr }),
    (error: { code: number; stdout: string; stderr: string }) => ({ code: error.code, said: error.stdout + error.stderr }),
  );
}

function signIn({ http }: Lectern, body: object): Promise<Response> {
  const headers = { "content-type": "application/json" };
  return fetch(`${http}/api/v1/sessions`, { method: "POST", headers, body: JSON.stringify(body) });
}

test("what the command prints signs in once, as an operator for minutes, and everybody who looks sees it", async (t) => {
  const server = await startLectern(t, { "operators.secondFactor": "true" });
  const { code, said } = await breakGlass(server.directory, "--minutes", "5", "--reason", "the provider is down");
  assert.equal(code, 0, said);
  const [, login = "", password = "", until_ = ""] =
    /^login: (\S+)\npassword: (\S+)\nvalid until: (\S+), for one sign-in\n$/.exec(said) ?? [];
  assert.match(login, /^break-glass-[0-9a-f]{8}$/);
  const answer = await signIn(server, { login, password });
  const { token, expiresAt, user } = await answer.json();
  assert.deepEqual([answer.status, expiresAt, user.role], [201, until_, "operator"]);
  const schools = await fetch(`${server.http}/api/v1/schools`, { headers: { authorization: `Bearer ${token}` } });
  assert.equal(schools.status, 200, "without a second factor, which operators need here");
  assert.equal((await signIn(server, { login, password })).status, 401, "once");
  const itemsOf = async (path: string) => (await (await server.api(`/api/v1/${path}`)).json()).items;
  await until(
    async () =>
      (await itemsOf("alarms?open=true")).some(
        (one: { code: string; subject: string }) => one.code === "break-glass" && one.subject === login,
      ),
    "the alarm",
  );
  const entries: { action: string; ip: string; after: Record<string, unknown> | null }[] = await itemsOf("audit");
  const entryOf = (action: string) => entries.find((one) => one.action === action) ?? assert.fail(action);
  assert.deepEqual(entryOf("break-glass.create").after, { login, until: until_, madeBy: "zhang", text: "the provider is down" });
  assert.equal(entryOf("break-glass.sign-in").ip, "127.0.0.1");
  for (const line of ["break-glass account made", "break-glass account signed in"]) assert.ok(server.said().includes(line), line);
  assert.ok(!server.said().includes(password));
  assert.ok(!JSON.stringify(entries).includes(password));
  for (let i = 1; i < 5; i++) assert.equal((await breakGlass(server.directory)).code, 0);
  const refused = await breakGlass(server.directory);
  assert.deepEqual(
    [refused.code, refused.said],
    [1, "lectern: there are 5 break-glass accounts already; wait until one has ended\n"],
  );
});

test("without a server, and while one starts, the command says so, and what to do", async (t) => {
  const directory = mkdtempSync(join(tmpdir(), "lectern-test-"));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  const none = await breakGlass(directory);
  assert.equal(none.code, 1);
  assert.match(none.said, /^lectern: no server runs with this data directory\. Start it first; .* lectern recover\n$/);
  const socket = await openAdminSocket(directory, null);
  t.after(() => socket.close());
  const starting = await breakGlass(directory);
  assert.deepEqual([starting.code, starting.said], [1, "lectern: the server is starting or stopping; try again in a moment\n"]);
  const wrong = await breakGlass(directory, "--minutes", "4");
  assert.deepEqual([wrong.code, wrong.said], [2, "lectern: --minutes is 5 to 240\nSee lectern --help.\n"]);
});
