/**
 * Replaces the content of an address list: compiles the new text, writes it beside the old, and lets it take its place. Nodes are told after the
 * commit. Two changes at the same time are both made, or one of them is refused.
 */
import { createHash } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import { type CompiledAddresses, compileAddresses, MAX_ENTRIES } from "../../../access/lists/compile-addresses.ts";
import type { PolicyNotices } from "../../../access/policies/policy-snapshot.ts";
import type { Message } from "../../../platform/messages/message.ts";
import { json } from "../../../platform/store/store.ts";
import { policyText } from "../../foundation/messages/policy-texts.ts";
import type { Changes } from "../../foundation/store/change.ts";
import type { AddressList, ListLineError, ListValidators } from "../../foundation/store/policy-tables.ts";
import type { Requester } from "../../foundation/store/requester.ts";
import type { Database } from "../../foundation/store/tables.ts";
import { claimVersion, deleteParts, writeCompiled, writingText } from "./stored-lists.ts";

/** Every media worker has all lists in its memory. */
const MAX_TOTAL = { school: MAX_ENTRIES, operator: 10 * MAX_ENTRIES } as const;
export const MAX_TEXT_BYTES = 64 * 1024 * 1024;
const MIB = 1024 * 1024;
/** Hashed in one turn: less than a millisecond. */
const HASH_BYTES = 256 * 1024;

export type ContentContext = {
  readonly db: Database;
  readonly changes: Changes;
  readonly policyNotices: PolicyNotices;
};

export type NewContent = {
  readonly list: AddressList;
  readonly chunks: AsyncIterable<Uint8Array>;
  /** Uploaded text is kept, so that it can be changed. */
  readonly keepText: boolean;
  /** The version of the content that it is made from; null: from none. */
  readonly base: number | null;
  readonly requester: Requester;
  /** Of a fetch; null: it was uploaded. */
  readonly fetched: { readonly validators: ListValidators; readonly nextFetchAt: Date | null } | null;
  readonly signal?: AbortSignal;
};

/** same: what was fetched is what holds already. replaced: other content has taken its place meanwhile. gone: the list was deleted. */
export type ContentResult =
  | { readonly kind: "stored"; readonly list: AddressList }
  | { readonly kind: "refused"; readonly text: Message }
  | { readonly kind: "same" | "replaced" | "gone" };

/** The text is longer than it may be. */
export class TextTooLarge extends Error {
  override readonly name = "TextTooLarge";
  readonly text = policyText("fetch-too-large", { max: MAX_TEXT_BYTES / MIB });
}

/** @throws TextTooLarge; what the chunks throw; an error of the database */
export async function replaceContent(context: ContentContext, content: NewContent): Promise<ContentResult> {
  const { db } = context;
  const { list, keepText, signal } = content;
  const version = await claimVersion(db, list.id);
  if (version === null) return { kind: "gone" };
  let isStored = false;
  try {
    const bounded = boundedText(content.chunks);
    const text = keepText ? writingText(db, list.id, version, bounded) : bounded;
    const left = await entriesLeft(db, list);
    const compiled = await compileAddresses(text, { maxEntries: left, ...(signal ? { signal } : {}) });
    const refusal = refusalOf(compiled, list);
    if (refusal !== null || typeof compiled === "string") return { kind: "refused", text: refusal ?? tooMany(list) };
    const hash = await hashOf(compiled.bytes);
    if (!keepText && hash === list.content_hash) return { kind: "same" };
    await writeCompiled(db, list.id, version, compiled.bytes);
    const stored = await commit(context, content, version, { ...compiled, hash });
    isStored = stored.kind === "stored";
    return stored;
  } finally {
    if (!isStored) await deleteParts(db, list.id, { of: version });
  }
}

type Compiled = CompiledAddresses & { readonly hash: string };

