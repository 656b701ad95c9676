/**
 * Makes the API routes of a resource: rows of one table that are listed, created, got, changed and deleted. What all resources share is here: who
 * reaches which rows, pages, versions (ETag and If-Match), repeated requests (Idempotency-Key), limits, and the audit log. A resource declares its
 * table, its shapes and its rules (`declaration.ts`); routes that only one resource has are written by hand beside these.
 */
import { z } from "zod";
import type { Actor } from "../../../access/actor.ts";
import { type ApiRoute, route } from "../../../access/route.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { newId } from "../../../platform/id.ts";
import { id, idParam } from "../requests/fields.ts";
import { pageOf, paging, toPage } from "../requests/paging.ts";
import { conflictAs, type RouteContext } from "../requests/route-context.ts";
import { schoolScope, targetSchool } from "../schools/scope.ts";
import { type Change, checkVersion } from "../store/change.ts";
import type { Db } from "../store/tables.ts";
import { deleteRow, updateRow, type VersionedTable } from "../store/update-row.ts";
import type {
  Body,
  ChangeOptions,
  CreateOptions,
  Declaration,
  DeleteOptions,
  EntryValues,
  ListOptions,
  Matching,
  Maybe,
  NewRow,
  OwnPrivacy,
  Reader,
  RouteOptions,
  Row,
  SchoolOf,
} from "./declaration.ts";
import { assertQuota } from "./limit.ts";
import { insertRow, type PageOptions, readPage, readRow } from "./rows.ts";

/** @param context the database, and the way to change it */
export function resource<T extends VersionedTable, S extends z.ZodType>(
  context: Pick<RouteContext, "db" | "changes">,
  declaration: Declaration<T, S> & OwnPrivacy<T>,
): Resource<T, S> {
  return new Resource(context, declaration);
}

/** Each of the first five methods makes a route, with the name of its operation; `find`, `page` and `add` are for routes by hand. */
export class Resource<T extends VersionedTable, S extends z.ZodType> {
  private readonly context: Pick<RouteContext, "db" | "changes">;
  private readonly declaration: Declaration<T, S>;
  private readonly collection: string;
  private readonly parameter: string;

  constructor(context: Pick<RouteContext, "db" | "changes">, declaration: Declaration<T, S>) {
    this.context = context;
    this.declaration = declaration;
    const place = declaration.path.lastIndexOf("/:");
    this.collection = declaration.path.slice(0, place);
    this.parameter = declaration.path.slice(place + "/:".length);
  }

  list<Q extends z.ZodRawShape>(operation: string, { summary, rights, query, where, newestFirst }: ListOptions<T, Q>): ApiRoute {
    const { table, privacy, tag, read: access, owner, shape } = this.declaration;
    const ofSchool = owner === "platform" ? {} : { schoolId: id.optional() };
    return route({
      id: operation,
      method: "GET",
      path: this.collection,
      tag,
      summary,
      access,
      rights,
      table,
      ...(privacy ? { privacy } : {}),
      query: z.strictObject({ ...paging, ...ofSchool, ...query }),
      status: 200,
      answer: pageOf(shape),
      refusals: owner === "platform" ? ["database-away"] : ["not-found", "database-away"],
      handle: async ({ query: sent, actor, language, origin }) => {
        // The schema has the fields of `query` too, and the school where the rows have one.
        const asked = sent as unknown as RequestedPage<T> & z.output<z.ZodObject<Q>>;
        const { limit, cursor, schoolId } = asked;
        const filters = where && ((matching: Matching<T>) => where(matching, asked));
        const reader = { db: this.context.db, actor, language, origin };
        return { body: await this.page(reader, { limit, cursor, schoolId, newestFirst, where: filters }) };
      },
    });
  }

  create<B extends Body, A extends z.ZodType = S>(operation: string, options: CreateOptions<T, A, B>): ApiRoute {
    const { table, tag, write: access, limit, shape } = this.declaration;
    const { summary, rights, body, bodyLimit, taken, refusals = [], answer, isRepeatable = true } = options;
    return route({
      id: operation,
      method: "POST",
      path: this.collection,
      tag,
      summary,
      access,
      rights,
      table,
      body,
      ...(bodyLimit === undefined ? {} : { bodyLimit }),
      status: 201,
      answer: answer?.shape ?? shape,
      creates: isRepeatable,
      refusals: ["not-found", ...(taken || limit ? (["conflict"] as const) : []), ...refusals, "database-away"],
      handle: async ({ body: sent, language, origin, ...requester }) => {
        const { actor } = requester;
        const created = this.context.changes.transact(isRepeatable ? requester : { actor }, async (change) => {
          const { trx } = change;
          const schoolId = await (options.ownerOf?.(trx, actor, sent) ?? this.ownerNamed(trx, actor, sent));
          const row = await this.add(change, schoolId, (rowId) => options.row(sent, { trx, actor, id: rowId, origin, schoolId }));
          await options.also?.(change, row);
          return { body: answer ? answer.present(row) : await this.present({ db: change.trx, actor, language, origin }, row) };
        });
        return await (taken ? created.catch(conflictAs(taken)) : created);
      },
    });
  }

  get(operation: string, { summary, rights }: RouteOptions): ApiRoute {
    const { table, path, tag, read: access, shape: answer } = this.declaration;
    return route({
      id: operation,
      method: "GET",
      path,
      tag,
      summary,
      access,
      rights,
      table,
      params: idParam(this.parameter),
      status: 200,
      answer,
      refusals: ["not-found", "database-away"],
      handle: async ({ params, actor, language, origin }) => {
        const { db } = this.context;
        return { body: await this.present({ db, actor, language, origin }, await this.find(db, actor, this.idIn(params))) };
      },
    });
  }

