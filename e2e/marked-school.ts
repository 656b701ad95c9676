/**
 * Fills a school with texts that try to be scripts: every field of every operation of the API that takes a text, as the people who may send it, and
 * what the server has from elsewhere, such as the names of browsers and the texts on slides.
 */
import assert from "node:assert/strict";
import { documentedRoutes, wholeDocument } from "../packages/client/src/documented-routes.ts";
import type { ApiRoute } from "../packages/server/src/access/route.ts";
import { json } from "../packages/server/src/platform/store/store.ts";
import type { Database } from "../packages/server/src/school/foundation/store/tables.ts";
import { ask, type Body } from "./lesson-client.ts";
import { MarkedTexts, type Refused, type Schema } from "./marked-texts.ts";
import { PASSWORD } from "./school.ts";
import { LETTERS, type Letter, type SchoolWorld, type Things } from "./school-world.ts";

type Content = Readonly<Record<string, { readonly schema: Schema }>>;
type Operation = { readonly operationId: string; readonly requestBody?: { readonly content: Content } };
type Document = {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
};

/** Who calls an operation: the first of these who may, as its route says. */
const ASKERS = ["A", "T", "O", "U", "G"] as const satisfies readonly Letter[];
/** A body is tried so often before it is given up: some of its fields may refuse several forms. */
const TRIES = 12;
const ORDER = ["post", "put", "patch"];

export type MarkedSchool = {
  readonly texts: MarkedTexts;
  /** Marks of texts that an operation has taken. */
  readonly stored: ReadonlySet<number>;
  /** Fields that some operation has, as `operation field.field`. */
  readonly fields: ReadonlySet<string>;
  /** Operations that took none of their bodies, and how the last was answered. */
  readonly failed: ReadonlyMap<string, string>;
  /** Ids of things that were made with marked texts, by the name of their parameter. */
  readonly made: ReadonlyMap<string, readonly string[]>;
};

/** What the document cannot say of a body, by operation. */
export type Hints = Readonly<Record<string, (body: Body, things: Things) => Body>>;

export async function fillSchool(
  server: { readonly http: string },
  world: SchoolWorld,
  things: Things,
  { hints, skipped }: { readonly hints: Hints; readonly skipped: ReadonlySet<string> },
): Promise<MarkedSchool> {
  const document: Document = JSON.parse(JSON.stringify(wholeDocument()));
  const known = new Map<string, string>(Object.entries({ ...things, teacherId: world.people.T, password: PASSWORD }));
  // Texts that have these names are no ids.
  for (const name of ["name", "code", "app", "token", "secret"]) known.delete(name);
  const texts = new MarkedTexts(document.components.schemas, known);
  const askers = new Map(documentedRoutes().map((route) => [route.id, askerOf(route)]));
  const stored = new Set<number>();
  const fields = new Set<string>();
  const failed = new Map<string, string>();
  const made = new Map<string, string[]>();

  const fill = async (method: string, path: string, { operationId, requestBody }: Operation): Promise<void> => {
    const schema = requestBody?.content["application/json"]?.schema;
    if (!schema || skipped.has(operationId)) return;
    const token = await world.signIn(askers.get(operationId) ?? "A", false);
    let [isDone, last] = [false, ""];
    for (let variant = 0; variant < texts.variants(schema); variant++) {
      const refused: Refused = new Map();
      for (let attempt = 0; attempt < TRIES; attempt++) {
        const { value, marks, fields: of } = texts.body(operationId, schema, variant, refused);
        for (const field of of) fields.add(field);
        const sent = hints[operationId]?.(value, things) ?? value;
        const answer = await ask(server, method.toUpperCase(), pathOf(path, things), sent, token);
        last = `${answer.status} ${JSON.stringify(answer.body).slice(0, 300)}`;
        if (answer.status < 300) {
          isDone = true;
          const text = JSON.stringify(sent);
          for (const mark of marks) if (text.includes(`m${mark}z`)) stored.add(mark);
          remember(made, path, answer.body);
          break;
        }
        const bad: readonly { path: string }[] = answer.body?.errors ?? [];
        if (answer.status !== 400 || bad.length === 0) break;
        for (const { path: at } of bad) refused.set(at, (refused.get(at) ?? 0) + 1);
      }
    }
    if (!isDone) failed.set(operationId, last);
  };

  for (const method of ORDER)
    for (const [path, operations] of Object.entries(document.paths)) {
      const operation = operations[method];
      if (operation) await fill(method, path, operation);
    }
  return { texts, stored, fields, failed, made };
}

