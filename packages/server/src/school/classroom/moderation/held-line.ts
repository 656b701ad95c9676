/** A held text as the body of an entry: `checking/REF` while the school's own check is asked about it, `held/REF` while staff are. */
import { z } from "zod";
import type { RoomEntry } from "../../../contracts/rooms/room-entry.ts";

const person = z.object({ id: z.string(), name: z.string(), role: z.enum(["staff", "member", "guest", "watcher"]) });
const heldEntry = z.object({
  kind: z.string(),
  to: z.union([z.enum(["all", "staff"]), z.object({ participant: z.string() })]),
  key: z.string().nullable(),
  sampled: z.boolean().optional(),
  body: z.record(z.string(), z.unknown()),
});
const heldLine = z.object({
  ref: z.string(),
  textKind: z.string(),
  text: z.string(),
  person,
  reason: z.string(),
  entry: heldEntry,
});
/** The body of an entry of a held text. On the wire, fields of the entry itself, as `kind`, would hide those of its body. */
export type HeldLine = z.output<typeof heldLine>;

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
