/** Who may try a password, and whose mistakes count for whom: strangers, known devices, a school's shared address, accounts of one login. */
import assert from "node:assert/strict";
import { argon2, randomBytes } from "node:crypto";
import { after, before, beforeEach, test } from "node:test";
import { promisify } from "node:util";
import { DEVICE_COOKIE } from "../../../access/credentials/device-cookie.ts";
import { ManualClock, systemClock, waitUntil } from "../../../platform/clock.ts";
import { newId } from "../../../platform/id.ts";
import { StoredSecrets } from "../../foundation/store/stored-secrets.ts";
import type { School, User } from "../../foundation/store/tables.ts";
import {
  insertSchool,
  insertUser,
  openTestDatabase,
  refusalCode,
  silentLog,
  type TestDatabase,
} from "../../foundation/store/test-database.ts";
import { LIMITS } from "./attempts.ts";
import { MAX_WAITING_PER_ADDRESS, PasswordQueue } from "./password-queue.ts";
import { SignInService } from "./sign-in.ts";

const PASSWORD = "correct horse";
const HOME = "10.0.0.1";
/** Only a hang takes so long. */
const PATIENCE = { totalMs: 60_000, stepMs: 10 } as const;

let database: TestDatabase;
let signIn: SignInService;
let school: School;
let other: School;
let admin: User;
let namesake: User;
let quickHash: string;

before(async () => {
  database = await openTestDatabase();
  [school, other] = [await insertSchool(database.db), await insertSchool(database.db)];
  quickHash = await hashAtLeastCost();
  const person = async (of: School) => {
    const { id } = await insertUser(database.db, of.id, "administrator");
    return await database.db
      .updateTable("users")
      .set({ login: "admin", password_hash: quickHash })
      .where("id", "=", id)
      .returningAll()
      .executeTakeFirstOrThrow();
  };
  [admin, namesake] = [await person(school), await person(other)];
});
after(() => database.close());
beforeEach(async () => {
  await database.db.deleteFrom("attempts").execute();
  await database.db.deleteFrom("sessions").execute();
  signIn = signInWith("a secret");
});

function signInWith(secret: string, passwords?: PasswordQueue): SignInService {
  return new SignInService({
    db: database.db,
    log: silentLog,
    storedSecrets: new StoredSecrets(() => [], silentLog),
    adminToken: null,
    changes: () => assert.fail("no break-glass account is here"),
    operators: () => ({ allowedNetworks: [], secondFactor: false, token: { expires: "", allowedNetworks: [] } }),
    sessionLimits: () => SESSION_LIMITS,
    requestsOfPerson: () => ({ burst: 1000, perSecond: 1000 }),
    linkSecret: () => secret,
    ...(passwords && { passwords }),
  });
}

/** The hash of `PASSWORD` at the least cost: a check takes no time, and the pause after a wrong one neither. */
async function hashAtLeastCost(): Promise<string> {
  const [cost, nonce] = [{ memory: 8, passes: 1, parallelism: 1 }, randomBytes(16)];
  const tag = await promisify(argon2)("argon2id", { message: PASSWORD, nonce, ...cost, tagLength: 32 });
  const [salt, hash] = [nonce, tag].map((bytes) => bytes.toString("base64").replace(/=+$/, ""));
  return `$argon2id$v=19$m=${cost.memory},t=${cost.passes},p=${cost.parallelism}$${salt}$${hash}`;
}

const SESSION_LIMITS = { idleMinutes: 30, maxDays: 30 };

type From = { readonly ip?: string; readonly device?: string | null; readonly of?: School | null; readonly login?: string };

function tries(password: string, { ip = HOME, device = null, of = school, login = "admin" }: From = {}): Promise<string | null> {
  const signedIn = async (): Promise<void> => {
    const user = await signIn.authenticate({ login, password, school: of?.slug ?? null, ip, device });
    await signIn.openSession(user, { ip, agent: "test", providerId: null });
  };
  return refusalCode(signedIn());
}

const wrong = (from?: From) => tries("wrong", from);
const right = (from?: From) => tries(PASSWORD, from);

/** The value of the cookie that a browser keeps. */
function markOf(user: User, cookie: string | null = null): string {
  const header = signIn.devices.cookieFor(cookie, user, true) ?? "";
  return header.slice(DEVICE_COOKIE.length + 1).split(";")[0] ?? "";
}

/** Locks the account for strangers, as hundreds of addresses would. */
async function lockAccount(user: User): Promise<void> {
  const locked_until = new Date(Date.now() + 60_000);
  const { failures } = LIMITS.account;
  await database.db
    .insertInto("attempts")
    .values({ key: `account ${user.id}`, failures, failed_at: new Date(), locked_until })
    .execute();
}

test("of forty wrong passwords at the same time, five are checked and the others refused", async () => {
  const codes = await Promise.all(Array.from({ length: 40 }, () => wrong()));
  const checked = codes.filter((code) => code === "wrong-password").length;
  assert.deepEqual([checked, codes.filter((code) => code === "too-many").length], [5, 35]);
  assert.equal(await right(), "too-many");
});

test("sixty tries by a stranger from two addresses do not lock the account for its owner elsewhere", async () => {
  await Promise.all(Array.from({ length: 60 }, (_, i) => wrong({ ip: `10.9.9.${i % 2}` })));
  assert.equal(await right(), null);
});

