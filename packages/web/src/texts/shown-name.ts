/** Words the name of a person who was erased: the server keeps the same English words for readers of every language. */

/** `REMOVED_PERSON` of the server's `school/exchange/privacy/erase.ts`. */
const ERASED = "removed person";

/** @param erased the words of the page's language */
export function shownName(name: string, erased: string): string {
  return name === ERASED ? erased : name;
}
