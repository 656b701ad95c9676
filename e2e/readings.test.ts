/** Who looked at whom is in the audit log: each route that names people says so, or why not. Shares a process. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { z } from "zod";
import { documentedRoutes } from "../packages/client/src/documented-routes.ts";
import type { ApiRoute } from "../packages/server/src/access/route.ts";
import { onPostgresFirst } from "./school-databases.ts";

/** Fields that only people have. */
const OF_PEOPLE = new Set(["userId", "participantId", "childId", "login", "email", "ip", "person", "actor"]);
/** Answers whose content no schema tells. */
const OPAQUE = ["text/csv", "text/calendar", "text/plain", "application/pdf"];

/** Whether an answer can have what belongs to a person, or anything at all. */
function namesPeople(schema: unknown): boolean {
  if (typeof schema !== "object" || schema === null) return false;
  if (Array.isArray(schema)) return schema.some(namesPeople);
  const others: unknown = Reflect.get(schema, "additionalProperties");
  const isAnything = typeof others === "object" && others !== null && Object.keys(others).length === 0;
  const fields: unknown = Reflect.get(schema, "properties");
  const names = typeof fields === "object" && fields !== null ? Object.keys(fields) : [];
  return isAnything || names.some((name) => OF_PEOPLE.has(name)) || Object.values(schema).some(namesPeople);
}

function undeclared(routes: readonly ApiRoute[]): string[] {
  const tellsOfPeople = ({ answer, answerType }: ApiRoute): boolean =>
    OPAQUE.some((type) => answerType?.startsWith(type)) ||
    (answer !== null && answerType === undefined && namesPeople(z.toJSONSchema(answer, { io: "input", unrepresentable: "any" })));
  return routes.filter((one) => one.method === "GET" && one.reads === undefined && tellsOfPeople(one)).map(({ id }) => id);
}

test("every GET whose answer names people says what is read, or why it is not in the audit log", () => {
  const routes = documentedRoutes();
  assert.deepEqual(undeclared(routes), []);
  const silent = routes.map(({ reads: _, ...rest }) => rest);
  for (const id of [
    "listUsers",
    "getUser",
    "listAttendance",
    "listCourseResults",
    "exportAttendanceCsv",
    "getPersonArchive",
    "listAudit",
  ])
    assert.ok(undeclared(silent).includes(id), `${id} would not be missed`);
});

onPostgresFirst((open) => {
  test("staff who look at pupils are in the log and in the pupil's own data; pupils are not", async (t) => {
    const { ok, service, person } = await open(t);
    const { id: schoolId } = (await ok("GET", "/schools")).items[0];
    const head = await person(schoolId, "administrator", "head");
    const anna = await person(schoolId, "student", "anna");
    const course = await ok("POST", "/courses", { body: { name: "Maths" } });
    await ok("PUT", `/courses/${course.id}/members/${anna.id}`, { body: { role: "student" } });
    for (const path of [`/users/${anna.id}`, `/courses/${course.id}/members`, "/users?limit=1", "/exports/attendance.csv"])
      await ok("GET", path, { as: head.token });
    await ok("GET", "/courses", { as: anna.token });
    await ok("GET", `/courses?schoolId=${schoolId}`);
    await service.writeReadings();

    const { items } = await ok("GET", `/audit?schoolId=${schoolId}&kind=readings`);
    assert.deepEqual(
      items
        .map(({ actor, action, target }: Entry) =>
          `${actor.name}: ${action} ${target.kind} ${target.id === anna.id ? "anna" : ""}`.trim(),
        )
        .toSorted(),
      [
        "The administrator: read.export school",
        "The administrator: read.people course",
        "The administrator: read.people school",
        "The administrator: read.person user anna",
        "operator: read.school school",
      ],
    );
    const changes = await ok("GET", `/audit?schoolId=${schoolId}&kind=changes`);
    assert.ok(changes.items.length > 0 && changes.items.every(({ action }: Entry) => !action.startsWith("read.")));

    const archive = await ok("GET", `/users/${anna.id}/archive`, { as: anna.token });
    const told = archive.audit.filter(({ action }: Entry) => action.startsWith("read."));
    assert.deepEqual(
      told.map(({ actor, action, ip }: Entry) => [actor.name, action, ip]),
      [
        ["The administrator", "read.person", ""],
        ["The administrator", "read.people", ""],
      ],
    );
  });
});

type Entry = {
  readonly actor: { readonly name: string };
  readonly action: string;
  readonly ip: string;
  readonly target: { readonly kind: string; readonly id: string };
};
