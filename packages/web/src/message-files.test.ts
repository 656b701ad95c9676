import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { test } from "node:test";

const FOUND = globSync("**/*.en.json", { cwd: import.meta.dirname }).map((en) => ({
  en,
  zh: en.replace(/\.en\.json$/, ".zh-CN.json"),
}));

function textsIn(file: string): [key: string, text: string][] {
  const flatten = (node: object, prefix: string): [string, string][] =>
    Object.entries(node).flatMap(([name, value]): [string, string][] =>
      typeof value === "string" ? [[prefix + name, value]] : flatten(value, `${prefix}${name}.`),
    );
  return flatten(JSON.parse(readFileSync(join(import.meta.dirname, file), "utf8")), "");
}

function placeholders(text: string): readonly string[] {
  return [...text.matchAll(/\{\{[^}]*\}\}|<\/?\w+>/g)].map(([found]) => found).sort();
}

test("each English file of texts has a Chinese one beside it, and none is without its English one", () => {
  const chinese = globSync("**/*.zh-CN.json", { cwd: import.meta.dirname });
  assert.deepEqual(FOUND.map(({ zh }) => zh).toSorted(), chinese.toSorted());
  assert.ok(FOUND.length > 30);
});

for (const { en, zh } of FOUND) {
  test(`${en}: the Chinese file has the same keys in the same order, with the same placeholders`, () => {
    const [english, translated] = [textsIn(en), textsIn(zh)];
    assert.deepEqual(
      translated.map(([key]) => key),
      english.map(([key]) => key),
    );
    for (const [i, [key, text]] of english.entries())
      assert.deepEqual(placeholders(translated[i]?.[1] ?? ""), placeholders(text), `${key} in ${zh}`);
  });

  test(`${en}: the pages read both files`, () => {
    const folder = join(import.meta.dirname, dirname(en));
    const code = globSync("*.ts", { cwd: folder }).map((file) => readFileSync(join(folder, file), "utf8"));
    for (const file of [en, zh])
      assert.ok(
        code.some((source) => source.includes(`from "./${basename(file)}"`)),
        `no file beside ${file} imports it`,
      );
  });
}
