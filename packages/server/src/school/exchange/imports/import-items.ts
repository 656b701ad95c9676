/** Defines what the rows of an import made, kept so that the import can be undone. */
import type { ImportItemTable } from "../../foundation/store/import-tables.ts";
import type { Db } from "../../foundation/store/tables.ts";

export type ImportItem = { readonly kind: ImportItemTable["kind"]; readonly item_id: string; readonly course_id?: string };

/** How many rows made something new, and all that they made. */
export type Written = { readonly added: number; readonly items: readonly ImportItem[] };

export async function keepItems(trx: Db, importId: string, items: readonly ImportItem[]): Promise<void> {
  if (items.length === 0) return;
  const rows = items.map(({ kind, item_id, course_id = "" }) => ({ import_id: importId, kind, item_id, course_id }));
  await trx
    .insertInto("import_items")
    .values(rows)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}
