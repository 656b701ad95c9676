/**
 * Keeps the word lists of the schools whose rooms this process owns, compiled, and their external checks of texts. They are loaded with the
 * first room of a school, and again when the database notifies of a change by any control process (`lectern_notify_text_checks`).
 */
import type { Logger } from "../../../platform/log.ts";
import type { Notices } from "../../../platform/store/notices.ts";
import type { Store } from "../../../platform/store/store.ts";
import type { ContentCheck } from "../../foundation/store/moderation-tables.ts";
import type { StoredSecrets } from "../../foundation/store/stored-secrets.ts";
import type { Tables } from "../../foundation/store/tables.ts";
import type { TextCheck, TextVerdict } from "../text-check.ts";
import { WordMatcher } from "./words/word-matcher.ts";

const CHANNEL = "lectern_text_checks";
const RETRY_MS = 1000;

export type ExternalCheck = Pick<ContentCheck, "url" | "secret" | "deadline_ms" | "fallback">;

type Loaded = { readonly words: WordMatcher; readonly external: ExternalCheck | null };
type SchoolState = {
  readonly rooms: Set<string>;
  loaded: Loaded | null;
  /** There was a change since the loading that is under way began. */
  isStale: boolean;
  loading: Promise<void> | null;
};

export type TextChecksOptions = {
  readonly store: Store<Tables>;
  readonly storedSecrets: Pick<StoredSecrets, "decrypt">;
  readonly log: Logger;
};

export class TextChecks {
  private readonly options: TextChecksOptions;
  private readonly schools = new Map<string, SchoolState>();
  private notices: Notices | null = null;
  private closed = false;

  constructor(options: TextChecksOptions) {
    this.options = options;
  }

  /** Texts of a school with an external check are held until it has answered. So are those of a school whose lists are not loaded. */
  readonly check: TextCheck = (schoolId, text) => {
    const verdict = this.words(schoolId, text);
    const isLeft = verdict.action === "pass" || verdict.action === "mask";
    return isLeft && this.external(schoolId) ? { action: "hold", text, reason: null } : verdict;
  };

  /** What the word lists alone say. */
  words(schoolId: string, text: string): TextVerdict {
    return this.schools.get(schoolId)?.loaded?.words.check(text) ?? { action: "hold", text, reason: null };
  }

  /** Null: the school has none. */
  external(schoolId: string): ExternalCheck | null {
    return this.schools.get(schoolId)?.loaded?.external ?? null;
  }

  /** A room is opened: waits for the lists of its school. */
  async opened(schoolId: string, lessonId: string): Promise<void> {
    // The first room begins it: a server at rest has no connection for it.
    this.notices ??= this.options.store.listen(CHANNEL, {
      onNotice: (id) => this.changed(id),
      // A change may have been missed until now.
      onState: (isListening) => {
        if (isListening) for (const id of this.schools.keys()) this.changed(id);
      },
    });
    const school = this.schools.get(schoolId) ?? { rooms: new Set(), loaded: null, isStale: false, loading: null };
    this.schools.set(schoolId, school);
    school.rooms.add(lessonId);
    school.loaded ??= await this.read(schoolId);
  }

  closedRoom(lessonId: string): void {
    for (const [schoolId, { rooms }] of this.schools) if (rooms.delete(lessonId) && rooms.size === 0) this.schools.delete(schoolId);
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.notices?.close();
    await Promise.all([...this.schools.values()].map(({ loading }) => loading));
  }

  private changed(schoolId: string): void {
    const school = this.schools.get(schoolId);
    if (!school || this.closed) return;
    school.isStale = true;
    school.loading ??= this.reload(schoolId, school).finally(() => {
      school.loading = null;
    });
  }

  private async reload(schoolId: string, school: SchoolState): Promise<void> {
    while (school.isStale && !this.closed && this.schools.get(schoolId) === school) {
      school.isStale = false;
      try {
        school.loaded = await this.read(schoolId);
      } catch (error) {
        school.isStale = true;
        this.options.log.warn({ school: schoolId, reason: String(error) }, "word lists not loaded, trying again");
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS).unref());
      }
    }
  }

  private async read(schoolId: string): Promise<Loaded> {
    const { db } = this.options.store;
    const lists = await db
      .selectFrom("word_lists")
      .select(["name", "action", "words", "skips_signs"])
      .where("school_id", "=", schoolId)
      .where("enabled", "=", true)
      .orderBy("id")
      .execute();
    const check = await db
      .selectFrom("content_checks")
      .selectAll()
      .where("school_id", "=", schoolId)
      .where("kind", "=", "text")
      .where("enabled", "=", true)
      .executeTakeFirst();
    const words = await WordMatcher.compile(lists.map(({ skips_signs, ...list }) => ({ ...list, skipsSigns: skips_signs })));
    if (!check) return { words, external: null };
    const secret = this.options.storedSecrets.decrypt("content_checks", check.id, check.secret) ?? "";
    return { words, external: { ...check, secret } };
  }
}