function askerOf({ rights: [own] }: ApiRoute): Letter {
  return ASKERS.find((letter) => own[LETTERS.indexOf(letter)] === "+") ?? "A";
}

function pathOf(path: string, things: Things): string {
  const ids: Readonly<Record<string, string>> = things;
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(ids[name] ?? (name === "question" ? "q1" : "none")),
  );
  return filled.replace("/api/v1", "");
}

/** The newest come first. */
function remember(made: Map<string, string[]>, path: string, body: Body): void {
  const kind = /\/([a-z-]+)s$/.exec(path)?.[1];
  if (kind === undefined || typeof body?.id !== "string") return;
  made.set(kind, [body.id, ...(made.get(kind) ?? [])]);
}

/** What comes into the school by other ways than requests with these fields. */
export async function fillFromElsewhere(
  { http }: { readonly http: string },
  db: Database,
  world: SchoolWorld,
  things: Things,
  texts: MarkedTexts,
): Promise<ReadonlySet<number>> {
  const first = texts.marks.size + 1;
  const login = { login: world.people.A, password: PASSWORD };
  const agent = texts.mark("browser");
  await fetch(`${http}/api/v1/sessions`, {
    method: "POST",
    headers: { "content-type": "application/json", "user-agent": agent, referer: `https://elsewhere.example/${agent}` },
    body: JSON.stringify(login),
  });
  await db
    .updateTable("material_pages")
    .set({ text: texts.mark("slide text"), notes: texts.mark("slide notes") })
    .where("material_id", "=", things.materialId)
    .execute();
  await db
    .updateTable("materials")
    .set({ filename: texts.mark("file name"), title: texts.mark("material title") })
    .where("id", "=", things.materialId)
    .execute();
  await db
    .updateTable("exam_attempts")
    .set({ name: texts.mark("candidate name") })
    .where("id", "=", things.attemptId)
    .execute();
  await db
    .updateTable("participants")
    .set({ name: texts.mark("participant name") })
    .where("id", "=", things.participantId)
    .execute();
  await db
    .updateTable("recordings")
    .set({ title: texts.mark("recording title"), chapters: json([{ seconds: 1, title: texts.mark("chapter") }]) })
    .where("id", "=", things.recordingId)
    .execute();
  await db
    .updateTable("users")
    .set({ name: texts.mark("person's name") })
    .where("id", "in", [world.people.T, world.people.U])
    .execute();
  await sayInRoom({ http }, await world.signIn("T", false), things, texts);
  return new Set(Array.from({ length: texts.marks.size + 1 - first }, (_, i) => first + i));
}

/** What is said in a lesson's room: its kinds are not in the API's document. */
async function sayInRoom(
  server: { readonly http: string },
  token: string | null,
  { lessonId, participantId }: Things,
  texts: MarkedTexts,
): Promise<void> {
  const question = { action: "open", type: "single", text: texts.mark("quiz text"), options: [texts.mark("quiz option"), "b"] };
  const said: readonly object[] = [
    { kind: "chat", text: texts.mark("chat") },
    { kind: "announcement", action: "post", text: texts.mark("announcement") },
    { kind: "question", action: "ask", text: texts.mark("room question") },
    { kind: "quiz", ...question },
    { kind: "signin", action: "open", title: texts.mark("sign-in title", 100) },
    { kind: "star", action: "give", person: participantId },
  ];
  for (const [i, entry] of said.entries()) {
    const { status, body } = await ask(server, "POST", `/lessons/${lessonId}/room/entries`, { id: `said-${i}`, ...entry }, token);
    assert.ok(status < 300, JSON.stringify([entry, body]));
  }
}
