/**
 * Who may do what: every route × every role, in the own school and in another, as the route itself states (`access/rights.ts`), and every route × every
 * scope of API keys. The calls are made from the routes.
 * Shares a process.
 */
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { wholeDocument } from "../packages/client/src/documented-routes.ts";
import { lacks, SCOPES, type Scope } from "../packages/server/src/access/actor.ts";
import type { ApiRoute } from "../packages/server/src/access/route.ts";
import { hashSecret } from "../packages/server/src/platform/secrets.ts";
import type { Database } from "../packages/server/src/school/foundation/store/tables.ts";
import { SCOPES_OF_ROLE } from "../packages/server/src/school/people/accounts/account-rights.ts";
import type { TestSchool } from "./school.ts";
import { onEachDatabase, suiteScope } from "./school-databases.ts";
import { actorOf, cellName, openRights, type Rights, send, settled, tryRefused } from "./school-rights.ts";
import { insertKey, LETTERS, type Letter, type SchoolWorld, type Things } from "./school-world.ts";

/** Only people can do these. */
const FOR_PEOPLE = [
  "approveApproval",
  "refuseApproval",
  "withdrawApproval",
  "endEntry",
  "signOut",
  "changeMyPassword",
  "createMyCalendar",
  "listMyExaminations",
  "noteResumePosition",
  "listMySessions",
  "endMySession",
  "endMyOtherSessions",
  "proveMyself",
  "listMyIdentities",
  "unlinkIdentity",
  "getMySecondFactor",
  "beginMySecondFactor",
  "confirmMySecondFactor",
  "renewRecoveryCodes",
  "turnOffMySecondFactor",
  "askForPasskey",
  "signInWithPasskey",
  "listMyPasskeys",
  "askForNewPasskey",
  "addMyPasskey",
  "renameMyPasskey",
  "removeMyPasskey",
  "beginSignOn",
  "finishSignOn",
  "createProvider",
  "changeProvider",
  "deleteProvider",
  "testProvider",
  "readSamlMetadata",
  "createLtiPlatform",
  "changeLtiPlatform",
  "deleteLtiPlatform",
  "testLtiPlatform",
  "beginLaunch",
  "finishLaunch",
  "moveSession",
  "answerDeepLinking",
  // A wrong solution; a key needs no clearance.
  "solveChallenge",
  // People mark answers.
  "takeNextAnswer",
  "giveMarking",
  "undoMarking",
  "renewMarking",
  "giveBackAnswer",
  "getMarkingComments",
  "putMarkingComments",
  // People talk.
  "talkWithExamCandidate",
];
/** These give rights or take access away, so a key needs the rights that it gives: those of a student, and of the key that is made. */
const GIVING_RIGHTS = [
  "removeSecondFactor",
  "endUserSessions",
  "deleteApiKey",
  "createUser",
  "upsertUser",
  "changeUser",
  "createPasswordReset",
  "createInvitationSlips",
  "putMember",
  "createApiKey",
  "rotateApiKey",
  "eraseUser",
];
/** Of lessons of another mode, and of those that have shown a page. */
const OF_OTHER_LESSONS = ["orderCompositeRecording", "orderBoardVideo"];
/** Who marks the question is told that the answer is not theirs: it was not taken before. */
const NOT_TAKEN = ["giveMarking", "undoMarking", "renewMarking"];
/** Nobody supervises the examination, and who could is told so. */
const WITHOUT_SUPERVISION = ["talkWithExamCandidate"];
/** The school sends no mail, and says so to who may send it. */
const WITHOUT_MAIL = ["mailAccountInvitations"];
/** The school lets operators in without asking, and says so to who may ask. */
const NOT_NEEDED = ["askForEntry"];
/** Its process keeps the room of a lesson in memory, which no database undoes: each call has a lesson of its own. */
const KEPT_IN_MEMORY = ["createRoomEntry"];
/** A school has one of them at most: by the route that makes it, the table from which the one that there is goes before. */
const ONLY_ONE: Readonly<Record<string, "scoring_services">> = { createScoringService: "scoring_services" };
/** Routes that are open to everybody may change something with a scope to read: a stranger may do the same. */
const OPEN_CHANGES = [
  "joinLesson",
  "enterExamination",
  "openExamStreams",
  "answerExamTalk",
  "readExamResult",
  "readOwnExamFile",
  "readExamResultFile",
  "reportTrouble",
  "reportTamper",
  "watch",
  "createScreen",
  "askScreen",
  "admitScreen",
];

