/** Tells who the participants of a lesson are to its room. */

import type { RoomPerson } from "@lectern/room";
import type { Actor } from "../../access/actor.ts";
import type { Database, Lesson } from "../foundation/store/tables.ts";
import { hasLessonRight } from "../lessons/lesson-rights.ts";

/** A removed or renamed person is noticed within this time; workers disconnect removed people themselves. */
const KNOWN_MS = 5000;
const MAX_KNOWN = 50_000;

type Known = { readonly person: RoomPerson | null; readonly at: number };

export class RoomPeople {
  private readonly db: Database;
  private readonly lesson: Lesson;
  private readonly now: () => number;
  private readonly known = new Map<string, Known>();

  constructor(db: Database, lesson: Lesson, now: () => number) {
    this.db = db;
    this.lesson = lesson;
    this.now = now;
  }

  /** In the order of the ids; null for those who may not be in the room. One query for all who are not known. */
  async find(ids: readonly string[]): Promise<(RoomPerson | null)[]> {
    const now = this.now();
    const missing = [...new Set(ids)].filter((id) => now - (this.known.get(id)?.at ?? Number.NEGATIVE_INFINITY) > KNOWN_MS);
    if (missing.length > 0) await this.load(missing, now);
    return ids.map((id) => this.known.get(id)?.person ?? null);
  }

  /** A changed role counts from the person's next action on. */
  async notStudents(ids: readonly string[]): Promise<number> {
    const missing = ids.filter((id) => !this.known.has(id));
    if (missing.length > 0) await this.load(missing, this.now());
    const people = ids.map((id) => this.known.get(id)?.person);
    return people.filter((person) => person?.role === "staff" || person?.watches).length;
  }

  private async load(ids: readonly string[], at: number): Promise<void> {
    const rows = await this.db
      .selectFrom("participants")
      .leftJoin("users", "users.id", "participants.user_id")
      .select(["participants.id", "participants.name", "participants.user_id", "users.role", "users.school_id"])
      .leftJoin("watchers", "watchers.participant_id", "participants.id")
      .select(["users.name as account_name", "users.disabled_at", "watchers.chat"])
      .where("participants.lesson_id", "=", this.lesson.id)
      .where("participants.id", "in", [...ids])
      .where("participants.removed_at", "is", null)
      .where("participants.waiting_since", "is", null)
      .execute();
    const found = new Map<string, RoomPerson>();
    for (const { id, name, user_id: userId, role, school_id: schoolId, account_name, disabled_at, chat } of rows) {
      const watches = chat !== null;
      if (userId === null || role === null)
        found.set(id, { id, name, role: chat === false ? "watcher" : "guest", ...(watches ? { watches } : {}) });
      else if (disabled_at === null) {
        const actor: Actor = { kind: "user", id: userId, name, role, schoolId, scopes: null, ip: "" };
        const isStaff = await hasLessonRight(this.db, actor, this.lesson, "assist");
        found.set(id, { id, name: account_name ?? name, role: isStaff ? "staff" : "member" });
      }
    }
    for (const id of ids) {
      this.known.delete(id);
      this.known.set(id, { person: found.get(id) ?? null, at });
    }
    for (const oldest of this.known.keys()) {
      if (this.known.size <= MAX_KNOWN) break;
      this.known.delete(oldest);
    }
  }
}
