/** Lets pages load FLV's code early: small, for the first script of a page, and without the types of that code. */
import { loadFlv } from "./library.ts";

/** Loads what FLV needs. Pages that will play it call this early. */
export async function preloadFlv(): Promise<void> {
  await loadFlv();
}
