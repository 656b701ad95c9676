/**
 * Forty and more files that are broken or mean harm: each ends with its own message, and nothing gets out of the sandbox: no file, no connection, no
 * process, and no more memory than it may have. Runs late. Only with --all, or by name.
 */
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { EICAR, type HostileFile, hostileFiles } from "./hostile-files.ts";
import { childrenOf, startLectern, until } from "./lectern.ts";
import { type Body, done } from "./lesson-client.ts";
import { runsRare } from "./long-tests.ts";
import { settled, upload } from "./uploads.ts";

/** These use all of their time or memory for what others show in seconds; the limit of time has a test in sandbox.test.ts. */
const SLOW = ["slow.pdf", "too-many.pptx", "white.png"];
/** A conversion's programs run for longer than this. */
const WATCH_MS = 250;
const GIGABYTE = 2 ** 30;
/** The users of sandboxes, where the server is root. */
const FIRST_USER = 2_000_000_000;
/** Programs that run for nothing but a conversion. */
const CONVERTERS = /soffice|oosplash|pdftoppm|pdftotext|pdfinfo|unshare|lectern-sandbox/;

type Program = { readonly user: number; readonly command: string; readonly bytes: number };

test("each hostile file ends with its own message, and nothing of it gets out of the sandbox", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "lectern-hostile-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const canary = join(folder, "canary");
  let connections = 0;
  const listener = createServer((socket) => {
    connections++;
    socket.destroy();
  });
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  t.after(() => listener.close());
  const { port } = listener.address() as AddressInfo;
  const scan = ["sh", "-c", `if grep -qF '${EICAR.slice(-41)}' "$1"; then exit 1; fi`, "sh", "{file}"];
  const lectern = await startLectern(t, {
    workers: "2",
    "materials.atOnce": "2",
    "materials.timeSeconds": "180",
    "materials.scanner.command": JSON.stringify(scan),
  });
  const all = await hostileFiles({ url: `http://127.0.0.1:${port}/`, canary });
  const files = all.filter(({ name }) => runsRare || !SLOW.includes(name));
  assert.ok(files.length >= 40, `${files.length} files`);
  // Other tests may convert something at the same time.
  const users = new Set<number>();
  let most = 0;
  const watching = setInterval(() => {
    const own = descendants(lectern.process.pid).filter(({ user }) => user >= FIRST_USER);
    for (const { user } of own) users.add(user);
    most = Math.max(most, memoryOf(own));
  }, WATCH_MS);
  t.after(() => clearInterval(watching));
  const results: [HostileFile, Body][] = [];
  const ids: [HostileFile, string][] = [];
  // A person has few open uploads at once.
  for (const file of files) ids.push([file, await upload(lectern, file.name, file.bytes, { partBytes: 8 * 1024 * 1024 })]);
  for (const [file, id] of ids) results.push([file, await settled(lectern, id, 1200)]);
  const wrong: string[] = [];
  for (const [{ name, becomes, lacks }, { id, state, problem, notices, pages, filename }] of results) {
    // Which fonts LibreOffice writes into a file, and which this machine has, is another matter.
    const told = becomes.includes("fonts") ? notices : notices.filter((notice: string) => notice !== "fonts-replaced");
    const got = state === "ready" ? ["ready", ...told].join(" ") : problem;
    if (!becomes.split(" or ").includes(got)) wrong.push(`${name}: ${got}, not ${becomes}`);
    assert.ok(!/[\\/]/.test(filename), filename);
    for (let n = 1; lacks && n <= pages; n++)
      assert.doesNotMatch((await done(lectern, "GET", `/materials/${id}/pages/${n}`)).text, lacks, name);
  }
  assert.deepEqual(wrong, []);
  t.diagnostic(`${files.length} files, at most ${Math.round(most / 2 ** 20)} MB`);
  assert.equal(connections, 0, "no connection");
  assert.ok(!existsSync(canary), "no file");
  assert.ok(most < 2.2 * GIGABYTE, `two at once have ${most} bytes`);
  assert.ok(users.size >= 10, `${users.size} sandboxes were seen`);
  const left = () => {
    const all = programs();
    return [...all.filter(({ user }) => users.has(user)), ...descendants(lectern.process.pid).filter(isConverter)];
  };
  await until(() => left().length === 0, "no process to be left").catch(() => assert.deepEqual(left(), []));
  // Folders of jobs are removed; what is kept are originals and pictures.
  const work = join(lectern.directory, "materials-work");
  assert.deepEqual(
    readdirSync(work).flatMap((worker) => readdirSync(join(work, worker))),
    [],
  );
  const kept = readdirSync(join(lectern.directory, "materials"), { recursive: true, encoding: "utf8", withFileTypes: true });
  for (const entry of kept) {
    assert.ok(entry.isFile() || entry.isDirectory(), entry.name);
    assert.match(entry.name, /^(?:[0-9a-z]{26}|original|(?:large|small)-\d+\.webp)$/);
  }
});

function isConverter({ user, command }: Program): boolean {
  return user >= FIRST_USER || CONVERTERS.test(command);
}

/** What a process has started, and what that has. */
function descendants(pid: number): Program[] {
  return childrenOf(pid).flatMap((child) => [...programOf(child), ...descendants(child)]);
}

function memoryOf(list: readonly Program[]): number {
  return list.reduce((sum, { bytes }) => sum + bytes, 0);
}

/** What runs on this machine, without the threads of the kernel. */
function programs(): Program[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => programOf(Number(name)));
}

/** None where it has ended. */
function programOf(pid: number): readonly Program[] {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    const field = (key: string) => Number(new RegExp(`^${key}:\\s+(\\d+)`, "m").exec(status)?.[1] ?? 0);
    const command = readFileSync(`/proc/${pid}/cmdline`, "utf8");
    return [{ user: field("Uid"), command, bytes: field("VmRSS") * 1024 }];
  } catch {
    return [];
  }
}
