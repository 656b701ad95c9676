/** Runs the examples of docs/integrate.md in other languages, where this machine has them. Only with --all, or by name. */
import assert from "node:assert/strict";
import { execFile, spawnSync } from "node:child_process";
import { createHmac } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { newSchool } from "./console-school.ts";
import { sharedLectern } from "./fixtures.ts";
import { done } from "./lesson-client.ts";

const PAGE = readFileSync(join(import.meta.dirname, "../docs/integrate.md"), "utf8");
const LANGUAGES = [
  { name: "python", program: "python3", file: "site.py" },
  { name: "php", program: "php", file: "site.php" },
  { name: "java", program: "java", file: "Site.java" },
] as const;
const SECRET = "the webhook's secret";
const BODY = '{"event":"lesson.created","title":"分数"}';
const run = promisify(execFile);

for (const { name, program, file } of LANGUAGES) {
  const isHere = spawnSync(program, ["--version"]).status === 0;
  const skip = isHere ? false : `${program} is not installed`;
  test(`the example in ${name} makes a lesson, joins it and checks a signature`, { skip }, async (t) => {
    const [, example = ""] = new RegExp(`\`\`\`${name}\\n(.*?)\`\`\``, "s").exec(PAGE) ?? [];
    const lectern = await sharedLectern();
    const school = await newSchool(lectern);
    const { key } = await done(lectern, "POST", "/api-keys", {
      schoolId: school.id,
      name,
      scopes: ["lessons:read", "lessons:write", "publish-keys:write"],
    });
    const directory = mkdtempSync(join(tmpdir(), "lectern-language-"));
    t.after(() => rmSync(directory, { recursive: true, force: true }));
    writeFileSync(join(directory, file), example);
    const sign = (secret: string) => createHmac("sha256", secret).update(`1700000000.${BODY}`).digest("hex");
    const say = async (header: string) => {
      const env = { ...process.env, LC_ALL: "C.UTF-8", LECTERN: lectern.http, LECTERN_KEY: key, WEBHOOK_BODY: BODY };
      const { stdout } = await run(program, [file], {
        cwd: directory,
        env: { ...env, WEBHOOK_SECRET: SECRET, WEBHOOK_HEADER: header },
      });
      return stdout.trim().split("\n");
    };
    // While a secret is replaced there are two signatures.
    const [frame = "", isRight] = await say(`t=1700000000,v1=${sign("another")},v1=${sign(SECRET)}`);
    assert.equal(isRight, "True");
    const page = await fetch(frame);
    assert.equal(page.status, 200);
    const { items } = await school.call("GET", "/lessons");
    assert.equal(items[0].title, "Fractions");
    assert.equal((await say(`t=1700000000,v1=${sign("another")}`))[1], "False");
  });
}
