/** Makes the routes of a kind of resources: RFC 7644 sections 3.3 to 3.6. */
import type { RawBuilder, SqlBool } from "kysely";
import type { Actor } from "../../../access/actor.ts";
import { type ApiRoute, route } from "../../../access/route.ts";
import { API_PREFIX } from "../../../platform/api/route.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import type { Message } from "../../../platform/messages/message.ts";
import { idParam } from "../../foundation/requests/fields.ts";
import { ADMINISTRATORS, requires } from "../../foundation/requests/permissions.ts";
import type { RouteContext } from "../../foundation/requests/route-context.ts";
import { targetSchool } from "../../foundation/schools/scope.ts";
import type { Change } from "../../foundation/store/change.ts";
import type { Db, School } from "../../foundation/store/tables.ts";
import { type Columns, conditionOf, orderOf } from "./conditions.ts";
import { attributeName } from "./filter.ts";
import { type AttributeChange, changesOfPatch, changesOfResource } from "./patch.ts";
import { type Projection, projected } from "./projection.ts";
import { checkTag } from "./provisioning-rights.ts";
import { SCIM_FORM } from "./scim-form.ts";
import { listAnswer, listQuery, type Page, pageOf, projection, schoolOnly, scimAnswer, scimBody, scimList } from "./shapes.ts";

export const SCIM_PATH = "/scim/v2";
export const SCIM_TAG = "Directory (SCIM)";
export const SCIM_ACCESS = requires("scim", ...ADMINISTRATORS);

export type WriteCall = { readonly change: Change; readonly actor: Actor; readonly school: School };
export type Selection = {
  readonly condition: RawBuilder<SqlBool>;
  readonly order: RawBuilder<unknown>;
  readonly direction: "asc" | "desc";
  readonly page: Page;
};
type Resource = Readonly<Record<string, unknown>>;

/** What the routes of one kind need. `Row`: how it is in the database, with all that its tag depends on. */
export type Kind<Row extends { readonly id: string }> = {
  readonly name: "User" | "Group";
  readonly path: "/Users" | "/Groups";
  /** Of the path; what is looked at in the audit log is named after it. */
  readonly param: "userId" | "courseId";
  readonly what: string;
  readonly missing: Message;
  readonly columns: (db: Db) => Columns;
  readonly list: (
    db: Db,
    schoolId: string,
    selection: Selection,
  ) => Promise<{ readonly total: number; readonly rows: readonly Row[] }>;
  readonly find: (db: Db, schoolId: string, id: string) => Promise<Row | null>;
  readonly show: (db: Db, rows: readonly Row[], query: Projection, origin: string) => Promise<readonly Resource[]>;
  readonly tagOf: (row: Row) => string;
  readonly create: (call: WriteCall, changes: readonly AttributeChange[]) => Promise<Row>;
  readonly change: (call: WriteCall, row: Row, changes: readonly AttributeChange[]) => Promise<Row>;
  readonly delete: (call: WriteCall, row: Row) => Promise<void>;
  /** For `catch`. */
  readonly unique: (error: unknown) => never;
};

/** A group with ten thousand members, as Okta sends it. */
const BODY_BYTES = 4 * 1024 * 1024;

export function locationOf({ path }: Pick<Kind<{ id: string }>, "path">, id: string, origin: string): string {
  return `${origin}${API_PREFIX}${SCIM_PATH}${path}/${id}`;
}

export function resourceRoutes<Row extends { readonly id: string }>(context: RouteContext, kind: Kind<Row>): ApiRoute[] {
  return [
    listRoute(context, kind),
    createRoute(context, kind),
    getRoute(context, kind),
    changeRoute(context, kind, "PUT"),
    changeRoute(context, kind, "PATCH"),
    deleteRoute(context, kind),
  ];
}

function listRoute<Row extends { readonly id: string }>({ db }: RouteContext, kind: Kind<Row>): ApiRoute {
  return route({
    id: `listScim${kind.name}s`,
    method: "GET",
    path: SCIM_PATH + kind.path,
    tag: SCIM_TAG,
    summary: `List ${kind.what}s of a school as its directory sees them`,
    access: SCIM_ACCESS,
    rights: ["++------", "+0------"],
    reads: "people",
    form: SCIM_FORM,
    query: listQuery,
    status: 200,
    answer: scimList,
    refusals: ["not-found", "database-away"],
    handle: async ({ actor, query, origin }) => {
      const school = await targetSchool(db, actor, query.schoolId);
      const page = pageOf(query);
      const columns = kind.columns(db);
      const { total, rows } = await kind.list(db, school.id, {
        condition: conditionOf(query.filter ?? null, columns),
        order: orderOf(attributeName(query.sortBy ?? "id"), columns),
        direction: query.sortOrder?.toLowerCase() === "descending" ? "desc" : "asc",
        page,
      });
      const resources = await kind.show(db, rows, query, origin);
      return {
        body: listAnswer(
          total,
          page,
          resources.map((resource) => projected(resource, query)),
        ),
      };
    },
  });
}