/** Whose access these may change, by the words of docs/security.md: a directory's, with its scope, and who deletes a course without lessons. */
const TRUSTED: Readonly<Record<string, readonly Letter[]>> = {
  deleteScimUser: ["T"],
  deleteScimGroup: ["A", "T"],
  deleteCourse: ["A", "T"],
};

/** To be called where what is changed is undone afterwards. */
async function leaveRoom(db: Database, { id }: ApiRoute): Promise<void> {
  const table = ONLY_ONE[id];
  if (table) await db.deleteFrom(table).execute();
}

/** By table, what decides who gets in of a school's staff, as text. */
async function doorsOf(db: Database, { schoolId, people }: SchoolWorld): Promise<Readonly<Record<string, string>>> {
  const staff = [people.A, people.T];
  const rows = {
    users: db
      .selectFrom("users")
      .select(["id", "login", "role", "password_hash", "email", "disabled_at", "erased_at", "school_id"]),
    sessions: db.selectFrom("sessions").select(["id", "user_id", "proven_at", "provider_id"]),
    factors: db.selectFrom("second_factors").select(["user_id", "secret", "confirmed_at"]),
    passkeys: db.selectFrom("passkeys").select(["id", "user_id"]),
    courses: db.selectFrom("course_members").select(["course_id", "user_id", "role"]).where("role", "in", ["teacher", "assistant"]),
    resets: db.selectFrom("password_resets").select(["user_id", "token_hash"]),
  };
  const of = {
    users: "id",
    sessions: "user_id",
    factors: "user_id",
    passkeys: "user_id",
    courses: "user_id",
    resets: "user_id",
  } as const;
  const entries = Object.entries(rows).map(async ([name, query]): Promise<[string, string]> => {
    const found = await (query as typeof rows.courses).where(of[name as keyof typeof of] as "user_id", "in", staff).execute();
    return [name, JSON.stringify(found.map((row) => JSON.stringify(row)).toSorted())];
  });
  const providers = await db.selectFrom("providers").selectAll().where("school_id", "=", schoolId).orderBy("id").execute();
  const school = await db
    .selectFrom("schools")
    .select(["slug", "admin_networks", "archived_at", "idle_minutes", "deleting_since", "four_eyes_entry"])
    .where("id", "=", schoolId)
    .executeTakeFirst();
  const keys = db.selectFrom("api_keys").select(["id", "secret_hash", "scopes", "expires_at"]).where("school_id", "=", schoolId);
  // Not those that a call has made.
  const many = (await keys.orderBy("id").execute()).filter(({ scopes }) => scopes.length === SCOPES.length);
  return {
    ...Object.fromEntries(await Promise.all(entries)),
    providers: JSON.stringify(providers),
    school: JSON.stringify(school),
    keys: JSON.stringify(many),
  };
}

