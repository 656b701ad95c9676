/**
 * Provides the school in the pictures: two nodes with PostgreSQL between them, people, courses, lessons that are live, planned and over; and a server
 * of its first run.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import type { Browser } from "playwright-core";
import { connectStore } from "../../packages/server/src/platform/store/store.ts";
import type { Tables } from "../../packages/server/src/school/foundation/store/tables.ts";
import { joined, startNats, startNode } from "../cluster.ts";
import { type Lectern, type Scope, startLectern } from "../lectern.ts";
import { ask, done } from "../lesson-client.ts";
import { startPostgres } from "../postgres.ts";
import { type Courses, fillTimetable, giveLessons, type Lessons, openCourses, type Stage } from "./lessons.ts";
import { fillOffice, type Office } from "./office.ts";
import { invitePeople, type People } from "./people.ts";
import { schoolLogo } from "./slides.ts";

const ACCENT = "#1f7a5c";

export type World = {
  readonly server: Lectern;
  readonly people: People;
  readonly courses: Courses;
  readonly lessons: Lessons;
  readonly office: Office;
  /** Of the link by which a father watches the live lesson. */
  readonly watchSecret: string;
  readonly resetToken: string;
  /** The link of a first sign-in. */
  readonly welcomePath: string;
  /** The session of a guest, by the lesson's code. */
  readonly guest: (code: string, name: string) => Promise<string>;
  /** A server that nobody has used yet, with its administrator's session. */
  readonly fresh: { readonly server: Lectern; readonly token: string };
};

export async function openWorld(scope: Scope, browser: Browser): Promise<World> {
  const directory = mkdtempSync(join(tmpdir(), "lectern-pictures-"));
  scope.after(() => rmSync(directory, { recursive: true, force: true }));
  const url = (await startPostgres(scope)).database();
  const nats = await startNats(scope);
  const set = {
    "database.url": url,
    "recording.maxSegmentSeconds": "2",
    "publish.graceSeconds": "1",
    // A person does not open pages so quickly.
    "limits.perPerson": '{"requestsPerSecond": 500, "burst": 5000}',
  };
  const places = (region: string, carriers: string) => ({ "cluster.node.region": region, "cluster.node.carriers": carriers });
  const server = await startNode(scope, nats, "origin-1", "origin,control,edge", { ...set, ...places("east", "[telecom]") });
  const edge = await startNode(scope, nats, "edge-1", "edge", { ...set, ...places("south", "[unicom]") });
  await joined([server, edge]);

  const schoolId = (await done(server, "GET", "/schools")).items[0].id;
  await done(server, "PATCH", `/schools/${schoolId}`, {
    name: "Riverside School 江畔学校",
    timeZone: "Asia/Shanghai",
    accent: ACCENT,
  });
  await done(server, "PUT", `/schools/${schoolId}/logo`, { image: (await schoolLogo(browser)).toString("base64") });
  const people = await invitePeople(server, schoolId);
  const stage: Stage = { scope, server, browser, directory, schoolId, people };
  const courses = await openCourses(stage);
  await fillTimetable(stage, courses);
  const lessons = await giveLessons(stage, courses);
  const store = await connectStore<Tables>({ url, dataDir: directory, log: pino({ level: "silent" }) });
  const office = await fillOffice(stage, courses, lessons, store.db);
  await store.close();

  const watcher = await ask(server, "POST", `/lessons/${lessons.board.id}/watchers`, { name: "李强" }, people.wang.token);
  const { token: resetToken } = await done(server, "POST", `/users/${people.li.id}/password-reset`);
  const newcomer = await done(server, "POST", "/users", { schoolId, login: "he.min", name: "何敏", role: "teacher" });
  const invited = { schoolId, userIds: [newcomer.id], alsoSignedIn: false };
  const { slips } = await done(server, "POST", "/account-invitations/slips", invited);
  return {
    server,
    people,
    courses,
    lessons,
    office,
    resetToken,
    welcomePath: new URL(slips[0].url).pathname,
    watchSecret: new URL(watcher.body.link).hash.slice(1),
    guest: async (code, name) => (await done(server, "POST", `/lessons/${code}/join`, { name })).token,
    fresh: await freshServer(scope),
  };
}

async function freshServer(scope: Scope): Promise<World["fresh"]> {
  const server = await startLectern(scope);
  const password = /^password: (\S+)$/m.exec(server.said())?.[1] ?? "";
  const { body } = await ask(server, "POST", "/sessions", { login: "admin", password }, null);
  return { server, token: body.token };
}
