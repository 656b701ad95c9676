/** Collects what each table states of its columns: the shared ones, and those that a resource alone has. */
import { documentedRoutes } from "../packages/client/src/documented-routes.ts";
import { type Privacy, wordOf } from "../packages/server/src/access/privacy.ts";
import { TABLE_PRIVACY } from "../packages/server/src/school/foundation/store/tables.ts";

export function tablePrivacy(): Readonly<Record<string, Privacy>> {
  const own = documentedRoutes().flatMap(({ table, privacy }) => (table && privacy ? [[table, privacy] as const] : []));
  return { ...TABLE_PRIVACY, ...Object.fromEntries(own) };
}

/** The word of `table.column`; undefined: nothing is stated. */
export function statedOf<What extends keyof Privacy>(all: Readonly<Record<string, Privacy>>, what: What, name: string) {
  const [table = "", column = ""] = name.split(".");
  const of = all[table]?.[what];
  return of === undefined ? undefined : wordOf<string>(of, column);
}
