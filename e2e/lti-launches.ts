/** Provides launches of a learning platform for tests of the API, step by step and whole, and the reports of grades at a time that the test sets. */
import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import { pino } from "pino";
import type { ScoreReportsOptions } from "../packages/server/src/school/exchange/lti/score-reports.ts";
import { Signatures } from "../packages/server/src/school/exchange/lti/signatures.ts";
import { ToolKeys } from "../packages/server/src/school/exchange/lti/tool-keys.ts";
import { StoredSecrets } from "../packages/server/src/school/foundation/store/stored-secrets.ts";
import type { Database } from "../packages/server/src/school/foundation/store/tables.ts";
import { workOnce } from "../packages/server/src/school/foundation/work/test-work.ts";
import type { WorkItem, WorkKind } from "../packages/server/src/school/foundation/work/work-kind.ts";
import { CLIENT_ID, DEPLOYMENT, type LtiUser, startLtiPlatform, type TestPlatform } from "./lti-platform.ts";
import { type Answer, ENCRYPTION_SECRET, type TestSchool } from "./school.ts";

export const HERE = "http://school.example";
export const LAUNCH = `${HERE}/lti/launch`;
export const NETWORKS = { signOnNetworks: ["127.0.0.0/8"] };
export const CLAIM = "https://purl.imsglobal.org/spec/lti/claim/";

type Registered = { readonly platform: TestPlatform; readonly id: string; readonly schoolId: string };
type StartedFlow = { readonly nonce: string; readonly state: string; readonly cookie: string; readonly flow: string };

/** A platform that the first school has registered. */
export async function register(t: TestContext, { ok }: TestSchool, more: object = {}): Promise<Registered> {
  const platform = await startLtiPlatform(t);
  const schoolId = (await ok("GET", "/schools")).items[0].id;
  const { id } = await ok("POST", "/lti/platforms", { body: { schoolId, ...platform.registration, ...more } });
  platform.toolKeys = () => ok("GET", "/lti/keys", { as: null });
  return { platform, id, schoolId };
}

export function loginForm(platform: TestPlatform, more: Readonly<Record<string, string>> = {}): string {
  const fields = {
    iss: platform.issuer,
    login_hint: "7",
    target_link_uri: LAUNCH,
    client_id: CLIENT_ID,
    lti_deployment_id: DEPLOYMENT,
  };
  return new URLSearchParams({ ...fields, ...more }).toString();
}

export async function begin({ call }: TestSchool, { platform, schoolId }: Registered): Promise<StartedFlow> {
  const { status, body, headers } = await call("POST", "/lti/logins", { as: null, body: { schoolId, form: loginForm(platform) } });
  assert.equal(status, 201, JSON.stringify(body));
  const url = new URL(body.url);
  const cookie = [headers["set-cookie"]]
    .flat()
    .map((one) => String(one).split(";")[0] ?? "")
    .join("; ");
  return { nonce: url.searchParams.get("nonce") ?? "", state: body.state, cookie, flow: body.flow };
}

type Finish = { readonly cookie?: string; readonly flow?: string; readonly asCookie?: boolean };

export function finish(
  { call }: TestSchool,
  state: string,
  idToken: string,
  { cookie = "", flow = "", asCookie = false }: Finish,
): Promise<Answer> {
  const form = new URLSearchParams({ state, id_token: idToken }).toString();
  return call("POST", "/lti/launches", { as: null, headers: { cookie }, body: { form, asCookie, ...(flow ? { flow } : {}) } });
}

/** A whole launch of a person. @param change of the claims */
export async function launch(
  school: TestSchool,
  registered: Registered,
  user: LtiUser,
  change: Readonly<Record<string, unknown>> = {},
): Promise<Answer> {
  const begun = await begin(school, registered);
  const token = await registered.platform.sign({ ...registered.platform.claims(user, change), nonce: begun.nonce });
  return await finish(school, begun.state, token, begun);
}

/** The grade reports of another process, whose clock the test sets. @param kind of lessons or of examinations */
export function gradesOf<Item extends WorkItem>(
  db: Database,
  kind: (options: ScoreReportsOptions) => WorkKind<Item>,
): (now: number) => Promise<void> {
  const log = pino({ level: "silent" });
  const networks = () => NETWORKS.signOnNetworks;
  const signatures = new Signatures({ log, networks });
  const toolKeys = new ToolKeys({
    db,
    storedSecrets: new StoredSecrets(() => [ENCRYPTION_SECRET], log),
    newKeyPair: () => signatures.newKeyPair(),
  });
  const reports = kind({ db, log, signatures, toolKeys, networks });
  return (now) => workOnce(reports, now);
}
