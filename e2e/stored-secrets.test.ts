/**
 * Secrets in the database: second factors, webhooks, sign-on providers, link keys, rules that ask back ends, and addresses of sources and forwards are
 * encrypted there, and work before, during and after a rotation.
 * Shares a process.
 */
import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { gunzipSync } from "node:zlib";
import { sql } from "kysely";
import { TOTP } from "otpauth";
import { pino } from "pino";
import type { WantedJob } from "../packages/server/src/contracts/jobs/wanted-jobs.ts";
import { signBody } from "../packages/server/src/platform/secrets.ts";
import { writeBackup } from "../packages/server/src/platform/store/backup.ts";
import { encryptStoredSecrets } from "../packages/server/src/school/foundation/store/stored-secrets.ts";
import { until } from "./lectern.ts";
import { PASSWORD, type TestSchool } from "./school.ts";
import { onEachDatabase } from "./school-databases.ts";
import { Browser, type Configured, configure, SIGN_ON } from "./sign-on-browser.ts";

const log = pino({ level: "silent" });
const CLIENT_SECRET = "a secret of the client";
const CAMERA_SECRET = "a-secret-of-the-camera";
const FORWARD_SECRET = "a-secret-of-the-forward";
const LINK_SECRET = "a-secret-of-the-other-cdn";
const RULE_SECRET = "a-secret-of-the-back-end";

type World = {
  readonly school: TestSchool;
  readonly provider: Configured;
  readonly webhook: { readonly id: string; readonly secret: string };
  readonly totp: string;
  /** What the nodes get of the source and the forward. */
  readonly jobs: readonly WantedJob[];
  readonly received: Receiver;
};

type Receiver = { readonly url: string; readonly requests: { readonly headers: IncomingHttpHeaders; readonly body: string }[] };

/** Keeps the deliveries of a webhook. */
async function startReceiver(t: TestContext): Promise<Receiver> {
  const requests: Receiver["requests"] = [];
  const server = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray()).toString();
    requests.push({ headers: request.headers, body });
    response.end();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests };
}

/** A school with a secret of every kind. */
async function fill(t: TestContext, school: TestSchool): Promise<World> {
  const { ok, person } = school;
  const provider = await configure(t, school);
  provider.openid.accounts.set("1", {});
  const { token } = await person(provider.schoolId, "teacher", "wang");
  const { secret: totp } = await ok("POST", "/me/second-factor", { as: token, body: { current: PASSWORD } });
  await ok("PUT", "/me/second-factor", { as: token, body: { code: codeOf(totp) } });
  // Before the webhook, which would hear of the lesson.
  const source = {
    schoolId: provider.schoolId,
    title: "Yard",
    name: "yard",
    addresses: [`rtsp://admin:${CAMERA_SECRET}@camera.example`],
  };
  await ok("POST", "/sources", { body: source });
  const lesson = await ok("POST", "/lessons", { body: { schoolId: provider.schoolId, title: "Sent on" } });
  await ok("POST", `/lessons/${lesson.id}/forwards`, {
    body: { title: "Platform", url: `rtmps://live.example/app/${FORWARD_SECRET}` },
  });
  await ok("POST", "/link-keys", { body: { schoolId: provider.schoolId, name: "CDN", scheme: "upyun", secret: LINK_SECRET } });
  const rule = { kind: "back-end", for: "play", url: "https://auth.example/", secret: RULE_SECRET };
  await ok("POST", "/policies", { body: { target: { level: "school", id: provider.schoolId }, rules: [rule] } });
  const jobs = await school.service.wantedJobs();
  for (const secret of [CAMERA_SECRET, FORWARD_SECRET]) assert.ok(JSON.stringify(jobs).includes(secret));
  const received = await startReceiver(t);
  const webhook = await ok("POST", "/webhooks", {
    headers: { "idempotency-key": "the webhook of the test" },
    body: webhookBody(provider.schoolId, received),
  });
  return { school, provider, webhook, totp, jobs, received };
}

function secretsOf({ totp, webhook }: World): readonly string[] {
  return [totp, CLIENT_SECRET, webhook.secret, CAMERA_SECRET, FORWARD_SECRET, LINK_SECRET, RULE_SECRET];
}