onEachDatabase((_open, openStore) => {
  const suite = suiteScope();
  let rights: Rights;
  before(async () => {
    rights = await openRights(suite, await openStore());
  });

  test("the routes of this test are those of the API", () => {
    const ids = rights.school.routes.map(({ id }) => id).sort();
    const documented = Object.values(wholeDocument()["paths"] as Record<string, Record<string, { operationId: string }>>)
      .flatMap((methods) => Object.values(methods).map(({ operationId }) => operationId))
      .sort();
    assert.deepEqual(ids, documented);
  });

  test("every route refuses who lacks a role or a credential, as `lacks` decides; a refused call changes nothing", async (t) => {
    const { school, ownThings, people } = rights;
    const answers = { "sign-in": [401, "not-signed-in"], role: [403, "refused-by-rule"] } as const;
    let calls = 0;
    const wrong = await tryRefused(rights, async (route) => {
      const mistakes: string[] = [];
      for (const lack of ["sign-in", "role"] as const) {
        const letter = LETTERS.find((one) => lacks(people[one].actor, route.access) === lack);
        if (!letter) continue;
        const { status, text } = await send(school, route, ownThings, people[letter].token);
        const [wanted, code] = answers[lack];
        calls++;
        if (status !== wanted || !text.includes(`"code":"${code}"`))
          mistakes.push(`${cellName(route, letter, true)}: lacks ${lack}, got ${status} ${text.slice(0, 200)}`);
      }
      return mistakes;
    });
    assert.deepEqual(wrong, []);
    t.diagnostic(`${calls} calls`);
  });

  test("every route does for every role what it states, in the own school and in another; a refused call changes nothing", async (t) => {
    const { school, attempt, own, other, people } = rights;
    const cells = school.routes.flatMap((route) => cellsOf(rights, route));
    // The others have the answer of `lacks`, which the API asks before the route.
    const decided = cells.filter(({ lack }) => lack !== null);
    const wrong = decided.flatMap((cell) =>
      cell.wanted === "-" ? [] : [`${nameOf(cell)}: wanted ${cell.wanted}, lacks ${cell.lack}`],
    );
    const requested = Map.groupBy(
      cells.filter(({ lack }) => lack === null),
      ({ route }) => route,
    );
    const tryAllowed = async (cell: Cell): Promise<void> => {
      // A session may end by what is done in it.
      const token = await own.signIn(cell.letter, true);
      await leaveRoom(school.service.db, cell.route);
      const fresh = KEPT_IN_MEMORY.includes(cell.route.id) ? { things: await (cell.isOwn ? own : other).fresh() } : {};
      wrong.push(...(await trial(school, { ...cell, ...fresh }, token)));
      await settled(school.service.db);
    };
    wrong.push(
      ...(await tryRefused(rights, async (route) => {
        const refused = requested.get(route)?.filter(({ wanted }) => wanted !== "+") ?? [];
        return (await Promise.all(refused.map((cell) => trial(school, cell, people[cell.letter].token)))).flat();
      })),
    );
    for (const [route, all] of requested) {
      const allowed = all.filter(({ wanted }) => wanted === "+");
      if (route.method === "GET")
        await attempt(async () => {
          for (const cell of allowed) wrong.push(...(await trial(school, cell, people[cell.letter].token)));
        });
      else for (const cell of allowed) await attempt(() => tryAllowed(cell));
    }
    assert.deepEqual(wrong, []);
    t.diagnostic(`${cells.length} cells: ${decided.length} decided by \`lacks\`, ${cells.length - decided.length} by requests`);
  });

  test("an API key does what its scopes say, and never shows a secret without the scope of that secret", async () => {
    const { school, attempt, own, ownThings: things } = rights;
    const { db } = school.service;
    const having = new Map<Scope, string>();
    const without = new Map<Scope, string>();
    const platform = new Map<Scope, string>();
    for (const scope of SCOPES) {
      const others = SCOPES.filter((one) => one !== scope);
      having.set(scope, await own.key([scope]));
      without.set(scope, await own.key(others));
      platform.set(scope, await insertKey(db, null, others));
    }
    const actors = await Promise.all([...having].map(async ([scope, key]) => ({ scope, actor: await actorOf(school, key) })));
    const wrong = await tryRefused(rights, async (route) => {
      const { scope } = route.access;
      const mistakes = actors
        .filter((one) => one.scope !== scope && lacks(one.actor, route.access) === null)
        .map((one) => `${route.id} with only ${one.scope}: lacks nothing`);
      for (const key of [without.get(scope), platform.get(scope)]) {
        const { status } = await send(school, route, things, key ?? "");
        if (status !== 403) mistakes.push(`${route.id} without ${scope}: ${status}`);
      }
      return mistakes;
    });
    for (const route of school.routes) {
      const { roles, scope } = route.access;
      if (roles !== "everybody" && !roles.includes("administrator")) continue;
      const needed = route.id.endsWith("ApiKey") ? ["lessons:read"] : SCOPES_OF_ROLE.student;
      const { status, text } = await attempt(async () => {
        const key = GIVING_RIGHTS.includes(route.id) ? await own.key([scope, ...needed]) : (having.get(scope) ?? "");
        await leaveRoom(db, route);
        const answer = await send(school, route, KEPT_IN_MEMORY.includes(route.id) ? await own.fresh() : things, key);
        await settled(db);
        return answer;
      });
      // Without a person's account behind it, joining by id is for guests with the code.
      const isForPeople = [...FOR_PEOPLE, "joinLesson", "enterExamination", "admitScreen"].includes(route.id);
      // A key is nobody who watches, and no download, watcher's link or session of a player is its own. The school has no logo, no provider of SAML, and no file of an answer.
      const isNobodys = [
        "reportTamper",
        "getDownload",
        "cancelDownload",
        "changeTranscriptLine",
        "watch",
        "getLogo",
        "getServiceMetadata",
        "readExamResult",
        "readOwnExamFile",
        "readExamResultFile",
        "getExamAnswerFile",
        "getPaperFile",
        "getExamPaperFile",
        "openExamStreams",
        "answerExamTalk",
      ].includes(route.id);
      // A class has no picture of a small lesson, and its lesson has shown no page.
      const isRefused = [...OF_OTHER_LESSONS, ...WITHOUT_MAIL].includes(route.id);
      // The server allows no load tests.
      const isOff = ["beginLoadTest", "endLoadTests"].includes(route.id);
      // No television waits.
      const hasExpired = route.id === "askScreen";
      const expected = isForPeople || isOff ? 403 : isNobodys ? 404 : isRefused ? 409 : hasExpired ? 410 : route.status;
      if (status !== expected) wrong.push(`${route.id} with ${scope}: ${status} ${text}`);
      for (const [secret, of] of [
        [things.publishKey, "publish-keys:write"],
        [things.webhookSecret, "webhook-secrets:write"],
      ] as const)
        if (scope !== of && text.includes(secret)) wrong.push(`${route.id} with ${scope} shows a secret`);
      if (text.includes(things.streamSecret)) wrong.push(`${route.id} with ${scope} shows the secret of an address`);
    }
    assert.deepEqual(wrong, []);
  });

  test("no change by a key with a student's scopes and its own touches what lets staff in: accounts, sessions, second factors, keys, providers, settings, courses", async (t) => {
    const { school, attempt, own, ownThings } = rights;
    const { db } = school.service;
    const strong = await own.key([...SCOPES]);
    const keys = db.selectFrom("api_keys").select("id").where("secret_hash", "=", hashSecret(strong));
    const { id: keyId } = await keys.executeTakeFirstOrThrow();
    const [wrong, tried]: [string[], Set<string>] = [[], new Set()];
    for (const route of school.routes.filter(({ method }) => method !== "GET"))
      for (const person of /userId|scimUserId/.test(route.path) ? (["A", "T"] as const) : (["T"] as const))
        await attempt(async () => {
          const fresh = KEPT_IN_MEMORY.includes(route.id) ? await own.fresh() : ownThings;
          const key = await own.key([...new Set([...SCOPES_OF_ROLE.student, route.access.scope])]);
          const before = await doorsOf(db, own);
          await send(school, route, { ...fresh, userId: own.people[person], keyId }, key);
          await settled(db);
          const after = await doorsOf(db, own);
          const changed = Object.keys(before).filter((door) => after[door] !== before[door]);
          if (changed.length > 0 && !TRUSTED[route.id]?.includes(person))
            wrong.push(`${route.id} of ${person}: ${changed.join(", ")}`);
          tried.add(route.id);
        });
    assert.deepEqual(wrong, []);
    t.diagnostic(`${tried.size} routes`);
  });

  test("a key manages accounts of a role only with every scope of that role", async () => {
    const { school, own } = rights;
    const { call, service, ok } = school;
    const ids = { ...own.people };
    const roleOf = { A: "administrator", T: "teacher", S: "assistant", U: "student", P: "supervisor" } as const;
    for (const [letter, role] of Object.entries(roleOf) as [keyof typeof roleOf, (typeof roleOf)[keyof typeof roleOf]][]) {
      const needed = SCOPES_OF_ROLE[role];
      const attempts = (login: string) =>
        [
          ["POST", "/users", { schoolId: own.schoolId, login, name: "x", role, password: "a long one, 1234" }],
          ["PATCH", `/users/${ids[letter]}`, { password: "a long one, 1234" }],
          ["PATCH", `/users/${ids[letter]}`, { email: "attacker@example.com" }],
          ["PATCH", `/users/${ids.U}`, { role }],
          ["POST", `/users/${ids[letter]}/password-reset`, undefined],
          ["POST", "/account-invitations/slips", { schoolId: own.schoolId, userIds: [ids[letter]], alsoSignedIn: true }],
        ] as const;
      for (const missing of needed.filter((scope) => scope !== "people:write")) {
        const key = await own.key(needed.filter((scope) => scope !== missing));
        for (const [method, path, body] of attempts(`${role}-${missing.replace(":", "-")}`)) {
          const answer = await call(method, path, { as: key, body });
          assert.deepEqual(
            [answer.status, answer.body.code],
            [403, "refused-by-rule"],
            `${method} ${path} ${role} without ${missing}`,
          );
          assert.match(answer.body.detail, new RegExp(missing));
        }
      }
      const key = await own.key(needed);
      for (const [method, path, body] of attempts(role)) {
        const { status } = await call(method, path, { as: key, body });
        assert.ok(status < 300, `${method} ${path} ${role} with all: ${status}`);
      }
      await ok("PATCH", `/users/${ids.U}`, { body: { role: "student" } });
    }
    const platform = await insertKey(
      service.db,
      null,
      SCOPES.filter((scope) => scope !== "system:write"),
    );
    const operator = { login: "op", name: "Op", role: "operator", password: "a long one, 1234" };
    assert.equal((await call("POST", "/users", { as: platform, body: operator })).status, 403);
    assert.equal((await call("POST", `/users/${ids.O}/password-reset`, { as: platform })).status, 403);
  });

  test("the scopes of a role are those of the routes that it may use, and a change needs a scope to write", () => {
    const { routes } = rights.school;
    for (const [role, scopes] of Object.entries(SCOPES_OF_ROLE)) {
      const used = routes.filter(({ access }) => access.roles !== "everybody" && access.roles.some((one) => one === role));
      const missing = used.filter(({ access }) => !scopes.includes(access.scope)).map(({ id }) => id);
      assert.deepEqual(missing, [], role);
    }
    const reading = routes.filter(({ method, access }) => method !== "GET" && access.scope.endsWith(":read"));
    const forThemselves = ["createMyCalendar", "noteResumePosition", "practiseWrongAnswer", "markWrongAnswer"];
    const changingNothing = ["explainAccess"];
    assert.deepEqual(reading.map(({ id }) => id).sort(), [...OPEN_CHANGES, ...forThemselves, ...changingNothing].sort());
    assert.deepEqual(
      routes.filter(({ method, access }) => method === "GET" && access.scope.endsWith(":write")).map(({ id }) => id),
      [],
    );
  });
});

