/** Finds pages among the sets of a room. */
import { type PageId, type PageSet, partsOfPage } from "@lectern/board";

/** A page of a set: its number counts from 1. */
export type PageLocation = { readonly set: PageSet; readonly number: number };

/** Null: the page is of no set that is known. */
export function findPage(sets: readonly PageSet[], page: PageId | null): PageLocation | null {
  const place = page === null ? null : partsOfPage(page);
  const set = sets.find((one) => one.set === place?.set);
  return place && set && place.number > 0 && place.number <= set.count ? { set, number: place.number } : null;
}

export function pageId(set: PageSet, number: number): PageId {
  return `${set.set}.${number}`;
}