function codeOf(secret: string): string {
  return new TOTP({ secret }).generate();
}

function webhookBody(schoolId: string, { url }: Receiver) {
  return { schoolId, url: `${url}/hook`, events: ["lesson.created"] };
}

/** Everything that a thief of the database has. */
async function contentOf(t: TestContext, { service }: TestSchool): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), "lectern-stolen-"));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  const file = join(directory, "backup.gz");
  await writeBackup(service.db, file);
  return gunzipSync(readFileSync(file)).toString();
}

/** The first line of a copy says when it was written, and the last one has a digest of it all. */
function linesOfTables(content: string): string[] {
  return content.trimEnd().split("\n").slice(1, -1);
}

/** Uses each of the secrets. */
async function usesAll({ school, provider, webhook, totp, jobs, received }: World): Promise<void> {
  // A code works once, and the next one takes half a minute.
  await school.service.db.updateTable("second_factors").set({ last_step: 0 }).execute();
  const { ok, call } = school;
  const signIn = await call("POST", "/sessions", {
    as: null,
    body: { login: "wang", password: PASSWORD, code: codeOf(totp) },
  });
  assert.equal(signIn.status, 201, `second factor: ${JSON.stringify(signIn.body)}`);
  assert.equal((await new Browser(school).signOn(provider, "1")).status, 201, "sign-on");
  assert.equal((await ok("GET", `/webhooks/${webhook.id}`)).secret, webhook.secret);
  assert.deepEqual(await school.service.wantedJobs(), jobs, "addresses");
  const { linkKeys } = await school.service.answers.policySnapshot(null);
  assert.deepEqual(await ruleSecrets(school), [RULE_SECRET]);
  assert.deepEqual(
    linkKeys.map(({ secret }) => secret),
    [LINK_SECRET],
  );
  const before = received.requests.length;
  await ok("POST", "/lessons", { body: { schoolId: provider.schoolId, title: "Signed" } });
  await until(() => received.requests.length > before, "the delivery");
  const { headers, body } = received.requests[before] ?? assert.fail();
  const [, at = ""] = /^t=(\d+)/.exec(String(headers["lectern-signature"])) ?? [];
  assert.match(at, /^\d+$/);
  assert.equal(String(headers["lectern-signature"]).split(",")[1], signedAt(body, webhook.secret, Number(at)));
}

/** What media workers get. */
async function ruleSecrets({ service }: TestSchool): Promise<readonly string[]> {
  const { policies } = await service.answers.policySnapshot(null);
  return policies.flatMap(({ rules }) => rules.flatMap((rule) => (rule.kind === "back-end" ? [rule.secret] : [])));
}

function signedAt(body: string, secret: string, at: number): string | undefined {
  const now = Date.now;
  Date.now = () => at * 1000;
  try {
    return signBody(body, secret).split(",")[1];
  } finally {
    Date.now = now;
  }
}

