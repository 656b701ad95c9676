/** Pages and answers of the API that a test serves: what does not fit the API is a fault, which says what. Shares a process. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { RefusalError } from "../packages/server/src/platform/api/server.ts";
import { consoleAnswers, listOf, SCHOOL } from "./console-answers.ts";
import { type Answers, type ServedAnswers, serveAnswers } from "./served-answers.ts";

/** The faults with these answers, after what is done. */
async function faultsOf(answers: Answers, use: (served: ServedAnswers) => Promise<unknown>): Promise<string> {
  const served = await serveAnswers(answers);
  await use(served);
  await served.close();
  return served.faults.join("\n");
}

const get = (path: string) => (served: ServedAnswers) => fetch(`${served.http}${path}`);

test("a request has the answer that the test gives, as its route sends it", async () => {
  const faults = await faultsOf(consoleAnswers("operator"), async ({ http, asked }) => {
    const schools = await fetch(`${http}/api/v1/schools?limit=5`);
    assert.deepEqual([schools.status, (await schools.json()).items[0].id], [200, SCHOOL.id]);
    assert.match(schools.headers.get("etag") ?? "", /^"/);
    assert.equal((await fetch(`${http}/console/alarms`)).headers.get("content-type"), "text/html; charset=utf-8");
    assert.deepEqual(asked, ["listSchools"]);
  });
  assert.equal(faults, "");
});

test("a request without an answer is a fault with its method and address", async () => {
  const faults = await faultsOf({}, get("/api/v1/alarms?open=true"));
  assert.match(faults, /GET \/api\/v1\/alarms\?open=true: the test has no answer of listAlarms/);
});

test("a request that its route refuses, and one for what there is not, are faults", async () => {
  assert.match(await faultsOf({ listAlarms: listOf([]) }, get("/api/v1/alarms?severity=high")), /severity=high: 400 .*bad-request/);
  assert.match(await faultsOf({}, get("/api/v1/nothing")), /GET \/api\/v1\/nothing: 404/);
});

test("an answer that its route could not give is a fault: a field that is wrong, missing, or not of its schema", async () => {
  const { getBrand } = consoleAnswers("operator");
  const drifted: readonly [object, RegExp][] = [
    [{ ...getBrand, accent: "red" }, /accent/],
    [{ school: null, accent: null }, /logo/],
    [{ ...getBrand, motto: "" }, /the schema makes of it \{"school"/],
  ];
  for (const [answer, drift] of drifted) {
    const faults = await faultsOf({ getBrand: () => answer as never }, get("/api/v1/brand"));
    assert.match(faults, /GET \/api\/v1\/brand: getBrand does not answer so: /);
    assert.match(faults, drift);
  }
});

test("a refusal that the test gives is none", async () => {
  const refuse = () => {
    throw new RefusalError("database-away");
  };
  const faults = await faultsOf({ getBrand: refuse }, async ({ http }) =>
    assert.equal((await fetch(`${http}/api/v1/brand`)).status, 503),
  );
  assert.equal(faults, "");
});