function createRoute<Row extends { readonly id: string }>({ changes }: RouteContext, kind: Kind<Row>): ApiRoute {
  return route({
    id: `createScim${kind.name}`,
    method: "POST",
    path: SCIM_PATH + kind.path,
    tag: SCIM_TAG,
    summary: `Create a ${kind.what}`,
    access: SCIM_ACCESS,
    rights: ["++------", "+0------"],
    form: SCIM_FORM,
    query: projection,
    body: scimBody,
    bodyLimit: BODY_BYTES,
    status: 201,
    answer: scimAnswer,
    refusals: ["not-found", "conflict", "database-away"],
    handle: ({ actor, query, body, origin }) =>
      changes
        .transact({ actor }, async (change) => {
          const school = await targetSchool(change.trx, actor, query.schoolId);
          const row = await kind.create({ change, actor, school }, changesOfResource(body));
          return await answerOf(change.trx, kind, row, query, origin);
        })
        .catch(kind.unique),
  });
}

function getRoute<Row extends { readonly id: string }>({ db }: RouteContext, kind: Kind<Row>): ApiRoute {
  return route({
    id: `getScim${kind.name}`,
    method: "GET",
    path: `${SCIM_PATH}${kind.path}/:${kind.param}`,
    tag: SCIM_TAG,
    summary: `Get a ${kind.what} as the directory sees it`,
    access: SCIM_ACCESS,
    rights: ["++------", "+0------"],
    reads: kind.name === "User" ? "person" : "people",
    form: SCIM_FORM,
    params: idParam(kind.param),
    query: projection,
    status: 200,
    answer: scimAnswer,
    refusals: ["not-found", "database-away"],
    handle: async ({ actor, params, query, origin }) => {
      const { row } = await found(db, kind, actor, params[kind.param], query.schoolId);
      return await answerOf(db, kind, row, query, origin);
    },
  });
}

/** PUT: all attributes of the body, and what it leaves out stays (RFC 7644 section 3.5.1 lets a server decide). PATCH: its operations. */
function changeRoute<Row extends { readonly id: string }>(
  context: RouteContext,
  kind: Kind<Row>,
  method: "PUT" | "PATCH",
): ApiRoute {
  const isPut = method === "PUT";
  return route({
    id: `${isPut ? "replace" : "change"}Scim${kind.name}`,
    method,
    path: `${SCIM_PATH}${kind.path}/:${kind.param}`,
    tag: SCIM_TAG,
    summary: isPut ? `Set attributes of a ${kind.what}` : `Change a ${kind.what} by operations`,
    access: SCIM_ACCESS,
    rights: ["++------", "+0------"],
    form: SCIM_FORM,
    params: idParam(kind.param),
    query: projection,
    body: scimBody,
    bodyLimit: BODY_BYTES,
    status: 200,
    answer: scimAnswer,
    changes: true,
    refusals: ["not-found", "conflict", "precondition-failed", "database-away"],
    handle: async ({ actor, params, query, body, origin, ifMatchTags }) => {
      const attributes = isPut ? changesOfResource(body) : changesOfPatch(body);
      return await context.changes
        .transact({ actor }, async (change) => {
          const { row, school } = await found(change.trx, kind, actor, params[kind.param], query.schoolId);
          checkTag(ifMatchTags, kind.tagOf(row));
          const after = await kind.change({ change, actor, school }, row, attributes);
          return await answerOf(change.trx, kind, after, query, origin);
        })
        .catch(kind.unique);
    },
  });
}

function deleteRoute<Row extends { readonly id: string }>({ changes }: RouteContext, kind: Kind<Row>): ApiRoute {
  return route({
    id: `deleteScim${kind.name}`,
    method: "DELETE",
    path: `${SCIM_PATH}${kind.path}/:${kind.param}`,
    tag: SCIM_TAG,
    summary: `Delete a ${kind.what} as the directory sees it`,
    access: SCIM_ACCESS,
    rights: ["++------", "+0------"],
    form: SCIM_FORM,
    params: idParam(kind.param),
    query: schoolOnly,
    status: 204,
    answer: null,
    changes: true,
    refusals: ["not-found", "conflict", "precondition-failed", "database-away"],
    handle: ({ actor, params, query, ifMatchTags }) =>
      changes.transact({ actor }, async (change) => {
        const { row, school } = await found(change.trx, kind, actor, params[kind.param], query.schoolId);
        checkTag(ifMatchTags, kind.tagOf(row));
        await kind.delete({ change, actor, school }, row);
        return { body: null };
      }),
  });
}

/** @throws RefusalError not-found */
async function found<Row extends { readonly id: string }>(
  db: Db,
  kind: Kind<Row>,
  actor: Actor,
  id: string,
  schoolId: string | undefined,
): Promise<{ readonly row: Row; readonly school: School }> {
  const school = await targetSchool(db, actor, schoolId);
  const row = await kind.find(db, school.id, id);
  if (!row) throw new RefusalError("not-found", kind.missing);
  return { row, school };
}

async function answerOf<Row extends { readonly id: string }>(db: Db, kind: Kind<Row>, row: Row, query: Projection, origin: string) {
  const [resource = {}] = await kind.show(db, [row], query, origin);
  return {
    body: { schemas: [], ...projected(resource, query) },
    headers: { etag: kind.tagOf(row), location: locationOf(kind, row.id, origin) },
  };
}
