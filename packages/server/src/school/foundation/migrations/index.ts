/** Has the changes of the school's tables by name, in order: the files of this folder. A released one is never edited; a later change is a new one. */
import { modulesOf } from "../../../platform/modules-of.ts";
import type { TableMigration, TableMigrations } from "../../../platform/store/migrations.ts";

const FILES = await modulesOf(import.meta.dirname, ".", /^\d{4}-[a-z0-9-]+$/);

export const MIGRATIONS: TableMigrations = Object.fromEntries(
  [...FILES].map(([name, { migration }]) => {
    if (!isMigration(migration)) throw new Error(`the migration ${name} exports no \`migration\` with \`up\``);
    return [name, migration];
  }),
);

function isMigration(value: unknown): value is TableMigration {
  return typeof value === "object" && value !== null && "up" in value && typeof value.up === "function";
}
