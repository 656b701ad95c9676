/** Loads tables that the API exports in pages. */
import { unwrap } from "../session/api.ts";
import { withoutHeader } from "./save-csv.ts";

/** As the client of the API answers, with the response whose header has the next cursor. */
type Page = Promise<{ readonly data?: string; readonly error?: unknown; readonly response: Response }>;

/**
 * All pages as one file.
 * @param load a page, behind the cursor that the one before has given
 * @throws ApiError
 */
export async function loadCsvPages(load: (after: { readonly cursor?: string }) => Page): Promise<string> {
  let text = "";
  let cursor: string | null = null;
  do {
    const answer = await load(cursor === null ? {} : { cursor });
    const page: string = await unwrap(Promise.resolve(answer));
    text += cursor === null ? page : withoutHeader(page);
    cursor = answer.response.headers.get("lectern-next-cursor");
  } while (cursor !== null);
  return text;
}
