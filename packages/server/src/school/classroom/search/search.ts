/** Finds recordings by the words of their lessons, the newest first. */
import type { SelectQueryBuilder } from "kysely";
import { listPage, type SortKey } from "../../foundation/requests/listing.ts";
import type { Db, Recording, Tables } from "../../foundation/store/tables.ts";
import { findHits, type Hit, hasBlocks } from "./search-hits.ts";
import type { Query } from "./search-words.ts";

export type FoundRecording = { readonly recording: Recording; readonly hits: readonly Hit[] };

const NEWEST_FIRST = "-startedAt";
const ORDER: Readonly<Record<string, SortKey<Recording>>> = {
  startedAt: { column: "recordings.started_at", type: "timestamptz", valueOf: ({ started_at }) => started_at },
};
/** Blocks of a lesson that are looked at for a list, which shows its first hits. */
const BLOCKS = 6;
export const HITS_OF_LIST = 3;
/** A recording whose lesson has the words in one block, but in no line, is left out. A list that has none after so many pages ends, with a cursor. */
const MAX_PAGES = 3;

/** @param matching recordings that the person may watch */
export async function findRecordings(
  db: Db,
  matching: SelectQueryBuilder<Tables, "recordings", Recording>,
  query: Query,
  { limit, cursor }: { readonly limit: number; readonly cursor?: string | undefined },
): Promise<{ readonly found: readonly FoundRecording[]; readonly nextCursor: string | null }> {
  const withWords = matching.where(hasBlocks(db, query));
  let next: string | null = cursor ?? null;
  for (let pages = 0; ; pages++) {
    const place: { cursor?: string } = next === null ? {} : { cursor: next };
    const asked = { sort: NEWEST_FIRST, limit, total: false, ...place };
    const { items, nextCursor } = await listPage(withWords, "recordings", ORDER, asked, (row) => row);
    const hits = await findHits(db, items, query, { blocks: BLOCKS, hits: HITS_OF_LIST });
    const found = items.flatMap((recording) => {
      const of = hits.get(recording.id) ?? [];
      return of.length > 0 ? [{ recording, hits: of }] : [];
    });
    if (found.length > 0 || nextCursor === null || pages + 1 === MAX_PAGES) return { found, nextCursor };
    next = nextCursor;
  }
}
