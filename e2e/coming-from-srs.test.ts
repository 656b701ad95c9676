/** Goes the way from SRS to Lectern that docs/coming-from.md describes: its srs.conf and its commands as they stand, on other ports, with a school's hook and a browser. */
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type TestContext, test } from "node:test";
import { backEnd, type Heard, of } from "./back-end.ts";
import { openSmallPage } from "./chromium.ts";
import { clip } from "./clips.ts";
import { ffmpeg } from "./ffmpeg.ts";
import { pictureMoves } from "./journeys.ts";
import { childEnv, freePort, lecternAt, migrated, NODE_OPTIONS, TOKEN, until } from "./lectern.ts";
import { watch } from "./lesson-client.ts";
import { MAIN } from "./program.ts";

const PAGE = readFileSync(join(import.meta.dirname, "../docs/coming-from.md"), "utf8");
const [CHAPTER = ""] = PAGE.split(/^## /m).filter((one) => one.startsWith("From SRS, step by step\n"));
const SECRET = "of-the-school";

/** The lines of the chapter that are typed, with a word in them. */
function typed(word: string): readonly string[] {
  return [...CHAPTER.matchAll(/^ {7}(\S.*)$/gm)].map(([, line = ""]) => line).filter((line) => line.includes(word));
}

/** A folder in which `lectern` is a command, as after an installation. */
function workplace(t: TestContext) {
  const directory = mkdtempSync(join(tmpdir(), "lectern-from-srs-"));
  t.after(() => rmSync(directory, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }));
  mkdirSync(join(directory, "bin"));
  const program = [process.execPath, ...NODE_OPTIONS, MAIN].map((part) => `'${part}'`).join(" ");
  writeFileSync(join(directory, "bin/lectern"), `#!/bin/sh\nexec ${program} "$@"\n`, { mode: 0o755 });
  const env = { ...childEnv(), LECTERN_ADMIN_TOKEN: TOKEN, PATH: `${join(directory, "bin")}:${process.env["PATH"]}` };
  return { directory, env };
}

test("a server of SRS with a hook and recordings becomes one of Lectern, on the same addresses", async (t) => {
  const { heard, url } = await backEnd(t, ({ action = "", param = "" }: Heard, response) =>
    response.end(action === "on_publish" && !param.includes(`secret=${SECRET}`) ? '{"code":1}' : '{"code":0}'),
  );
  const ports = new Map<string, number>();
  for (const port of ["1936", "8081", "8001"]) ports.set(port, await freePort());
  const here = (text: string): string => text.replace(/\b(?:1936|8081|8001)\b/g, (port) => String(ports.get(port)));
  const { directory, env } = workplace(t);
  const [, conf = ""] = /```text\n(.*?)```/s.exec(CHAPTER) ?? [];
  writeFileSync(join(directory, "srs.conf"), conf.replaceAll("http://127.0.0.1:8085/hook", url));

  const [imports = "", check = "", serve = ""] = typed("lectern ");
  const say = (command: string) => execFileSync("sh", ["-c", `{ ${command}; } 2>&1`], { cwd: directory, env, encoding: "utf8" });
  const said = say(imports);
  for (const line of [/Without a counterpart:/, /daemon \(3\)/, /http_server\.dir \(7\)/, /Needs no setting:/])
    assert.match(said, line);
  assert.doesNotMatch(said, /does not take|Not known to this command/);
  assert.match(say(check), /no mistakes/);

  cpSync(await migrated(), join(directory, "lectern-data/db"), { recursive: true });
  const options = ["http.host=127.0.0.1", "rtmp.host=127.0.0.1", "publish.graceSeconds=1"].map((set) => ` --set ${set}`).join("");
  const child = spawn("sh", ["-c", `exec ${here(serve)}${options}`], { cwd: directory, env, stdio: ["ignore", "pipe", "pipe"] });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  t.after(async () => {
    child.kill("SIGKILL");
    await ended;
  });
  let log = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (bytes: Buffer) => (log += bytes));
  await until(() => {
    assert.equal(child.exitCode, null, log);
    return log.includes("lectern ready");
  }, "the server");
  const rtmpPort = ports.get("1936") ?? 0;
  const http = `http://127.0.0.1:${ports.get("8081")}`;
  const lectern = lecternAt({ http, rtmpPort, directory, pid: child.pid ?? 0 }, () => log);

  const [publishing = ""] = typed("ffmpeg ").map((line) => here(line).replace("localhost", "127.0.0.1"));
  const [, address = ""] = /"(rtmp:[^"]+)"/.exec(publishing) ?? [];
  const push = (to: string) => ffmpeg(t, ["-re", "-stream_loop", "-1", "-i", clip("calm", 20), "-c", "copy", "-f", "flv", to]);
  assert.notEqual((await push(address.replace(SECRET, "of-another")).done).code, 0, "the school's site refuses");
  const publisher = push(address);
  await lectern.stream("livestream", (stream) => stream.video !== null);
  assert.deepEqual(
    of(heard, "on_publish").map(({ app, stream, param }) => [app, stream, param]),
    [
      ["live", "livestream", "?secret=of-another"],
      ["live", "livestream", `?secret=${SECRET}`],
    ],
  );

  const watched = typed("ffplay ").map((line) => watch(here(line.replace("ffplay ", "")).replace("localhost", "127.0.0.1")));
  assert.equal(watched.length, 3);
  for (const { bytes } of watched) await until(() => bytes() > 10_000, "a picture");
  for (const { leave } of watched) leave();
  const page = await openSmallPage(t);
  await page.goto(here(typed("?stream=")[0] ?? "").replace("localhost", "127.0.0.1"));
  await until(() => pictureMoves(page), "the picture in the browser");
  // Its server ends before the test does, which a page would report.
  await page.close();
  assert.ok(of(heard, "on_play").length >= 4, "each viewer is told of");

  publisher.child.kill("SIGKILL");
  const recorded = await until(() => of(heard, "on_dvr")[0] ?? null, "the recording");
  const file = resolve(recorded["cwd"] ?? "", recorded["file"] ?? "");
  assert.ok(existsSync(file), file);
  assert.ok(file.startsWith(join(directory, "lectern-data/recordings/live/livestream/")), file);
  assert.equal(of(heard, "on_unpublish").length, 1);
  child.kill("SIGTERM");
  assert.equal(await ended, 0);
});
