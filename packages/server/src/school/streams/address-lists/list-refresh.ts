/**
 * Keeps address lists of URLs and files up to date, on the leader. While a list cannot be fetched, its last content stays in force, and the list
 * says what is wrong.
 */
import type { Logger } from "../../../platform/log.ts";
import type { Text } from "../../../platform/messages/message.ts";
import { Semaphore } from "../../../platform/semaphore.ts";
import { json } from "../../../platform/store/store.ts";
import { policyText } from "../../foundation/messages/policy-texts.ts";
import type { AddressList } from "../../foundation/store/policy-tables.ts";
import { SYSTEM } from "../../foundation/store/requester.ts";
import type { StoredSecrets } from "../../foundation/store/stored-secrets.ts";
import { type FetchedList, FetchFailed, fetchList } from "./fetch-list.ts";
import { type ContentContext, type ContentResult, fetchedColumns, replaceContent, TextTooLarge } from "./list-content.ts";
import { openListFile } from "./list-files.ts";

/** How often it looks for lists that are due. */
const POLL_MS = 2000;
/** Looking at a file costs nothing. */
const FILE_SECONDS = 5;
/** After a failure at most. */
const RETRY_SECONDS = 300;
const FETCH_WITHIN_MS = 10 * 60_000;
const AT_ONCE = 2;

export type ListRefreshOptions = ContentContext & {
  readonly log: Logger;
  readonly storedSecrets: StoredSecrets;
  readonly isLeader: () => boolean;
  /** Whether lists of schools may be fetched from private networks; those of operators may. */
  readonly allowPrivate: () => boolean;
  /** Directories that files may be in. */
  readonly directories: () => readonly string[];
  /** Default: 2 s. */
  readonly pollMs?: number;
};

export class ListRefresh {
  private readonly options: ListRefreshOptions;
  private readonly permits = new Semaphore(AT_ONCE);
  private readonly fetching = new Map<string, Promise<void>>();
  private readonly stopping = new AbortController();
  private timer: NodeJS.Timeout | null = null;
  private polling: Promise<void> | null = null;
  private pollAgain = false;

  constructor(options: ListRefreshOptions) {
    this.options = options;
  }

  start(): void {
    this.timer = setInterval(() => this.wake(), this.options.pollMs ?? POLL_MS);
    this.timer.unref();
    this.wake();
  }

  /** Looks for lists that are due, where this process is the leader. */
  wake(): void {
    this.pollAgain = true;
    if (this.stopping.signal.aborted || !this.options.isLeader()) return;
    this.polling ??= this.poll().finally(() => {
      this.polling = null;
    });
  }

  /** Ends the fetches that are under way; their lists stay as they are. */
  async close(): Promise<void> {
    this.stopping.abort();
    if (this.timer) clearInterval(this.timer);
    await this.polling;
    await Promise.all(this.fetching.values());
  }

  private async poll(): Promise<void> {
    const { db, log } = this.options;
    while (this.pollAgain && !this.stopping.signal.aborted) {
      this.pollAgain = false;
      try {
        const due = await db
          .selectFrom("address_lists")
          .select("id")
          .where("next_fetch_at", "<=", new Date())
          .orderBy("next_fetch_at")
          .execute();
        for (const { id } of due) if (!this.fetching.has(id)) this.fetching.set(id, this.refresh(id));
      } catch (error) {
        log.warn({ reason: String(error) }, "address lists not readable, trying again");
      }
    }
  }

  private async refresh(id: string): Promise<void> {
    const { log } = this.options;
    try {
      await this.permits.run(() => this.fetchOne(id));
    } catch (error) {
      log.warn({ list: id, reason: String(error) }, "address list not refreshed, trying again");
    } finally {
      this.fetching.delete(id);
    }
  }

  private async fetchOne(id: string): Promise<void> {
    const { db, log } = this.options;
    if (this.stopping.signal.aborted) return;
    const list = await db.selectFrom("address_lists").selectAll().where("id", "=", id).executeTakeFirst();
    if (!list) return;
    const signal = AbortSignal.any([this.stopping.signal, AbortSignal.timeout(FETCH_WITHIN_MS)]);
    try {
      const fetched = await this.open(list, signal);
      const result = fetched.kind === "unchanged" ? null : await this.take(list, fetched, signal);
      if (result?.kind === "refused") return await this.fail(list, result.text);
      if (result?.kind === "stored") log.info({ list: id, entries: result.list.entries }, "address list has changed");
      else await this.confirm(list, fetched);
    } catch (error) {
      if (this.stopping.signal.aborted) return;
      const isTold = error instanceof FetchFailed || error instanceof TextTooLarge;
      if (!isTold && !signal.aborted) throw error;
      await this.fail(list, isTold ? error.text : policyText("fetch-late"));
    }
  }

  private async open(list: AddressList, signal: AbortSignal): Promise<FetchedList> {
    const { storedSecrets, allowPrivate, directories } = this.options;
    if (list.file !== null) return await openListFile(list.file, directories(), list.validators);
    const url = storedSecrets.decrypt("address_lists", list.id, list.secret_url ?? "");
    if (url === null) throw new FetchFailed(policyText("secret-unreadable"));
    const mayBePrivate = list.school_id === null || allowPrivate();
    return await fetchList({ url, validators: list.validators, allowPrivate: mayBePrivate, signal });
  }

  private async take(
    list: AddressList,
    fetched: Extract<FetchedList, { kind: "content" }>,
    signal: AbortSignal,
  ): Promise<ContentResult> {
    const { chunks, validators } = fetched;
    const next = { validators, nextFetchAt: nextFetchAt(list) };
    return await replaceContent(this.options, {
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
  private async confirm(list: AddressList, fetched: FetchedList): Promise<void> {
    const validators = fetched.kind === "content" ? fetched.validators : list.validators;
    await this.options.db
      .updateTable("address_lists")
      .set({ last_error: null, ...fetchedColumns({ validators, nextFetchAt: nextFetchAt(list) }) })
      .where("id", "=", list.id)
      .where("version", "=", list.version)
      .execute();
  }

  private async fail(list: AddressList, text: Text): Promise<void> {
    const { db, log } = this.options;
    log.warn({ list: list.id, error: textKey(text) }, "address list not fetched, its last content stays in force");
    const seconds = Math.min(secondsOf(list), RETRY_SECONDS);
    await db
      .updateTable("address_lists")
      .set({ last_error: json<Text | null>(text), next_fetch_at: new Date(Date.now() + seconds * 1000) })
      .where("id", "=", list.id)
      .where("version", "=", list.version)
      .execute();
  }
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