test("wrong passwords for a login of one school do not lock the same login of another", async () => {
  for (let i = 0; i < 6; i++) await wrong({ of: other });
  assert.deepEqual(await Promise.all([right({ of: other }), right()]), ["too-many", null]);
});

test("without a school, the try counts for every account of the login", async () => {
  for (let i = 0; i < 5; i++) await wrong({ of: null });
  const refused = await Promise.all([wrong({ of: null }), wrong(), wrong({ of: other })]);
  assert.deepEqual(refused, ["too-many", "too-many", "too-many"]);
});

test("a login that nobody has is refused and locked like one that somebody has", async () => {
  const codes: (string | null)[] = [];
  // Without a hash, a check takes its usual time, and after several wrong passwords of one address it has long pauses.
  for (let i = 0; i < 7; i++) codes.push(await wrong({ login: "nobody", ip: "10.7.7.7" }));
  assert.deepEqual(codes, [...Array.from({ length: 5 }, () => "wrong-password"), "too-many", "too-many"]);
});

test("an account locked by strangers lets in a known device, and an address from which it is signed in", async () => {
  const device = markOf(admin);
  await lockAccount(admin);
  assert.equal(await right({ ip: "10.3.3.3" }), "too-many");
  assert.equal(await right({ ip: "10.3.3.3", device }), null);
  assert.equal(await right({ ip: "10.3.3.3" }), null, "the device's address is known now");
  assert.equal(await right({ ip: "10.3.3.4" }), "too-many");
});

test("a known device is let in where its address is locked by others, and has a limit of its own", async () => {
  const device = markOf(admin);
  for (let i = 0; i < 5; i++) await wrong();
  assert.deepEqual([await right(), await right({ device })], ["too-many", null]);
  for (let i = 0; i < LIMITS.device.failures; i++) assert.equal(await wrong({ device }), "wrong-password");
  assert.equal(await right({ device }), "too-many");
});

test("a mark is worth nothing for another account, changed, signed with another secret, or after a new password", async () => {
  await lockAccount(admin);
  const mark = markOf(admin);
  const from = "10.4.4.4";
  const foreign = signInWith("another secret");
  const forged = foreign.devices.cookieFor(null, admin, true)?.slice(DEVICE_COOKIE.length + 1) ?? "";
  const asNamesake = markOf(namesake).replace(namesake.id, admin.id);
  const worthless = [forged, asNamesake, `${mark}x`, mark.replace(/..$/, "__"), "", "!!!", `${admin.id}..`];
  // Each refusal takes half a second.
  const codes = await Promise.all(worthless.map((device) => right({ ip: from, device })));
  assert.deepEqual(
    worthless.filter((_, i) => codes[i] !== "too-many"),
    [],
  );
  assert.equal(signIn.devices.find(mark, { ...admin, password_hash: "new" }), null);
  assert.notEqual(signIn.devices.find(mark, admin), null);
});

test("a browser keeps the marks of several accounts, of so many that its requests stay small", () => {
  const ids = Array.from({ length: 30 }, (_, i) => ({ ...admin, id: `a${i}` }));
  const cookie = ids.reduce((marks: string | null, user) => markOf(user, marks), null) ?? "";
  assert.ok(cookie.length < 600, `${cookie.length}`);
  const known = ids.filter((user) => signIn.devices.find(cookie, user) !== null).map(({ id }) => id);
  assert.deepEqual(known, ["a24", "a25", "a26", "a27", "a28", "a29"]);
});

test("without a secret no device is known", () => {
  const service = signInWith("");
  assert.equal(service.devices.cookieFor(null, admin, true), null);
});

test("one address that asks for hundreds of checks is refused with the time to wait, and others are served in between", async () => {
  const pauses = new ManualClock();
  signIn = signInWith("a secret", new PasswordQueue({ ...systemClock, after: pauses.after }));
  const logins = Array.from({ length: 200 }, (_, i) => `flood${i}`);
  const row = { school_id: school.id, name: "Flooded", email: null, role: "student", calendar_secret: null } as const;
  await database.db
    .insertInto("users")
    .values(logins.map((login) => ({ ...row, id: newId(), login, password_hash: quickHash })))
    .execute();
  const codes: (string | null)[] = [];
  const flood = logins.map(async (login) => void codes.push(await wrong({ ip: "10.5.5.5", login })));
  assert.equal(await right({ ip: "10.6.6.6" }), null);
  const count = (wanted: string): number => codes.filter((code) => code === wanted).length;
  // The address has a pause after a few checks, and this one has no end before the test ends it.
  await waitUntil(systemClock, () => codes.length === 200 - MAX_WAITING_PER_ADDRESS, PATIENCE);
  const checked = count("wrong-password");
  assert.ok(checked >= 5 && count("too-many") > 0, `${checked} checked, ${count("too-many")} refused`);
  const endPauses = setInterval(() => pauses.advance(60_000));
  await Promise.all(flood);
  assert.equal(count("wrong-password"), MAX_WAITING_PER_ADDRESS + checked);
  assert.equal(await right({ ip: "10.5.5.5" }), null, "refused checks are not counted");
  clearInterval(endPauses);
});