type Cell = {
  readonly route: ApiRoute;
  readonly letter: Letter;
  readonly isOwn: boolean;
  readonly things: Things;
  readonly wanted: string;
  readonly lack: ReturnType<typeof lacks>;
};

function cellsOf({ people, ownThings, otherThings }: Rights, route: ApiRoute): Cell[] {
  const [own, other] = route.rights;
  const cells = (wanted: string, isOwn: boolean) =>
    LETTERS.slice(0, wanted.length).map((letter, i) => ({
      route,
      letter,
      isOwn,
      things: isOwn ? ownThings : otherThings,
      wanted: wanted.charAt(i),
      lack: lacks(people[letter].actor, route.access),
    }));
  return [...cells(own, true), ...cells(other ?? "", false)];
}

const nameOf = ({ route, letter, isOwn }: Cell): string => cellName(route, letter, isOwn);

/** One call of a person of the own school about things of a school; what is wrong with the answer. */
async function trial(school: TestSchool, cell: Cell, token: string | null): Promise<string[]> {
  const { route, letter, isOwn, things, wanted } = cell;
  const { status, text } = await send(school, route, things, token);
  // Who may order a picture or a film is told that the lesson has none.
  const isDone =
    status < 300 ||
    ([...OF_OTHER_LESSONS, ...NOT_TAKEN, ...WITHOUT_SUPERVISION, ...WITHOUT_MAIL, ...NOT_NEEDED].includes(route.id) &&
      status === 409);
  const got = isDone ? "+" : [404, 410].includes(status) ? "0" : [401, 403].includes(status) ? "-" : `${status}`;
  const name = nameOf(cell);
  const wrong: string[] = [];
  if (got !== wanted) wrong.push(`${name}: wanted ${wanted}, got ${status} ${text.slice(0, 200)}`);
  const teaches = letter === "O" || (isOwn && "AT".includes(letter));
  const administers = letter === "O" || (isOwn && letter === "A");
  if (!teaches && text.includes(things.publishKey)) wrong.push(`${name}: shows the publish key`);
  if (!administers && text.includes(things.webhookSecret)) wrong.push(`${name}: shows the webhook's secret`);
  if (text.includes("argon2id") || text.includes(things.token) || text.includes(things.streamSecret))
    wrong.push(`${name}: shows what nobody may see`);
  return wrong;
}
