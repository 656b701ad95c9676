/** Names the directory of the embedded database with the tables and no rows that tests copy. It imports nothing of a store, so that most tests load none. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "../../../../../..");
const PGLITE = join(ROOT, "node_modules/@electric-sql/pglite/package.json");
const MIGRATION_FILES = join(import.meta.dirname, "../migrations");

/** Where `migratedDatabase` makes it: another place for each set of migrations, and for each version of PGlite. */
export function migratedDirectory(): string {
  const hash = createHash("sha256").update(readFileSync(PGLITE)).update(hashOfMigrations());
  return join(ROOT, ".cache", `database-${hash.digest("hex").slice(0, 16)}`);
}

/** Names the tables of the migrations as they are now. */
export function hashOfMigrations(): string {
  const hash = createHash("sha256");
  const entries = readdirSync(MIGRATION_FILES, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  for (const path of entries.map(({ parentPath, name }) => join(parentPath, name)).sort()) hash.update(readFileSync(path));
  return hash.digest("hex").slice(0, 16);
}