async function commit(
  { changes, policyNotices }: ContentContext,
  { list: { id, version: settings }, base, requester, fetched }: NewContent,
  version: number,
  compiled: Compiled,
): Promise<ContentResult> {
  const { body } = await changes.transact<ContentResult>(requester, async (change) => {
    const { trx } = change;
    const before = await trx.selectFrom("address_lists").selectAll().where("id", "=", id).forUpdate().executeTakeFirst();
    if (!before) return { body: { kind: "gone" } };
    const isNewest = base === null ? before.content_version < version : before.content_version === base;
    // What was fetched from an address belongs to this one only.
    if (!isNewest || (fetched && before.version !== settings)) return { body: { kind: "replaced" } };
    const after = await trx
      .updateTable("address_lists")
      .set({ content_version: version, ...columnsOf(compiled), ...fetchedColumns(fetched) })
      .where("id", "=", id)
      .returningAll()
      .executeTakeFirstOrThrow();
    await deleteParts(trx, id, { before: version });
    // What the server fetches by itself would fill the audit log.
    if (!fetched) {
      const target = { schoolId: before.school_id, targetKind: "address-list", targetId: id };
      await change.audit({ action: "address-list.entries", ...target, before: countsOf(before), after: countsOf(after) });
    }
    change.afterCommit(() => policyNotices.policyChanged({ part: "address-list", id }));
    return { body: { kind: "stored", list: after } };
  });
  return body;
}

function columnsOf({ entries, ranges, mistakes, mistakeCount, hash }: Compiled) {
  return {
    entries,
    ranges,
    mistakes: json<readonly ListLineError[]>(mistakes.map(({ line, text }) => ({ line, text }))),
    mistake_count: mistakeCount,
    content_hash: hash,
    content_at: new Date(),
    last_error: null,
  };
}

/** What a fetch changes, whether there is new content or not. */
export function fetchedColumns(fetched: NewContent["fetched"]) {
  if (!fetched) return {};
  return { last_fetched_at: new Date(), next_fetch_at: fetched.nextFetchAt, validators: json(fetched.validators) };
}

function countsOf({ name, entries, ranges, content_version }: AddressList) {
  return { name, entries, ranges, content_version };
}

/** A page of errors instead of a list must not open what the list closes. */
function refusalOf(compiled: CompiledAddresses | "too-many-entries", list: AddressList): Message | null {
  if (compiled === "too-many-entries") return tooMany(list);
  const [first] = compiled.mistakes;
  if (compiled.entries > 0 || !first) return null;
  return policyText("not-a-list", { count: compiled.mistakeCount, line: first.line });
}

function tooMany({ school_id: schoolId }: AddressList): Message {
  return policyText("too-many-entries", { max: totalOf(schoolId) });
}

function totalOf(schoolId: string | null): number {
  return schoolId === null ? MAX_TOTAL.operator : MAX_TOTAL.school;
}

/** How many entries the list may have beside the others of its owner. */
async function entriesLeft(db: Database, { id, school_id: schoolId }: AddressList): Promise<number> {
  const { others } = await db
    .selectFrom("address_lists")
    .select((row) => row.fn.coalesce(row.fn.sum<number>("entries"), row.lit(0)).as("others"))
    .where("school_id", schoolId === null ? "is" : "=", schoolId)
    .where("id", "!=", id)
    .executeTakeFirstOrThrow();
  return Math.max(0, Math.min(MAX_ENTRIES, totalOf(schoolId) - Number(others)));
}

async function* boundedText(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.byteLength;
    if (bytes > MAX_TEXT_BYTES) throw new TextTooLarge("the text is too large");
    yield chunk;
  }
}

async function hashOf(bytes: Uint8Array): Promise<string> {
  const hash = createHash("sha256");
  for (let at = 0; at < bytes.byteLength; at += HASH_BYTES) {
    hash.update(bytes.subarray(at, at + HASH_BYTES));
    await setImmediate();
  }
  return hash.digest("base64url");
}
