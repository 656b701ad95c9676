/** Finds where code makes markup or programs of texts: names, titles and messages of people are shown as texts alone. */
import { lineAt, type Source } from "./sources.ts";

const OF_BROWSERS = /^packages\/(web|ui|player|publisher|board|exam|room)\/src\//;
const MAKES_MARKUP =
  /\b(?:dangerouslySetInnerHTML|innerHTML|outerHTML|insertAdjacentHTML|createContextualFragment|setHTMLUnsafe|parseHTMLUnsafe|parseFromString|srcdoc|srcDoc)\b|\bdocument\.write|\bnew Function\(|(?<![.\w])eval\(/g;

export function findMarkup(sources: readonly Source[]): string[] {
  return sources
    .filter(({ path, isTest }) => !isTest && OF_BROWSERS.test(path))
    .flatMap(({ path, text, comments }) =>
      [...text.matchAll(MAKES_MARKUP)]
        .filter(({ index }) => !comments.some(({ start, end }) => index >= start && index < end))
        .map(({ 0: what, index }) => `${path}:${lineAt(text, index)}: ${what} makes markup or a program of a text; make elements`),
    );
}
