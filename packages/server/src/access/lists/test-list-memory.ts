/** Measures the memory of a loaded list, in a process of its own, in which nothing else takes any. */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

const PROGRAM = `
const { LoadedLists } = await import(process.argv[1]);
const lists = new LoadedLists();
lists.isListed("l1", "10.0.0.1");
const used = async () => {
  // What a collection finds, some objects release only afterwards.
  for (let i = 0; i < 3; i++) await new Promise((done) => setImmediate(done, gc()));
  const { heapUsed, external, rss } = process.memoryUsage();
  return { accounted: heapUsed + external, resident: rss };
};
const before = await used();
await lists.load("l1", 1, process.argv[2]);
if (lists.isListed("l1", "10.0.0.1") === null) throw new Error("the list is not there");
const after = await used();
const added = { accounted: after.accounted - before.accounted, resident: after.resident - before.resident };
process.stdout.write(JSON.stringify(added));
`;

/** What a list adds, in bytes: to the heap and what belongs to it, and to the resident memory of the process. */
export type ListMemory = { readonly accounted: number; readonly resident: number };

export async function listMemory(file: string): Promise<ListMemory> {
  const module = join(import.meta.dirname, "loaded-lists.ts");
  const { stdout } = await promisify(execFile)(process.execPath, [
    "--expose-gc",
    "--input-type=module",
    ...["--eval", PROGRAM, module, file],
  ]);
  return JSON.parse(stdout);
}
