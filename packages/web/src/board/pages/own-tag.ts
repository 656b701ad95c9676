/** Provides the tag of what this page draws: another one each time the page is loaded. Those of before are this person's, too. */
import { isTag, newTag } from "@lectern/board";
import { keepValue, keptValue } from "../../session/kept-values.ts";

const KEY = "lectern.board-tags";
const MAX_TAGS = 100;

export const ownTag = newTag();

let known: ReadonlySet<string> | null = null;

export function isOwnTag(tag: string): boolean {
  known ??= new Set((keptValue("tab", KEY) ?? "").split(" ").filter(isTag));
  return tag === ownTag || known.has(tag);
}

let isKept = false;

/** For this page after it is loaded again. */
export function keepOwnTag(): void {
  if (isKept) return;
  isKept = true;
  const tags = new Set([...(keptValue("tab", KEY) ?? "").split(" ").filter(isTag), ownTag]);
  keepValue("tab", KEY, [...tags].slice(-MAX_TAGS).join(" "));
}
