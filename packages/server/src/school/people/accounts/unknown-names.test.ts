/** Strangers cannot tell from the work of the server whether a school or a person exists: known and unknown names take the same statements. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { newId } from "../../../platform/id.ts";
import { json } from "../../../platform/store/store.ts";
import { Changes } from "../../foundation/store/change.ts";
import { StoredSecrets } from "../../foundation/store/stored-secrets.ts";
import type { Database, School, User } from "../../foundation/store/tables.ts";
import {
  insertSchool,
  insertUser,
  openTestDatabase,
  refusalCode,
  silentLog,
  type TestDatabase,
} from "../../foundation/store/test-database.ts";
import { HourlyLimits } from "../limits/hourly-limits.ts";
import type { SignOnContext } from "../sign-on/sign-on-context.ts";
import { signOnRoutes } from "../sign-on/sign-on-routes.ts";
import type { AccountContext } from "./account-context.ts";
import { LIMITS } from "./attempts.ts";
import { Mail } from "./mail.ts";
import { passwordRoutes } from "./password-routes.ts";
import { SignInService } from "./sign-in.ts";

const NOBODY = { kind: "nobody", id: null, name: "", role: null, schoolId: null, scopes: null, ip: "10.0.0.1" } as const;

let database: TestDatabase;
/** The same database, whose statements are counted. */
let counted: Database;
let statements = 0;
let school: School;
let user: User;
let signIn: SignInService;

before(async () => {
  database = await openTestDatabase();
  counted = database.db.withPlugin({
    transformQuery: ({ node }) => node,
    transformResult: async ({ result }) => {
      statements++;
      return result;
    },
  });
  school = await insertSchool(database.db);
  const { id } = await insertUser(database.db, school.id, "teacher");
  user = await database.db
    .updateTable("users")
    .set({ login: "mei", email: "mei@home.example" })
    .where("id", "=", id)
    .returningAll()
    .executeTakeFirstOrThrow();
  signIn = new SignInService({
    db: counted,
    log: silentLog,
    storedSecrets: new StoredSecrets(() => [], silentLog),
    linkSecret: () => "a secret",
    adminToken: null,
    changes: () => assert.fail("no break-glass account is here"),
    operators: () => ({ allowedNetworks: [], secondFactor: false, token: { expires: "", allowedNetworks: [] } }),
    sessionLimits: () => ({ idleMinutes: 30, maxDays: 30 }),
    requestsOfPerson: () => ({ burst: 1000, perSecond: 1000 }),
  });
});
after(() => database.close());

async function statementsOf(work: () => Promise<unknown>): Promise<number> {
  const before = statements;
  await work();
  return statements - before;
}

/** The names that a stranger may try: of a person, of nobody in this school, and in no school. */
const names = (): readonly (readonly [login: string, school: string])[] => [
  ["mei", school.slug],
  ["nobody", school.slug],
  ["mei", "no-such-school"],
];

const signInAs = ([login, slug]: readonly [string, string], ip: string) =>
  refusalCode(signIn.authenticate({ login, password: "wrong", school: slug, ip, device: null }));

test("a wrong sign-in takes the same statements for a person, for nobody, and for no school", async () => {
  const counts: number[] = [];
  for (const name of names())
    counts.push(await statementsOf(async () => assert.equal(await signInAs(name, "10.0.0.2"), "wrong-password")));
  assert.deepEqual(counts, [counts[0], counts[0], counts[0]]);
});

test("a sign-in that is locked takes the same statements too", async () => {
  const locked_until = new Date(Date.now() + 60_000);
  const { failures } = LIMITS.account;
  const keys = [`account ${user.id}`, `account ${school.slug}/nobody`, "account no-such-school/mei"];
  const rows = keys.map((key) => ({ key, failures, failed_at: new Date(), locked_until }));
  await database.db.deleteFrom("attempts").execute();
  await database.db.insertInto("attempts").values(rows).execute();
  const counts: number[] = [];
  for (const name of names())
    counts.push(await statementsOf(async () => assert.equal(await signInAs(name, "10.0.0.3"), "too-many")));
  assert.deepEqual(counts, [counts[0], counts[0], counts[0]]);
  await database.db.deleteFrom("attempts").execute();
});

test("a request for a reset link reads nothing of a person before it is answered, and then makes the link", async () => {
  const hourly = new HourlyLimits(counted, silentLog);
  const afterwards: (() => Promise<void>)[] = [];
  const mail = new (class extends Mail {
    override afterAnswer(work: () => Promise<void>): void {
      afterwards.push(work);
    }
    override async sendReset(): Promise<boolean> {
      return true;
    }
  })(() => ({ smtp: "smtp://mail.example", from: "a@mail.example", publicUrl: "https://school.example" }), silentLog, hourly);
  const changes = new Changes(database.db, () => {});
  const context: Partial<AccountContext> = { db: counted, changes, signIn, mail, hourly };
  const request = passwordRoutes(context as AccountContext).find(({ id }) => id === "requestPasswordReset");
  assert.ok(request);
  const links = () => database.db.selectFrom("password_resets").select("user_id").execute();
  const counts: number[] = [];
  for (const [login, slug] of names()) {
    const asked = { actor: NOBODY, body: { login, school: slug }, ip: "10.0.0.4" };
    counts.push(await statementsOf(() => request.handle(asked as unknown as Parameters<typeof request.handle>[0])));
  }
  assert.deepEqual(counts, [2, 2, 2]);
  assert.deepEqual(await links(), []);
  for (const work of afterwards) await work();
  assert.deepEqual(await links(), [{ user_id: user.id }]);
});

test("the providers of a school take the same statements where it has some, where it has none, and where there is no school", async () => {
  const mail = new Mail(() => ({ smtp: "", from: "", publicUrl: "" }), silentLog, new HourlyLimits(counted, silentLog));
  const context: Partial<SignOnContext> = { db: counted, mail };
  const list = signOnRoutes(context as SignOnContext).find(({ id }) => id === "listSignOn");
  assert.ok(list);
  const counts: number[] = [];
  const ask = async (slug?: string): Promise<{ readonly items: unknown; readonly schoolNeeded: boolean }> => {
    const asked = { query: { school: slug } } as unknown as Parameters<typeof list.handle>[0];
    const before = statements;
    const { body } = await list.handle(asked);
    counts.push(statements - before);
    return body as { items: unknown; schoolNeeded: boolean };
  };
  const second = await insertSchool(database.db);
  const provider = {
    school_id: second.id,
    issuer: "https://id.example",
    client_id: "lectern",
    client_secret: "",
    scopes: "openid",
    role_claim: "",
    role_map: json({}),
    default_role: "student" as const,
    course_claim: "",
  };
  const [open, off] = [newId(), newId()];
  await database.db
    .insertInto("providers")
    .values([
      { ...provider, id: open, name: "Open", enabled: true },
      { ...provider, id: off, name: "Off", enabled: false },
    ])
    .execute();
  assert.deepEqual((await ask(second.slug)).items, [{ id: open, name: "Open", school: second.name }]);
  for (const slug of [school.slug, "no-such-school", undefined]) assert.deepEqual((await ask(slug)).items, [], slug);
  assert.equal((await ask()).schoolNeeded, true);
  assert.deepEqual(counts, Array(counts.length).fill(counts[0]));
});
