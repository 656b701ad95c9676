/** Checks in tests that entries and signals of a room are as `@lectern/room` declares them: no field more, and none less. */
import assert from "node:assert/strict";
import { type EntryForm, type Fields, type RoomEntry, type RoomSignal, SIGNALS, type SignalDeclaration } from "@lectern/room";
import { KINDS } from "@lectern/room/test-kinds";
import { bodySchema } from "./field-schemas.ts";

type Declared = EntryForm & { readonly kind: string };

const FORMS = KINDS.flatMap(({ kind, entries }) => entries.map((form): Declared => ({ ...form, kind: form.kind ?? kind })));

export function assertDeclared(entries: readonly RoomEntry[]): void {
  for (const entry of entries) {
    const forms = FORMS.filter(({ kind, key }) => kind === entry.kind && isOfKey(key, entry.key));
    const bodies = forms.flatMap(({ fields, gone, deleted }) => [
      fields,
      ...(entry.gone && gone ? [gone] : []),
      ...(deleted ? [deleted] : []),
    ]);
    assert.ok(
      bodies.some((fields) => fits(fields, entry.body)),
      `an entry is not as it is declared: ${entry.kind} ${entry.key} ${JSON.stringify(entry.body)}`,
    );
  }
}

export function assertDeclaredSignals(signals: readonly RoomSignal[]): void {
  const known: Readonly<Record<string, SignalDeclaration | undefined>> = SIGNALS;
  for (const { kind, body } of signals) {
    const declared = known[kind];
    assert.ok(declared && fits(declared.fields, body), `a signal is not as it is declared: ${kind} ${JSON.stringify(body)}`);
  }
}

function isOfKey(declared: string | null, key: string | null): boolean {
  if (declared === null || key === null) return declared === key;
  // What stands for an id is written in capitals.
  return new RegExp(`^${declared.replace(/[A-Z]+$/, ".+")}$`).test(key);
}

function fits(fields: Fields, body: RoomEntry["body"]): boolean {
  // As it is sent: what is undefined is not there.
  return bodySchema(fields).safeParse(JSON.parse(JSON.stringify(body))).success;
}
