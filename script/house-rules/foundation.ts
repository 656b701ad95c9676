/** Finds what the foundation of the server should not know: it serves a school and its lessons without a word of them. */
import { lineAt, type Source } from "./sources.ts";

const FOUNDATION = "packages/server/src/platform/";
/** The configuration and the texts of refusals are of the whole product. */
const OF_THE_PRODUCT = /^packages\/server\/src\/platform\/(config\/|messages\/|refusal\.ts$)/;
const EXPORTS =
  /^export (?:abstract |async )?(?:const|function\*?|class|type|interface) (\w*(?:Lesson|Board|Slide|Material|Probe|Viewer|Camera)\w*)/gim;
const FILES = /(?:^|[-/])(lesson|board|slide|material|probe|view|camera)s?(?:[-.])/;

export function findForeignKnowledge(sources: readonly Source[]): string[] {
  return sources
    .filter(({ path, isTest }) => path.startsWith(FOUNDATION) && !OF_THE_PRODUCT.test(path) && !isTest)
    .flatMap(({ path, text }) => [
      ...(FILES.test(path) ? [`${path}: platform/ does not know a school's words; contracts/ does`] : []),
      ...[...text.matchAll(EXPORTS)].map(
        ({ 1: name, index }) => `${path}:${lineAt(text, index)}: platform/ does not know what ${name} is; contracts/ does`,
      ),
    ]);
}
