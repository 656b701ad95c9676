import assert from "node:assert/strict";
import { test } from "node:test";
import { answerQuestions, type ControlAnswers, controlAsker } from "./control-questions.ts";

/** A control process that knows one stream. */
const answers = {
  streamRule: async ({ name }: { readonly name: string }) => (name === "known" ? { open: true } : null),
} as unknown as ControlAnswers;

test("a question is answered by its name, after others have passed it on", async () => {
  const control = answerQuestions(answers);
  const passed: string[] = [];
  const ask = controlAsker(async (question) => {
    passed.push(question.name);
    return await control.askControl(structuredClone(question));
  });
  assert.deepEqual(await ask("streamRule", { app: "live", name: "known" }), { open: true });
  assert.equal(await ask("streamRule", { app: "live", name: "other" }), null);
  assert.deepEqual(passed, ["streamRule", "streamRule"]);
});

test("a question that the control process does not know, or that only looks like one, is refused", async () => {
  const control = answerQuestions(answers);
  for (const name of ["newer", "constructor", "toString", "__proto__"])
    await assert.rejects(control.askControl({ name, of: null }), new RegExp(`unknown question ${name}`));
});