  change<B extends Body>(operation: string, options: ChangeOptions<T, B>): ApiRoute {
    const { table, path, tag, write: access, shape: answer } = this.declaration;
    const { summary, rights, body, bodyLimit, taken, refusals = [], columns, entry, also } = options;
    return route({
      id: operation,
      method: "PATCH",
      path,
      tag,
      summary,
      access,
      rights,
      table,
      params: idParam(this.parameter),
      body,
      ...(bodyLimit === undefined ? {} : { bodyLimit }),
      status: 200,
      answer,
      changes: true,
      refusals: ["not-found", ...(taken ? (["conflict"] as const) : []), ...refusals, "precondition-failed", "database-away"],
      handle: async ({ params, body: sent, ifMatch, actor, language, origin }) => {
        const changed = this.context.changes.transact({ actor }, async (change) => {
          const { trx } = change;
          const before = await this.find(trx, actor, this.idIn(params));
          checkVersion(before, ifMatch);
          const after = (await updateRow(change, table, before, await columns(sent, before, { trx, actor }))) as Row<T>;
          await this.note(
            change,
            "change",
            after,
            entry?.(before, after) ?? { before: this.audited(before), after: this.audited(after) },
          );
          await also?.(change, after, before, sent);
          return { body: await this.present({ db: trx, actor, language, origin }, after) };
        });
        return await (taken ? changed.catch(conflictAs(taken)) : changed);
      },
    });
  }

  delete(operation: string, options: DeleteOptions<T>): ApiRoute {
    const { table, path, tag, write: access } = this.declaration;
    const { summary, rights, refusals = [], isConditional = true, check, entry, also } = options;
    return route({
      id: operation,
      method: "DELETE",
      path,
      tag,
      summary,
      access,
      rights,
      table,
      params: idParam(this.parameter),
      status: 204,
      answer: null,
      changes: isConditional,
      refusals: ["not-found", ...refusals, ...(isConditional ? (["precondition-failed"] as const) : []), "database-away"],
      handle: ({ params, ifMatch, actor }) =>
        this.context.changes.transact({ actor }, async (change) => {
          const before = await this.find(change.trx, actor, this.idIn(params));
          checkVersion(before, ifMatch);
          await check?.(change, before, actor);
          await deleteRow(change, table, before);
          await this.note(change, "delete", before, entry?.(before) ?? { before: this.audited(before) });
          await also?.(change, before);
          return { body: null };
        }),
    });
  }

  /** @throws RefusalError not-found, where the actor reaches no such row */
  async find(db: Db, actor: Actor, rowId: string): Promise<Row<T>> {
    const row = await readRow(db, this.declaration, actor, rowId);
    if (!row) throw new RefusalError("not-found", this.declaration.missing);
    return row;
  }

  /** A page as lists answer with it. @throws RefusalError not-found, where the actor does not reach the school */
  async page(reader: Reader, { schoolId, ...page }: RequestedPage<T>): Promise<{ items: z.input<S>[]; nextCursor: string | null }> {
    const { owner, present } = this.declaration;
    const school = owner === "platform" ? null : schoolScope(reader.actor, schoolId);
    const rows = await readPage(reader.db, this.declaration, reader.actor, { ...page, schoolId: school });
    return toPage(rows, page.limit, await present(reader, rows));
  }

  /**
   * Adds a row in a change, within the limit and with its audit entry.
   * @param columns besides the id and the school
   * @throws RefusalError not-found, where there is no such school; conflict, where it has as many rows as it may have
   */
  async add(change: Change, schoolId: SchoolOf<T>, columns: (rowId: string) => Maybe<NewRow<T>>): Promise<Row<T>> {
    const { table, owner, limit } = this.declaration;
    if (limit) await assertQuota(change.trx, table, owner === "platform" ? "everybody" : { school: schoolId }, limit);
    const rowId = newId();
    const ofSchool = owner === "platform" ? {} : { school_id: schoolId };
    const row = await insertRow(change.trx, table, { id: rowId, ...ofSchool, ...(await columns(rowId)) });
    await this.note(change, "create", row, { after: this.audited(row) });
    return row;
  }

  private async ownerNamed(db: Db, actor: Actor, body: object): Promise<SchoolOf<T>> {
    const { owner } = this.declaration;
    const named: unknown = Reflect.get(body, "schoolId");
    const schoolId = typeof named === "string" ? named : undefined;
    if (owner === "school") return (await targetSchool(db, actor, schoolId)).id as SchoolOf<T>;
    return (owner === "platform" ? null : schoolScope(actor, schoolId)) as SchoolOf<T>;
  }

  private async note(change: Change, verb: "create" | "change" | "delete", row: Row<T>, values: EntryValues): Promise<void> {
    const { kind, committed } = this.declaration;
    const target = { schoolId: row.school_id ?? null, targetKind: kind, targetId: row.id };
    await change.audit({ action: `${kind}.${verb}`, ...target, ...values });
    if (committed) change.afterCommit(() => committed(row));
  }

  private audited(row: Row<T>): Readonly<Record<string, unknown>> {
    return this.declaration.audited?.(row) ?? row;
  }

  private async present(reader: Reader, row: Row<T>): Promise<z.input<S>> {
    return (await this.declaration.present(reader, [row]))(row);
  }

  private idIn(params: Readonly<Record<string, string>>): string {
    return params[this.parameter] ?? "";
  }
}

type RequestedPage<T extends VersionedTable> = Omit<PageOptions<T>, "schoolId"> & { readonly schoolId?: string | undefined };
