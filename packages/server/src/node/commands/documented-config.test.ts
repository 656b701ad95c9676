/** Every configuration that the documents print is read as it stands, by the reader that the server uses. */
import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { parse } from "yaml";
import { scenarioSchema } from "../../network/simulate/scenario.ts";
import { ConfigError, loadConfig } from "../../platform/config/load.ts";

const ROOT = join(import.meta.dirname, "../../../../..");
const DOCUMENTS = ["README.md", "deploy/README.md", ...readdirSync(join(ROOT, "docs")).map((name) => `docs/${name}`)];
/** Of the other programs: Prometheus. */
const OF_OTHERS = /^scrape_configs:/m;

type Block = { readonly where: string; readonly text: string };

function blocks(language: "yaml" | "nginx"): Block[] {
  return DOCUMENTS.filter((name) => name.endsWith(".md")).flatMap((name) => {
    const page = readFileSync(join(ROOT, name), "utf8");
    return [...page.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, "gms"))].map((match) => ({
      where: `${name}:${page.slice(0, match.index).split("\n").length}`,
      text: match[1] ?? "",
    }));
  });
}

function validationErrorsOf({ text }: Block, directory: string): readonly string[] {
  const tree: unknown = parse(text);
  if (scenarioSchema.safeParse(tree).success) return [];
  const file = join(directory, "lectern.yaml");
  writeFileSync(file, text);
  try {
    loadConfig({ file, env: {}, set: [] });
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split("\n");
    throw error;
  }
}

test("every lectern.yaml and every scenario in the documents is valid as it stands", (t) => {
  const directory = mkdtempSync(join(tmpdir(), "documented-"));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  const all = blocks("yaml").filter(({ text }) => !OF_OTHERS.test(text));
  assert.ok(all.length >= 15, `only ${all.length} blocks found`);
  for (const block of all) assert.deepEqual(validationErrorsOf(block, directory), [], `${block.where}\n${block.text}`);
});

test("every configuration of nginx in the documents is run by a test as it stands", () => {
  const tests = readdirSync(join(ROOT, "e2e"))
    .filter((name) => name.endsWith(".test.ts"))
    .map((name) => readFileSync(join(ROOT, "e2e", name), "utf8"));
  const printed = blocks("nginx").map(({ where }) => where.replace(/^docs\/|:\d+$/g, ""));
  assert.ok(printed.length >= 3, `${printed}`);
  // `documented` takes the first of a page.
  assert.equal(new Set(printed).size, printed.length);
  for (const page of printed)
    assert.ok(
      tests.some((text) => text.includes(`documented("${page}")`)),
      page,
    );
});
