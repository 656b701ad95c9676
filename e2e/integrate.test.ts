/** Runs the example site of docs/integrate.md, and plays a lesson embedded in it. Only with --all, or by name. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { newSchool } from "./console-school.ts";
import { sharedBrowser, sharedLectern } from "./fixtures.ts";
import { freePort, until } from "./lectern.ts";
import { done, push } from "./lesson-client.ts";

const [, SITE = ""] = /```js\n([\s\S]*?)```/.exec(readFileSync(join(import.meta.dirname, "../docs/integrate.md"), "utf8")) ?? [];

test("a site of under fifty lines shows a lesson to its own people, and to nobody else", async (t) => {
  assert.ok(SITE.trim().split("\n").length < 50);
  const lectern = await sharedLectern();
  const school = await newSchool(lectern);
  const { key } = await done(lectern, "POST", "/api-keys", {
    schoolId: school.id,
    name: "site",
    scopes: ["lessons:read", "lessons:write", "publish-keys:write"],
  });
  const directory = mkdtempSync(join(tmpdir(), "lectern-site-"));
  writeFileSync(join(directory, "site.mjs"), SITE);
  const port = await freePort();
  const site = spawn(process.execPath, ["site.mjs"], {
    cwd: directory,
    env: { ...process.env, LECTERN: lectern.http, LECTERN_KEY: key, PORT: String(port) },
    stdio: ["ignore", "pipe", "inherit"],
  });
  t.after(() => site.kill("SIGKILL"));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  let said = "";
  site.stdout.on("data", (piece) => (said += piece));
  const address = await until(() => /rtmp:\S+/.exec(said)?.[0] ?? null, "the push address");
  push(t, address, "calm");
  const name = /lesson-\w+/.exec(address)?.[0] ?? "";
  await lectern.stream(name, (stream) => stream.video !== null);
  const page = `http://127.0.0.1:${port}/`;
  await until(async () => (await fetch(page).catch(() => null))?.status === 401, "the site");

  const browser = await sharedBrowser();
  const tab = await browser.newPage();
  t.after(() => tab.close());
  await tab.goto(`${page}?as=Li%20Mei`);
  const frame = await until(() => tab.frames().find((other) => other.url().includes("/embed/")) ?? null, "the frame");
  await until(async () => {
    const time = await frame.evaluate(
      () => document.querySelector("lectern-player")?.shadowRoot?.querySelector("video")?.currentTime ?? 0,
    );
    return time > 2;
  }, "a picture that moves");
  const list = await school.call("GET", "/lessons");
  const participants = await done(lectern, "GET", `/lessons/${list.items[0].id}/participants`);
  assert.deepEqual(
    participants.items.map((one: { name: string }) => one.name),
    ["Li Mei"],
  );
  // The frame's address without its link shows nothing.
  const bare = await fetch(`${lectern.http}/live/${name}.flv`);
  assert.equal(bare.status, 401);
});
