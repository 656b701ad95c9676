/**
 * Keeps address lists of URLs and files up to date. While a list cannot be fetched, its last content stays in force, and the list
 * says what is wrong.
 */
import type { Logger } from "../../../platform/log.ts";
import type { Text } from "../../../platform/messages/message.ts";
import { json } from "../../../platform/store/store.ts";
import { policyText } from "../../foundation/messages/policy-texts.ts";
import type { AddressList } from "../../foundation/store/policy-tables.ts";
import { SYSTEM } from "../../foundation/store/requester.ts";
import type { StoredSecrets } from "../../foundation/store/stored-secrets.ts";
import type { Database } from "../../foundation/store/tables.ts";
import type { Look, WorkItem, WorkKind } from "../../foundation/work/work-kind.ts";
import { type FetchedList, FetchFailed, fetchList } from "./fetch-list.ts";
import { type ContentContext, type ContentResult, fetchedColumns, replaceContent, TextTooLarge } from "./list-content.ts";
import { openListFile } from "./list-files.ts";

/** Looking at a file costs nothing. */
const FILE_SECONDS = 5;
/** After a failure at most. */
const RETRY_SECONDS = 300;
const FETCH_WITHIN_MS = 10 * 60_000;
/** What is slow for one school leaves places for others. */
const PLACES = { total: 4, perSchool: 2 };

export type ListRefreshOptions = ContentContext & {
  readonly log: Logger;
  readonly storedSecrets: StoredSecrets;
  /** Whether lists of schools may be fetched from private networks; those of operators may. */
  readonly allowPrivate: () => boolean;
  /** Directories that files may be in. */
  readonly directories: () => readonly string[];
};

export function listRefresh(options: ListRefreshOptions): WorkKind<WorkItem> {
  return {
    name: "list-refresh",
    places: PLACES,
    failure: "address list not refreshed, trying again",
    isWokenBy: ({ targetKind }) => targetKind === "address-list",
    find: (look) => findDue(options.db, look),
    perform: ({ id }, { signal }) => refresh(options, id, signal),
  };
}

async function findDue(db: Database, { until, busy }: Look): Promise<WorkItem[]> {
  const lists = await db
    .selectFrom("address_lists")
    .select(["id", "school_id", "next_fetch_at"])
    .where("next_fetch_at", "<=", new Date(until))
    .where("id", "not in", ["", ...busy])
    .orderBy("next_fetch_at")
    .execute();
  return lists.map(({ id, school_id: schoolId, next_fetch_at: at }) => ({
    id,
    schoolId,
    target: id,
    failures: 0,
    dueAt: at?.getTime() ?? 0,
  }));
}

/** @param stopping ends the fetch; the list stays as it is */
async function refresh(options: ListRefreshOptions, id: string, stopping: AbortSignal): Promise<void> {
  const { db, log } = options;
  const list = await db.selectFrom("address_lists").selectAll().where("id", "=", id).executeTakeFirst();
  if (!list) return;
  const signal = AbortSignal.any([stopping, AbortSignal.timeout(FETCH_WITHIN_MS)]);
  try {
    const fetched = await open(options, list, signal);
    const result = fetched.kind === "unchanged" ? null : await take(options, list, fetched, signal);
    if (result?.kind === "refused") return await fail(options, list, result.text);
    if (result?.kind === "stored") log.info({ list: id, entries: result.list.entries }, "address list has changed");
    else await confirm(db, list, fetched);
  } catch (error) {
    if (stopping.aborted) return;
    const isNotified = error instanceof FetchFailed || error instanceof TextTooLarge;
    if (!isNotified && !signal.aborted) throw error;
    await fail(options, list, isNotified ? error.text : policyText("fetch-late"));
  }
}

async function open(
  { storedSecrets, allowPrivate, directories }: ListRefreshOptions,
  list: AddressList,
  signal: AbortSignal,
): Promise<FetchedList> {
  if (list.file !== null) return await openListFile(list.file, directories(), list.validators);
  const url = storedSecrets.decrypt("address_lists", list.id, list.secret_url ?? "");
  if (url === null) throw new FetchFailed(policyText("secret-unreadable"));
  const mayBePrivate = list.school_id === null || allowPrivate();
  return await fetchList({ url, validators: list.validators, allowPrivate: mayBePrivate, signal });
}

async function take(
  options: ListRefreshOptions,
  list: AddressList,
  fetched: Extract<FetchedList, { kind: "content" }>,
  signal: AbortSignal,
): Promise<ContentResult> {
  const { chunks, validators } = fetched;
  const next = { validators, nextFetchAt: nextFetchAt(list) };
  return await replaceContent(options, {
    list,
    chunks,
    keepText: false,
    base: list.content_version,
    requester: SYSTEM,
    fetched: next,
    signal,
  });
}

/** The content that holds is what was fetched. A list whose address was changed meanwhile is due again. */
async function confirm(db: Database, list: AddressList, fetched: FetchedList): Promise<void> {
  const validators = fetched.kind === "content" ? fetched.validators : list.validators;
  await db
    .updateTable("address_lists")
    .set({ last_error: null, ...fetchedColumns({ validators, nextFetchAt: nextFetchAt(list) }) })
    .where("id", "=", list.id)
    .where("version", "=", list.version)
    .execute();
}

async function fail({ db, log }: ListRefreshOptions, list: AddressList, text: Text): Promise<void> {
  log.warn({ list: list.id, error: textKey(text) }, "address list not fetched, its last content stays in force");
  const seconds = Math.min(secondsOf(list), RETRY_SECONDS);
  await db
    .updateTable("address_lists")
    .set({ last_error: json<Text | null>(text), next_fetch_at: new Date(Date.now() + seconds * 1000) })
    .where("id", "=", list.id)
    .where("version", "=", list.version)
    .execute();
}

function nextFetchAt(list: AddressList): Date {
  return new Date(Date.now() + secondsOf(list) * 1000);
}

function secondsOf({ refresh_seconds: seconds }: AddressList): number {
  return seconds ?? FILE_SECONDS;
}

function textKey(text: Text): string {
  return "key" in text ? text.key : text.en;
}
