/**
 * Writes packages/server/database/empty.br: the empty database that a new data directory begins with. Run it after an update of PGlite; a test
 * compares the file with what `initdb` makes.
 *
 *     node script/empty-database.ts
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { EmbeddedDatabase } from "../packages/server/src/platform/store/embedded.ts";
import { EMPTY_DATABASE, packDatabase } from "../packages/server/src/platform/store/empty-database.ts";

const parent = mkdtempSync(join(tmpdir(), "lectern-empty-database-"));
try {
  const directory = join(parent, "db");
  const database = await EmbeddedDatabase.openIn(directory);
  await database.end();
  const packed = await packDatabase(directory);
  mkdirSync(dirname(EMPTY_DATABASE), { recursive: true });
  writeFileSync(EMPTY_DATABASE, packed);
  process.stdout.write(`${EMPTY_DATABASE}: ${packed.length} bytes\n`);
} finally {
  rmSync(parent, { recursive: true, force: true });
}
