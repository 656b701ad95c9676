/** Provides a held text as the body of an entry: `checking/REF` while the school's own check is asked about it, `held/REF` while staff are. */

import { type FieldsOf, HELD, type RoomEntry } from "@lectern/room";
import { entrySchema } from "../field-schemas.ts";

const heldLine = entrySchema(HELD);
/** The body of an entry of a held text. On the wire, fields of the entry itself, as `kind`, would hide those of its body. */
export type HeldLine = FieldsOf<(typeof HELD)["fields"]>;

export function heldKey(ref: string): string {
  return `held/${ref}`;
}

export function checkingKey(ref: string): string {
  return `checking/${ref}`;
}

/** What an entry holds; null: nothing any more. */
export function heldLineOf(entry: RoomEntry | null): HeldLine | null {
  if (!entry || entry.gone) return null;
  const line = heldLine.safeParse(entry.body);
  return line.success ? line.data : null;
}
