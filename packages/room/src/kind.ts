/** Defines what a kind of the room's protocol declares: what people send of it, and the entries that come of it. */
import { type Fields, type FieldsOf, ID, TRUE } from "./fields.ts";

/** What people send: the fields of one form, of one of several forms, or of the action that the field `action` names. */
export type Sent =
  | { readonly fields: Fields }
  | { readonly forms: readonly Fields[] }
  | {
      readonly actions: { readonly [action: string]: Fields };
      /** Of an action all of whose fields may be left out: one of these is there. */
      readonly needsOneOf?: { readonly [action: string]: { readonly names: readonly string[]; readonly mistake: string } };
    };

/** The fields of the entries of a key. */
export type EntryForm = {
  /** `chat/REF`; null: the entry passes by. */
  readonly key: string | null;
  /** The kind of the entry, where it is not the kind of what was sent. */
  readonly kind?: string;
  readonly fields: Fields;
  /** Of an entry that removes its key. */
  readonly gone?: Fields;
  /** Of a text that was deleted. */
  readonly deleted?: Fields;
};

export type Kind = { readonly kind: string; readonly sends: Sent; readonly entries: readonly EntryForm[] };

/** Declares a kind, as `declared` does. */
export function kind<const Of extends Kind>(make: () => Of): Of {
  return make();
}

/** What people send of a kind, once it was read. */
export type ActionOf<Of> = Of extends { readonly sends: { readonly fields: infer Sole } }
  ? FieldsOf<Sole>
  : Of extends { readonly sends: { readonly forms: infer Forms extends readonly unknown[] } }
    ? EachOf<Forms[number]>
    : Of extends { readonly sends: { readonly actions: infer Actions } }
      ? { [Name in keyof Actions]: { readonly action: Name } & FieldsOf<Actions[Name]> }[keyof Actions]
      : never;

type EachOf<Form> = Form extends unknown ? FieldsOf<Form> : never;

/** What is left of a line, a question or an announcement that was deleted. */
export const DELETED = { ref: ID, deleted: TRUE } as const;