onEachDatabase((open) => {
  test("a copy of the database has no secret in plain text, and all of them work", async (t) => {
    const world = await fill(t, await open(t, SIGN_ON));
    const stolen = await contentOf(t, world.school);
    for (const secret of secretsOf(world)) assert.ok(!stolen.includes(secret), "readable");
    assert.equal(stolen.match(/enc1:/g)?.length, 8);
    const body = webhookBody(world.provider.schoolId, world.received);
    const again = await world.school.ok("POST", "/webhooks", { headers: { "idempotency-key": "the webhook of the test" }, body });
    assert.deepEqual([again.id, again.secret], [world.webhook.id, world.webhook.secret], "the kept answer");
    await usesAll(world);
    const rotated = await world.school.ok("POST", `/webhooks/${world.webhook.id}/rotate-secret`, { body: {} });
    const after = await contentOf(t, world.school);
    for (const secret of [rotated.secret, world.webhook.secret]) assert.ok(!after.includes(secret), "readable after a rotation");
  });

  test("secrets of the version before are encrypted, and again when the server's secret is rotated; all work all the time", async (t) => {
    let secrets: readonly string[] = [];
    const school = await open(t, { ...SIGN_ON, encryptionSecrets: () => secrets });
    const world = await fill(t, school);
    assert.ok((await contentOf(t, school)).includes(world.totp), "as the version before kept them");
    secrets = ["the first secret of all"];
    // Answers to repeated requests are kept for a day.
    await school.service.db.deleteFrom("idempotency").execute();
    assert.deepEqual(await encryptStoredSecrets(school.service.db, secrets, log), { encrypted: 7, unreadable: 0 });
    const first = await contentOf(t, school);
    assert.ok(!secretsOf(world).some((secret) => first.includes(secret)));
    await usesAll(world);
    secrets = ["the second secret of all", "the first secret of all"];
    await usesAll(world);
    const both = await Promise.all([1, 2].map(() => encryptStoredSecrets(school.service.db, secrets, log)));
    assert.deepEqual([both[0]!.encrypted + both[1]!.encrypted, both[0]!.unreadable], [7, 0], "two processes at once");
    secrets = ["the second secret of all"];
    await usesAll(world);
    assert.deepEqual(await encryptStoredSecrets(school.service.db, secrets, log), { encrypted: 0, unreadable: 0 });
  });

  test("with a wrong secret nothing is shown, sent or overwritten, and everything works again with the right one", async (t) => {
    let secrets: readonly string[] = ["the right secret"];
    const school = await open(t, { ...SIGN_ON, encryptionSecrets: () => secrets });
    const world = await fill(t, school);
    const before = await contentOf(t, school);
    secrets = ["another secret, which is wrong"];
    assert.deepEqual(await encryptStoredSecrets(school.service.db, secrets, log), { encrypted: 0, unreadable: 7 });
    assert.deepEqual(linesOfTables(await contentOf(t, school)), linesOfTables(before));
    await school.service.db.updateTable("second_factors").set({ last_step: 0 }).execute();
    const code = codeOf(world.totp);
    const signIn = await school.call("POST", "/sessions", { as: null, body: { login: "wang", password: PASSWORD, code } });
    assert.equal(signIn.body.code, "wrong-code");
    assert.equal((await school.ok("GET", `/webhooks/${world.webhook.id}`)).secret, null);
    assert.deepEqual(await school.service.wantedJobs(), []);
    assert.deepEqual((await school.service.answers.policySnapshot(null)).linkKeys, []);
    assert.deepEqual(await ruleSecrets(school), [""], "a rule signs nothing");
    assert.equal((await school.ok("GET", "/sources")).items[0].addresses, null);
    assert.equal((await school.ok("GET", "/forwards")).items[0].url, null);
    // Its description is read again for every version.
    await school.ok("PATCH", `/providers/${world.provider.id}`, { body: { name: "Renamed" } });
    assert.equal((await school.call("POST", `/providers/${world.provider.id}/test`)).body.code, "provider-away");
    await school.ok("POST", "/lessons", { body: { schoolId: world.provider.schoolId, title: "Unsigned" } });
    const deliveries = async () => (await school.ok("GET", `/webhooks/${world.webhook.id}/deliveries`)).items;
    await until(async () => /cannot be decrypted/.test((await deliveries())[0]?.lastError ?? ""), "the failed delivery");
    assert.equal(world.received.requests.length, 0);
    secrets = ["the right secret"];
    await school.ok("PATCH", `/providers/${world.provider.id}`, { body: { name: "School account" } });
    const [{ id }] = await deliveries();
    await school.ok("POST", `/webhooks/${world.webhook.id}/deliveries/${id}/replay`);
    await until(() => world.received.requests.length === 1, "the delivery that had failed");
    await usesAll(world);
  });

  test("a row's encrypted secret is worth nothing in another row", async (t) => {
    const world = await fill(t, await open(t, SIGN_ON));
    const { school, webhook, provider } = world;
    const other = await school.ok("POST", "/webhooks", { body: { schoolId: provider.schoolId, url: "http://127.0.0.1:9/" } });
    await sql`update webhooks set secret = (select secret from webhooks where id = ${webhook.id}) where id = ${other.id}`.execute(
      school.service.db,
    );
    assert.equal((await school.ok("GET", `/webhooks/${other.id}`)).secret, null);
  });
});
