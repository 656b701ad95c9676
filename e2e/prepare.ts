/** Prepares .cache for test runs: clips, a database without rows, and the compile cache of the program. */
import { migratedDatabase } from "../packages/server/src/school/foundation/store/migrated-database.ts";
import { makeClips } from "./clips.ts";
import { startLectern } from "./lectern.ts";

const ends: (() => unknown)[] = [];
const scope = { after: (end: () => unknown) => void ends.push(end), diagnostic: () => {} };

await migratedDatabase();
makeClips();
// Only a process that ends by itself writes what it has compiled.
const server = await startLectern(scope as Parameters<typeof startLectern>[0], { workers: "1" });
await server.stop();
for (const end of ends) await end();
