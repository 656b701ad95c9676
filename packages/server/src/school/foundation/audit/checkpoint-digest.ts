/**
 * Computes the digests of the audit log: of what an entry says, and of a chain of entries. What names a person is in a digest of its own, with a salt that
 * goes when the person is erased: then nobody can guess the name from the digest, and the chain still holds.
 */
import { createHash } from "node:crypto";
import type { AuditRow } from "../store/tables.ts";

export type DigestedEntry = Pick<
  AuditRow,
  "id" | "school_id" | "at" | "actor_kind" | "actor_id" | "action" | "target_kind" | "target_id"
> & {
  /** As `contentDigest` has it. */
  readonly digest: string;
};

type Content = Pick<AuditRow, "actor_name" | "ip" | "before" | "after">;

/** Of the first checkpoint's predecessor. */
export const NO_DIGEST = "";

/** SHA-256 in hexadecimal digits of who did it, from where, and the values before and after. */
export function contentDigest({ actor_name, ip, before, after }: Content, salt: string): string {
  return sha256(canonical([salt, actor_name, ip, before, after]));
}

/** SHA-256 in hexadecimal digits of the chain so far and of further entries, in their order. */
export function chainDigest(previous: string, entries: readonly DigestedEntry[]): string {
  const hash = createHash("sha256").update(previous);
  for (const { id, school_id, at, actor_kind, actor_id, action, target_kind, target_id, digest } of entries)
    hash.update(canonical([id, school_id, at.toISOString(), actor_kind, actor_id, action, target_kind, target_id, digest]));
  return hash.digest("hex");
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** JSON with the fields of objects in one order: the database keeps them in another than they were written. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([one], [other]) => (one < other ? -1 : 1)))
      : part,
  );
}
