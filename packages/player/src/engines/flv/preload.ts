import { loadFlv } from "./library.ts";

/** Loads what FLV needs. Pages that will play it call this early. */
export async function preloadFlv(): Promise<void> {
  await loadFlv();
}
