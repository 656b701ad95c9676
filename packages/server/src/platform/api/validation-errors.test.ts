import assert from "node:assert/strict";
import { test } from "node:test";
import { z } from "zod";
import { textIn } from "../messages/message.ts";
import { platformText } from "../messages/platform-texts.ts";
import { validationErrorsOf } from "./validation-errors.ts";

const schema = z.strictObject({
  title: z.string().max(3),
  hook: z.url({ protocol: /^https?$/, error: platformText("not-a-web-address").key }),
});

function read(language: "en" | "zh", value: unknown): string[] {
  return validationErrorsOf(schema, value).map(
    ({ path, message }) => `${path} ${typeof message === "string" ? message : textIn(language, message)}`,
  );
}

test("Zod's own checks speak the reader's language", () => {
  const value = { title: 5, hook: "https://a.example" };
  assert.deepEqual(read("en", value), ["title Invalid input: expected string, received number"]);
  assert.match(read("zh", value)[0] ?? "", /^title 无效输入/);
});

test("our own checks and unknown fields come from the catalogue", () => {
  const value = { title: "abc", hook: "ftp://a", colour: 1 };
  assert.deepEqual(read("en", value).sort(), ["colour there is no such field", "hook is not an http or https address"]);
  assert.deepEqual(read("zh", value).sort(), ["colour 没有这个字段", "hook 不是 http 或 https 地址"]);
});

test("a value that fits has no mistakes", () => {
  assert.deepEqual(read("en", { title: "abc", hook: "https://a.example" }), []);
});
