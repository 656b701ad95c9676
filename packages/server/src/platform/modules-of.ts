/**
 * Loads the files of a folder, so that no list of them is kept. The compiled server has no folders: `script/compile-server.ts` puts imports of the files
 * in the place of the call, which stands in one line with its arguments written out.
 */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

type Exports = Readonly<Record<string, unknown>>;

/**
 * @param from `import.meta.dirname`
 * @param path of the folder, seen from there
 * @param name of the files, without their ending: `kinds/chat` of one in a folder below it
 * @returns what each file exports, by its name, in the order of the names
 */
export async function modulesOf(from: string, path: string, name: RegExp): Promise<ReadonlyMap<string, Exports>> {
  const folder = join(from, path);
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
  const names = files.flatMap((file) => (file.endsWith(".ts") ? file.slice(0, -".ts".length) : []));
  const load = async (one: string) => [one, await import(pathToFileURL(join(folder, `${one}.ts`)).href)] as const;
  return new Map(
    await Promise.all(
      names
        .filter((one) => name.test(one))
        .toSorted()
        .map(load),
    ),
  );
}
