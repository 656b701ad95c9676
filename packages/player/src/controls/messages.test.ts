import assert from "node:assert/strict";
import { test } from "node:test";
import { messagesFor } from "./messages.ts";

/** Every text by its path; functions by what they give for one argument. */
function texts(node: unknown, path = ""): [path: string, text: string][] {
  if (typeof node === "string") return [[path, node]];
  if (typeof node === "function") return [[path, String(node("7"))]];
  return Object.entries(node as object).flatMap(([key, child]) => texts(child, `${path}.${key}`));
}

const [en, zh] = [texts(messagesFor("en-GB")), texts(messagesFor("zh-CN"))];

test("English and Chinese have the same texts, none empty, with the same parameters", () => {
  assert.deepEqual(
    en.map(([path]) => path),
    zh.map(([path]) => path),
  );
  for (const [path, text] of [...en, ...zh]) assert.ok(text.trim() !== "", path);
  assert.deepEqual(
    en.map(([path, text]) => [path, /7/.test(text)]),
    zh.map(([path, text]) => [path, /7/.test(text)]),
  );
});

test("Chinese texts are in Chinese, and other languages get English", () => {
  for (const [path, text] of zh) assert.match(text, /\p{Script=Han}/u, path);
  assert.equal(messagesFor("fr"), messagesFor("en"));
  assert.equal(messagesFor("zh-TW"), messagesFor("zh"));
});
