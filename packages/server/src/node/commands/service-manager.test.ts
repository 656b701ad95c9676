/** What systemd is told: a socket of Python takes the place of its own. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { silentLog } from "../../school/foundation/store/test-database.ts";
import { openServiceManager } from "./service-manager.ts";

const RECEIVER = `
import socket, sys
socket_of_systemd = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
socket_of_systemd.bind(sys.argv[1])
print("bound", flush=True)
while True: print(socket_of_systemd.recv(4096).decode().strip().replace("\\n", " "), flush=True)
`;

test("systemd is told that the service is ready, that it lives, and that it stops", {
  skip: !existsSync("/usr/bin/systemd-notify"),
}, async (t) => {
  const directory = mkdtempSync(join(tmpdir(), "lectern-notify-"));
  const path = join(directory, "notify");
  const receiver = spawn("/usr/bin/python3", ["-c", RECEIVER, path], { stdio: ["ignore", "pipe", "inherit"] });
  t.after(() => {
    receiver.kill("SIGKILL");
    rmSync(directory, { recursive: true, force: true });
  });
  const lines = createInterface(receiver.stdout)[Symbol.asyncIterator]();
  // systemd-notify waits for its message to be read with another one.
  const next = async (): Promise<string> => {
    const said = String((await lines.next()).value);
    return said === "BARRIER=1" ? await next() : said;
  };
  assert.equal(await next(), "bound");
  const manager = openServiceManager({ PATH: process.env["PATH"], NOTIFY_SOCKET: path, WATCHDOG_USEC: "100000" }, silentLog);
  // It would fork this process twenty times a second during all tests that follow.
  t.after(manager.close);
  manager.ready();
  assert.match(await next(), /READY=1/);
  assert.match(await next(), /WATCHDOG=1/);
  manager.stopping();
  let said = await next();
  while (said.includes("WATCHDOG=1")) said = await next();
  assert.match(said, /STOPPING=1/);
});

test("without systemd nothing is told", () => {
  const manager = openServiceManager({}, silentLog);
  manager.ready();
  manager.stopping();
});
