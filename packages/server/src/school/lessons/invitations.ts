/**
 * Answers what a join code stands for. Every class page polls it, so the answers stay in memory until something that they show changes: the
 * database notifies all control processes on it (`lectern_notify_invitations`). While notices may be missed, each answer is read from the database.
 */
import type { Notices } from "../../platform/store/notices.ts";
import type { Store } from "../../platform/store/store.ts";
import { logoAddress } from "../foundation/schools/logo-address.ts";
import type { AuditEntry } from "../foundation/store/audit-log.ts";
import type { Tables } from "../foundation/store/tables.ts";
import { activeLessons } from "./lesson-by-code.ts";

const CHANNEL = "lectern_invitations";
/** A school has a few hundred lessons a day; the oldest answer goes first. */
const MAX_KEPT = 5000;

/** What people see before they join. */
type Invitation = NonNullable<Awaited<ReturnType<typeof readInvitation>>>;

export class Invitations {
  private readonly store: Store<Tables>;
  private readonly kept = new Map<string, Invitation>();
  private readonly reading = new Map<string, Promise<Invitation | null>>();
  private notices: Notices | null = null;
  private isListening = false;
  /** Counts changes: an answer that was read before one is not kept. */
  private changes = 0;

  constructor(store: Store<Tables>) {
    this.store = store;
  }

  /** The invitation of a lesson outside the bin; null for an unknown code. @param code as `readCode` gives it */
  async find(code: string): Promise<Invitation | null> {
    // The first page begins it: a server at rest has no connection for it.
    this.notices ??= this.store.listen(CHANNEL, {
      onNotice: (id) => this.changed(id),
      onState: (isListening) => {
        this.isListening = isListening;
        this.forgetAll();
      },
    });
    const kept = this.kept.get(code);
    if (kept) return kept;
    // Requests that come while an answer is read wait for it, unless there was a change since.
    const reading = this.reading.get(code) ?? this.read(code);
    return await reading;
  }

  /** After a commit of this process: its own requests see a change at once, before the notice arrives. */
  committed(entries: readonly AuditEntry[]): void {
    for (const { targetId } of entries) if (targetId) this.changed(targetId);
  }

  async close(): Promise<void> {
    await this.notices?.close();
  }

  private read(code: string): Promise<Invitation | null> {
    const { changes } = this;
    const reading = readInvitation(this.store.db, code)
      .then((found) => {
        if (found && this.isListening && changes === this.changes) this.keep(code, found);
        return found ?? null;
      })
      .finally(() => {
        if (this.reading.get(code) === reading) this.reading.delete(code);
      });
    this.reading.set(code, reading);
    return reading;
  }

  private keep(code: string, invitation: Invitation): void {
    this.kept.set(code, invitation);
    if (this.kept.size <= MAX_KEPT) return;
    for (const oldest of this.kept.keys()) {
      this.kept.delete(oldest);
      return;
    }
  }

  /** @param id of a lesson, a school or a person */
  private changed(id: string): void {
    this.changes++;
    this.reading.clear();
    for (const [code, { lessonId, schoolId, teacherId }] of this.kept)
      if (id === lessonId || id === schoolId || id === teacherId) this.kept.delete(code);
  }

  private forgetAll(): void {
    this.changes++;
    this.reading.clear();
    this.kept.clear();
  }
}

async function readInvitation(db: Store<Tables>["db"], code: string) {
  const found = await activeLessons(db)
    .leftJoin("users", "users.id", "lessons.teacher_id")
    .where("lessons.code", "=", code)
    .clearSelect()
    .select([
      "lessons.id as lessonId",
      "lessons.title",
      "schools.name as school",
      "users.name as teacher",
      "lessons.state",
      "lessons.starts_at as startsAt",
      "lessons.ends_at as endsAt",
      "lessons.started_at as startedAt",
      "lessons.publisher_left_at as publisherLeftAt",
      "lessons.guests",
      "schools.guest_consent as guestConsent",
      "schools.accent",
      "schools.logo",
      "lessons.school_id as schoolId",
      "lessons.teacher_id as teacherId",
    ])
    .executeTakeFirst();
  return found && { ...found, logo: logoAddress({ id: found.schoolId, logo: found.logo }) };
}
