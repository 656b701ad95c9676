/**
 * Sets of viewers, as access rules look them up. A signed link names its viewer; a session has only a tag of the viewer's id, because the
 * session travels in addresses that caches log.
 */
import { createHash } from "node:crypto";

/** The tag of a session that was issued to no viewer. */
export const NO_VIEWER = Buffer.alloc(8).toString("base64url");

export type ViewerSet = {
  readonly ids: ReadonlySet<string>;
  readonly tags: ReadonlySet<string>;
};

const sets = new WeakMap<readonly string[], ViewerSet>();

/** The first 8 bytes of SHA-256 of a viewer's id, in base64url. */
export function viewerTag(viewer: string | null): string {
  return viewer === null ? NO_VIEWER : createHash("sha256").update(viewer).digest().subarray(0, 8).toString("base64url");
}

/** The set of a policy's list of viewers. It is built once for each list, because every HLS request looks it up. */
export function viewerSet(viewers: readonly string[]): ViewerSet {
  const known = sets.get(viewers);
  if (known) return known;
  const made = { ids: new Set(viewers), tags: new Set(viewers.map(viewerTag)) };
  sets.set(viewers, made);
  return made;
}
