/**
 * Keeps operators out of schools that want to be asked. In such a school an operator does what runs the platform, and nothing that is the school's own,
 * until an administrator of it has approved an entry, which ends by itself. Every route is behind this, also one that is added later: the school is
 * found by the ids, codes and streams that a request names. What lists have of such schools is left out.
 */
import { sql } from "kysely";
import type { Actor } from "../../../access/actor.ts";
import type { ApiRoute } from "../../../access/route.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { ID } from "../../../platform/id.ts";
import { approvalText } from "../messages/approval-texts.ts";
import type { Database, Db } from "../store/tables.ts";

/**
 * What runs the platform, and the entry itself. It shows of a school its name and what it costs, and of lessons what their streams are like.
 * `changeSchool` is among them for two fields alone.
 */
const PLATFORM_ROUTES: readonly string[] = [
  ...["listSchools", "getSchool", "getSpace", "deleteSchool", "getBrand", "getLogo"],
  ...["askForEntry", "getFourEyes", "listApprovals", "getApproval", "withdrawApproval", "endEntry"],
  ...["listAlarms", "getAlarm", "acknowledgeAlarm"],
];
export const APPROVALS = "Approvals";
const PLATFORM_SETTINGS: readonly string[] = ["archived", "quotaBytes"];
const MAX_TEXT = 200;
/** Of what a request names, so many are looked up: more than any list that a route takes by ids. */
const MAX_NAMED = 5000;

type Call = { readonly actor: Actor; readonly params?: unknown; readonly query?: unknown; readonly body?: unknown };

export class OperatorEntries {
  private readonly db: Database;
  private tables: Promise<readonly string[]> | null = null;

  constructor(db: Database) {
    this.db = db;
  }

  /** The same route, closed to operators where a school has to let them in. */
  guarded(route: ApiRoute): ApiRoute {
    // Everybody gets the same answer.
    if (route.publicMs !== undefined) return route;
    const handle: ApiRoute["handle"] = async (call) => {
      const { actor } = call;
      if (actor.role !== "operator" || actor.isBreakGlass) return await route.handle(call);
      const closed = await closedSchools(this.db, actor);
      if (closed.length === 0) return await route.handle(call);
      const limited: typeof call = { ...call, actor: { ...actor, closedSchools: closed } };
      // Of requests for approval operators see their own there; the rest of what runs the platform is for all schools.
      if (isOfPlatform(route, call)) return await route.handle(route.tag === APPROVALS ? limited : call);
      const named = await this.schoolsNamed(call);
      if (named.some((id) => closed.includes(id))) throw closedSchool();
      if (named.length === 0 && route.answerType !== undefined)
        throw new RefusalError("school-entry-needed", approvalText("name-a-school"));
      const answer = await route.handle(limited);
      return { ...answer, body: await this.withoutClosed(answer.body, closed) };
    };
    return { ...route, handle };
  }

  /** The schools of what a request names. */
  private async schoolsNamed({ params, query, body }: Call): Promise<string[]> {
    const texts = [...textsIn([params, query, typeof body === "object" ? body : null])];
    return [...new Set((await this.schoolsOf(texts)).map(({ school_id }) => school_id))];
  }

  /** What a list has of closed schools is left out. */
  private async withoutClosed(body: unknown, closed: readonly string[]): Promise<unknown> {
    if (typeof body !== "object" || body === null) return body;
    const entries = await Promise.all(
      Object.entries(body).map(async ([name, value]): Promise<[string, unknown]> => [name, await this.filtered(value, closed)]),
    );
    return Object.fromEntries(entries);
  }

  private async filtered(value: unknown, closed: readonly string[]): Promise<unknown> {
    if (!Array.isArray(value) || value.length === 0 || typeof value[0] !== "object") return value;
    const ofItems = value.map((item: unknown) => new Set(textsIn([item])));
    const found = await this.schoolsOf([...new Set(ofItems.flatMap((texts) => [...texts]))]);
    const hidden = new Set(found.filter(({ school_id }) => closed.includes(school_id)).map(({ named }) => named));
    return value.filter((_, i) => ![...(ofItems[i] ?? [])].some((text) => hidden.has(text) || hidden.has(streamOf(text))));
  }

  /** The schools of ids, join codes and streams; what is none of these has none. */
  private async schoolsOf(texts: readonly string[]): Promise<{ named: string; school_id: string }[]> {
    const named = texts.slice(0, MAX_NAMED);
    if (named.length === 0) return [];
    this.tables ??= tablesOfSchools(this.db).catch((error: unknown) => {
      this.tables = null;
      throw error;
    });
    const ids = named.filter((text) => ID.test(text));
    const parts = (await this.tables).map(
      (table) =>
        sql`select id as named, school_id from ${sql.table(table)} where id = any(${ids}::text[]) and school_id is not null`,
    );
    const streams = named.map(streamOf);
    const { rows } = await sql<{ named: string; school_id: string }>`
      select id as named, id as school_id from schools where id = any(${ids}::text[])
      union all select code as named, school_id from lessons where code = any(${named.map(codeOf)}::text[])
      union all select stream_name as named, school_id from lessons where stream_name = any(${streams}::text[])
      union all ${sql.join(parts, sql` union all `)}`.execute(this.db);
    return rows;
  }
}

/** Schools that want to be asked, and have not let the actor in for now. */
export async function closedSchools(db: Db, actor: Actor): Promise<string[]> {
  const rows = await db
    .selectFrom("schools")
    .select("schools.id")
    .where("four_eyes_entry", "=", true)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom("approvals")
            .select("approvals.id")
            .whereRef("approvals.school_id", "=", "schools.id")
            .where("act", "=", "operator-entry")
            .where("state", "=", "done")
            .where("ends_at", ">", new Date())
            .where(
              sql<boolean>`case when ${actor.kind} = 'token' then asked_kind = 'token' else ${actor.kind} = 'user' and asked_by = ${actor.id} end`,
            ),
        ),
      ),
    )
    .execute();
  return rows.map(({ id }) => id);
}

export function closedSchool(): RefusalError {
  return new RefusalError("school-entry-needed", approvalText("closed-to-operators"));
}

function isOfPlatform({ id }: ApiRoute, { body }: Call): boolean {
  if (PLATFORM_ROUTES.includes(id)) return true;
  return id === "changeSchool" && Object.keys(body ?? {}).every((name) => PLATFORM_SETTINGS.includes(name));
}

/** All texts in a value that are short enough to name something. */
function* textsIn(value: unknown): Generator<string> {
  if (typeof value === "string") {
    if (value !== "" && value.length <= MAX_TEXT) yield value;
  } else if (Array.isArray(value)) for (const item of value) yield* textsIn(item);
  else if (typeof value === "object" && value !== null && !(value instanceof Date))
    for (const inner of Object.values(value)) yield* textsIn(inner);
}

/** The name of a lesson's stream, of its address or of a member's stream. */
function streamOf(text: string): string {
  return text.split("/").at(-1)?.split("~")[0] ?? "";
}

/** As codes are stored: people type them in small letters, and with spaces. */
function codeOf(text: string): string {
  return text.replace(/[\s-]/g, "").toUpperCase();
}

/** Tables whose rows belong to a school. */
async function tablesOfSchools(db: Database): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select table_name as name from information_schema.columns
      where table_schema = current_schema() and column_name in ('id', 'school_id')
      group by table_name having count(*) = 2 order by table_name`.execute(db);
  return rows.map(({ name }) => name);
}
