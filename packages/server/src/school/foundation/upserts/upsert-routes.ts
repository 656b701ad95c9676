/**
 * Makes the API routes that create or change objects by their id in the school's own system: one at a time, and many in a batch. Both may be
 * repeated: what is already as the request says is left alone.
 */
import { z } from "zod";
import type { Actor, Role, Scope } from "../../../access/actor.ts";
import { type ApiRoute, route } from "../../../access/route.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import type { Language } from "../../../platform/messages/language.ts";
import { brokenUniqueness } from "../../../platform/store/database-errors.ts";
import { schoolText } from "../messages/school-texts.ts";
import { externalId, id } from "../requests/fields.ts";
import { requires } from "../requests/permissions.ts";
import type { RouteContext } from "../requests/route-context.ts";
import { targetSchool } from "../schools/scope.ts";
import type { Change } from "../store/change.ts";
import type { School } from "../store/tables.ts";

/** Each item is a transaction of its own, so a batch holds up nobody. */
const MAX_ITEMS = 500;
const BATCH_BYTES = 8 * 1024 * 1024;

const RESULTS = ["created", "changed", "unchanged"] as const;
export type Upserted = { readonly id: string; readonly result: (typeof RESULTS)[number] };

/** One object as it should be. */
export type UpsertCall<Fields> = {
  readonly change: Change;
  readonly actor: Actor;
  readonly school: School;
  readonly externalId: string;
  readonly fields: Fields;
};

export type UpsertOptions<S extends z.ZodRawShape> = {
  /** Of the operation ids: `User` makes upsertUser and upsertUsers. */
  readonly name: string;
  readonly path: string;
  readonly tag: string;
  readonly what: string;
  readonly scope: Scope;
  readonly roles: readonly Role[];
  readonly fields: S;
  readonly upsert: (call: UpsertCall<z.output<z.ZodObject<S>>>) => Promise<Upserted>;
};

const upsertedShape = z.object({ id, result: z.enum(RESULTS) }).meta({ id: "Upserted" });
const problemShape = z
  .object({ status: z.int(), code: z.string(), detail: z.string() })
  .nullable()
  .describe("Why the item was refused: as the body of a refused request.");
const batchResultShape = z
  .object({
    results: z
      .array(
        z.object({ externalId: z.string(), id: id.nullable(), result: z.enum([...RESULTS, "refused"]), problem: problemShape }),
      )
      .describe("In the order of the items. Items beside a refused one are saved."),
  })
  .meta({ id: "BatchResult" });

export function upsertRoutes<S extends z.ZodRawShape>(context: RouteContext, options: UpsertOptions<S>): ApiRoute[] {
  return [upsertOneRoute(context, options), upsertManyRoute(context, options)];
}

function upsertOneRoute<S extends z.ZodRawShape>({ changes }: RouteContext, options: UpsertOptions<S>): ApiRoute {
  const { name, path, tag, what, scope, roles, upsert } = options;
  return route({
    id: `upsert${name}`,
    method: "PUT",
    path: `${path}/external/:externalId`,
    tag,
    summary: `Create or change ${what} by its id in the school's own system`,
    access: requires(scope, ...roles),
    rights: ["++------", "+0------"],
    params: z.strictObject({ externalId }),
    query: z.strictObject({ schoolId: id.optional() }),
    body: z.strictObject(options.fields),
    status: 200,
    answer: upsertedShape,
    refusals: ["not-found", "conflict", "database-away"],
    handle: async ({ actor, params, query, body: fields }) => {
      const done = changes.transact({ actor }, async (change) => {
        const school = await targetSchool(change.trx, actor, query.schoolId);
        return { body: await upsert({ change, actor, school, externalId: params.externalId, fields }) };
      });
      return await done.catch(raiseConflict);
    },
  });
}

function upsertManyRoute<S extends z.ZodRawShape>({ db, changes }: RouteContext, options: UpsertOptions<S>): ApiRoute {
  const { name, path, tag, what, scope, roles, upsert } = options;
  return route({
    id: `upsert${name}s`,
    method: "POST",
    path: `${path}/batch`,
    tag,
    summary: `Create or change up to ${MAX_ITEMS} objects, each ${what}, by their ids in the school's own system`,
    access: requires(scope, ...roles),
    rights: ["++------", "+0------"],
    query: z.strictObject({ schoolId: id.optional() }),
    body: z.strictObject({
      items: z
        .array(z.strictObject({ externalId, ...options.fields }))
        .min(1)
        .max(MAX_ITEMS),
    }),
    bodyLimit: BATCH_BYTES,
    status: 200,
    answer: batchResultShape,
    refusals: ["not-found", "too-large", "database-away"],
    handle: async ({ actor, query, body, language }) => {
      const school = await targetSchool(db, actor, query.schoolId);
      const results = [];
      for (const item of body.items as readonly ({ externalId: string } & z.output<z.ZodObject<S>>)[]) {
        const { externalId: itemId, ...fields } = item;
        const done = changes.transact({ actor }, async (change) => ({
          body: await upsert({ change, actor, school, externalId: itemId, fields: fields as never }),
        }));
        const result = await done.then(({ body: upserted }) => ({ ...upserted, problem: null }), refusedItem(language));
        results.push({ externalId: itemId, ...result });
      }
      return { body: { results } };
    },
  });
}

/** The result of an item that was refused; any other error ends the request, which can be repeated. */
function refusedItem(language: Language) {
  return (error: unknown) => {
    const refused = toRefusal(error);
    if (!refused) throw error;
    const { status, code, detail } = refused.refusal.problem(language);
    return { id: null, result: "refused" as const, problem: { status, code, detail } };
  };
}

function raiseConflict(error: unknown): never {
  throw toRefusal(error) ?? error;
}

function toRefusal(error: unknown): RefusalError | null {
  if (error instanceof RefusalError) return error;
  return brokenUniqueness(error) === null ? null : new RefusalError("conflict", schoolText("taken-by-another"));
}
