/**
 * Lists the npm packages whose modules became part of a bundle, so that a release can say what is inside it: its licences and its software bill of
 * materials.
 */
import { join, relative } from "node:path";

const ROOT = join(import.meta.dirname, "..");
/** A module's path up to the end of its package's folder; packages may have packages inside. */
const PACKAGE_FOLDER = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/;

/** @param modules ids of modules, as bundlers give them @returns folders of packages, from the root, in order */
export function bundledPackages(modules: Iterable<string>): readonly string[] {
  const folders = [...modules].flatMap((id) => PACKAGE_FOLDER.exec(relative(ROOT, id.replace(/^\0/, "")))?.[0] ?? []);
  return [...new Set(folders)].toSorted();
}
