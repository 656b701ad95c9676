import assert from "node:assert/strict";
import { test } from "node:test";
import type { OpenExam, OpenExams, OpenExamsQuestion } from "../../contracts/exams/exam-messages.ts";
import { ManualClock } from "../../platform/clock.ts";
import { OpenExamTable } from "./open-exams.ts";

const exam = (id: string): OpenExam => ({
  exam: id,
  school: "s",
  course: null,
  hash: "h",
  key: `key of ${id}`,
  opensAt: 0,
  closesAt: 1,
  seconds: 1,
  lastEndsAt: 1,
});

function openTable() {
  const clock = new ManualClock();
  const control = { exams: [exam("a")], version: "1", isAway: false, questions: [] as OpenExamsQuestion[] };
  const ask = async (of: OpenExamsQuestion): Promise<OpenExams> => {
    control.questions.push(of);
    if (control.isAway) throw new Error("unreachable");
    const { version, exams } = control;
    return of.version === version ? { version } : { version, exams };
  };
  const table = new OpenExamTable(ask, clock);
  const settle = async (): Promise<void> => await new Promise((resolve) => setImmediate(resolve));
  const pass = async (milliseconds: number): Promise<void> => {
    clock.advance(milliseconds);
    await settle();
  };
  return { table, control, pass, settle };
}

test("keys are in memory before anybody asks, and a changed list follows within three seconds", async () => {
  const { table, control, settle, pass } = openTable();
  table.start();
  await settle();
  assert.equal(table.peek("a")?.key, "key of a");
  Object.assign(control, { version: "2", exams: [exam("a"), exam("b")] });
  await pass(3000);
  assert.equal(table.peek("b")?.key, "key of b");
  assert.deepEqual(control.questions, [{ version: null }, { version: "1" }]);
  table.close();
});

test("where the first examination was looked for, its changes follow within three seconds, too", async () => {
  const { table, control, settle, pass } = openTable();
  Object.assign(control, { version: "0", exams: [] });
  table.start();
  await settle();
  await pass(1000);
  Object.assign(control, { version: "1", exams: [exam("a")] });
  const looking = table.find("a");
  await pass(1000);
  assert.notEqual(await looking, "none");
  Object.assign(control, { version: "2", exams: [{ ...exam("a"), opensAt: 7 }] });
  await pass(3000);
  assert.equal(table.peek("a")?.opensAt, 7);
  table.close();
});

test("what is known stays while the control process cannot be reached; nothing known is another thing than none", async () => {
  const { table, control, settle, pass } = openTable();
  control.isAway = true;
  table.start();
  await settle();
  const looking = table.find("a");
  await pass(500);
  assert.equal(await looking, "away");
  control.isAway = false;
  await pass(3000);
  control.isAway = true;
  await pass(3000);
  assert.equal(table.peek("a")?.exam, "a");
  table.close();
});

test("one that was published just now is looked up, by many at once with one question, also beside a look for another", async () => {
  const { table, control, settle, pass } = openTable();
  table.start();
  await settle();
  Object.assign(control, { version: "2", exams: [exam("b"), exam("c")] });
  const found = [table.find("nothing"), table.find("b"), table.find("b"), table.find("c")];
  for (let i = 0; i < 3; i++) await pass(500);
  const names = (await Promise.all(found)).map((one) => (typeof one === "string" ? one : one.exam));
  assert.deepEqual(names, ["none", "b", "b", "c"]);
  assert.deepEqual(control.questions, [{ version: null }, { version: "1", exam: "nothing" }]);
  table.close();
});
