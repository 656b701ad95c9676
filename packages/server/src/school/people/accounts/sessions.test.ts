/** Sessions: idle time-out, longest duration, listing and ending. Time is a manual clock's. */
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { pino } from "pino";
import { ManualClock } from "../../../platform/clock.ts";
import { StoredSecrets } from "../../foundation/store/stored-secrets.ts";
import type { User } from "../../foundation/store/tables.ts";
import {
  insertSchool,
  insertUser,
  openTestDatabase,
  refusalCode,
  silentLog,
  type TestDatabase,
} from "../../foundation/store/test-database.ts";
import { hashPassword } from "./password.ts";
import { SignInService } from "./sign-in.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const ORIGIN = { ip: "10.0.0.1", agent: "a browser", providerId: null };

let database: TestDatabase;
let clock: ManualClock;
let service: SignInService;
let user: User;
let schoolId: string;

before(async () => {
  database = await openTestDatabase();
});
after(() => database.close());
beforeEach(async () => {
  clock = new ManualClock();
  service = newService();
  ({ id: schoolId } = await insertSchool(database.db));
  user = await insertUser(database.db, schoolId, "teacher");
});

function newService(log = silentLog): SignInService {
  const limits = { idleMinutes: 30, maxDays: 2 };
  return new SignInService({
    storedSecrets: new StoredSecrets(() => [], silentLog),
    db: database.db,
    log,
    linkSecret: () => "",
    adminToken: null,
    changes: () => assert.fail("no break-glass account is here"),
    operators: () => ({ allowedNetworks: [], secondFactor: false, token: { expires: "", allowedNetworks: [] } }),
    sessionLimits: () => limits,
    now: clock.utc,
    requestsOfPerson: () => ({ burst: 1000, perSecond: 1000 }),
  });
}

/** Whether a request with the token is answered. */
async function isOpen(token: string, isActive = true, by = service): Promise<boolean> {
  const code = await refusalCode(by.actorOf({ token, from: "cookie", isActive }, "10.0.0.1"));
  assert.ok(code === null || code === "bad-credential", String(code));
  return code === null;
}

test("a session ends after the idle time, and each use begins the time again", async () => {
  const { token } = await service.openSession(user, ORIGIN);
  for (let i = 0; i < 5; i++) {
    clock.advance(25 * MINUTE);
    assert.equal(await isOpen(token), true);
  }
  clock.advance(30 * MINUTE);
  assert.equal(await isOpen(token), false);
  assert.equal(await isOpen(token, true, newService()), false, "for another process too");
});

test("what a page asks by itself does not keep a session alive", async () => {
  const { token } = await service.openSession(user, ORIGIN);
  for (let minutes = 0; minutes < 30; minutes += 5) {
    assert.equal(await isOpen(token, false), true, `${minutes} min`);
    clock.advance(5 * MINUTE);
  }
  assert.equal(await isOpen(token, false), false);
});

test("the school's idle time replaces the server's, in sessions that are open too", async () => {
  const { token } = await service.openSession(user, ORIGIN);
  await database.db.updateTable("schools").set({ idle_minutes: 5 }).where("id", "=", schoolId).execute();
  service.clearCache();
  clock.advance(4 * MINUTE);
  assert.equal(await isOpen(token), true);
  clock.advance(5 * MINUTE);
  assert.equal(await isOpen(token), false);
});

test("a session ends after the longest duration, however much it is used", async () => {
  const { token } = await service.openSession(user, ORIGIN);
  for (let used = 0; used < 2 * DAY; used += 20 * MINUTE) {
    assert.equal(await isOpen(token), true, `${used / HOUR} h`);
    clock.advance(20 * MINUTE);
  }
  assert.equal(await isOpen(token), false);
});

test("only open sessions are listed, the last used first", async () => {
  const gone = await service.openSession(user, ORIGIN);
  clock.advance(25 * MINUTE);
  const old = await service.openSession(user, { ...ORIGIN, agent: "old" });
  clock.advance(MINUTE);
  const used = await service.openSession(user, { ...ORIGIN, agent: "used" });
  clock.advance(9 * MINUTE);
  assert.equal(await isOpen(gone.token), false);
  assert.equal(await isOpen(old.token), true);
  assert.deepEqual(
    (await service.sessions.list(user.id)).map(({ agent }) => agent),
    ["old", "used"],
  );
  assert.equal(await isOpen(used.token), true);
});

test("an ended session is refused at once by the process that ended it", async () => {
  const { token } = await service.openSession(user, ORIGIN);
  assert.equal(await isOpen(token), true);
  await service.signOut(token);
  assert.equal(await isOpen(token), false);
});

test("the log says who signed in from where and whose password was wrong, and contains neither password, login nor token", async () => {
  let text = "";
  const log = pino({}, { write: (line: string) => (text += line) });
  const logging = newService(log);
  const hash = await hashPassword("sunlit-harbour-42");
  await database.db.updateTable("users").set({ password_hash: hash }).where("id", "=", user.id).execute();
  const request = { login: user.login, password: "sunlit-harbour-42", school: null, ip: "10.0.0.1", device: null };
  const { token } = await logging.openSession(await logging.authenticate(request), ORIGIN);
  assert.equal(await refusalCode(logging.authenticate({ ...request, password: "a wrong password" })), "wrong-password");
  assert.equal(await refusalCode(logging.authenticate({ ...request, login: "sunlit-harbour-42" })), "wrong-password");
  const lines = text
    .trim()
    .split("\n")
    .map((line): { msg: string; user?: string; users?: string[]; ip: string } => JSON.parse(line));
  assert.deepEqual(
    lines.map(({ msg, user, users, ip }) => ({ msg, ip, users: users ?? [user] })),
    [
      { msg: "session opened", ip: "10.0.0.1", users: [user.id] },
      { msg: "wrong password", ip: "10.0.0.1", users: [user.id] },
      { msg: "wrong password", ip: "10.0.0.1", users: [] },
    ],
  );
  for (const secret of ["sunlit", "a wrong", token]) assert.ok(!text.includes(secret), secret);
});
