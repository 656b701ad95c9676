/** Defines how addresses, playlists and answers carry the keys of encrypted HLS files. */
import type { ContentKey } from "./content-keys.ts";

/** The headers of a key: no cache may have it. */
export const KEY_HEADERS = { "content-type": "application/octet-stream", "cache-control": "no-store" };

/** How the address of a file tells what it is encrypted with: with another key it is another file. Empty where it is not. */
export function keySuffix(key: ContentKey | null): string {
  return key ? `.k${key.name}` : "";
}

/** The attributes of EXT-X-KEY; null where nothing is encrypted. @param base of the epoch's files */
export function playlistKey(base: string, key: ContentKey | null): { readonly uri: string; readonly iv: string } | null {
  return key && { uri: `${base}key-${key.name}`, iv: key.iv.toString("hex") };
}
