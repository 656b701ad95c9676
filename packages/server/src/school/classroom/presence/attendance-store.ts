/**
 * Writes who is in the rooms of this process to the database: once a second, one transaction for all rooms, so that joining costs no statement of its
 * own. The time of the last write is stored with each room: where this process dies, those who were there were there until then.
 */
import { sql } from "kysely";
import type { Clock } from "../../../platform/clock.ts";
import { newId } from "../../../platform/id.ts";
import type { Logger } from "../../../platform/log.ts";
import type { Database, Db } from "../../foundation/store/tables.ts";
import { Presence, type PresenceChanges, type PresenceOptions } from "./presence.ts";

const WRITE_INTERVAL_MS = 1000;
/** Intervals that ended earlier are not changed any more by late reports. */
const RESTORED_MS = 60 * 60_000;
/** Statements of more rows would hold up others on the embedded database. */
const ROWS_PER_STATEMENT = 2000;

export type AttendanceStoreOptions = { readonly db: Database; readonly log: Logger; readonly clock: Clock };

/** This process does not write the room's attendance any more. */
class PresenceLost extends Error {
  override readonly name = "PresenceLost";
}

export class AttendanceStore {
  private readonly options: AttendanceStoreOptions;
  /** Only the process that opened a room last writes to it. */
  private readonly owner = newId();
  private readonly rooms = new Map<string, Presence>();
  private writing: Promise<void> | null = null;
  private cancel: (() => void) | null = null;
  private failed = false;

  constructor(options: AttendanceStoreOptions) {
    this.options = options;
  }

  /**
   * Opens a room whose term this process holds, and takes over those who were there.
   * @param room tells followers the `people` and the `roster` signal, each at most once a second
   */
  async open(room: Pick<PresenceOptions, "lessonId" | "signal" | "notStudents">): Promise<Presence> {
    const { lessonId, signal, notStudents } = room;
    await this.close(lessonId);
    const { db, clock } = this.options;
    const { seen_at: seenAt, version } = await db
      .insertInto("room_presence")
      .values({ lesson_id: lessonId, owner: this.owner, seen_at: new Date(clock.utc()), version: 0 })
      .onConflict((conflict) => conflict.column("lesson_id").doUpdateSet({ owner: this.owner }))
      .returning(["seen_at", "version"])
      .executeTakeFirstOrThrow();
    const close = () => this.close(lessonId);
    const presence = new Presence({ lessonId, clock, signal, notStudents, version: Number(version), close });
    const rows = await db
      .selectFrom("attendance")
      .selectAll()
      .where("lesson_id", "=", lessonId)
      .where((where) => where.or([where("to_at", "is", null), where("to_at", ">", new Date(seenAt.getTime() - RESTORED_MS))]))
      .orderBy("from_at")
      .execute();
    for (const { participant_id: participant, from_at, to_at, device, present } of rows)
      presence.restore({ participant, from: from_at.getTime(), to: to_at?.getTime() ?? null, device, present }, seenAt.getTime());
    this.rooms.set(lessonId, presence);
    if (this.cancel === null) this.schedule();
    return presence;
  }

  /** Writes what is left, and lets another process have the room. */
  async close(lessonId: string): Promise<void> {
    const presence = this.rooms.get(lessonId);
    if (!presence) return;
    await this.write();
    // A write that was under way before had only a part of it.
    if (presence.hasChanges) await this.write();
    if (this.rooms.get(lessonId) === presence) this.rooms.delete(lessonId);
    presence.end(new PresenceLost());
  }

  async closeAll(): Promise<void> {
    for (const lessonId of [...this.rooms.keys()]) await this.close(lessonId);
    this.cancel?.();
    this.cancel = null;
  }

  /** Writes what has changed in all rooms. Never rejects: what fails is written at the next attempt. */
  write(): Promise<void> {
    this.writing ??= this.writeAll().finally(() => {
      this.writing = null;
    });
    return this.writing;
  }

  private schedule(): void {
    this.cancel = this.options.clock.after(WRITE_INTERVAL_MS, () => {
      this.cancel = null;
      void this.write().then(() => {
        if (this.rooms.size > 0 && this.cancel === null) this.schedule();
      });
    });
  }

  private async writeAll(): Promise<void> {
    const rooms = [...this.rooms.values()];
    for (const room of rooms) room.tick();
    // A room without people has nothing to say.
    const taken = rooms.filter((room) => room.hasChanges || room.count > 0).map((room) => ({ room, what: room.take() }));
    if (taken.length === 0) return;
    const seenAt = new Date(this.options.clock.utc());
    const versions = taken.map(({ room, what }) => room.version + (hasRows(what.changes) ? 1 : 0));
    try {
      const mine = await this.options.db.transaction().execute(async (trx) => {
        const rows = taken.map(({ room }, i) => ({ lesson: room.lessonId, version: versions[i] }));
        const held = await this.stamp(trx, rows, seenAt);
        for (const [i, { room, what }] of taken.entries())
          if (held.has(room.lessonId)) await writeRows(trx, room.lessonId, what.changes, versions[i] ?? 0);
        return held;
      });
      for (const [i, { room, what }] of taken.entries())
        if (mine.has(room.lessonId)) room.settle(what, versions[i] ?? 0);
        else this.lose(room, what);
      if (this.failed) this.options.log.info({ rooms: taken.length }, "attendance written again");
      this.failed = false;
    } catch (error) {
      for (const { room, what } of taken) room.putBack(what, error);
      if (!this.failed) this.options.log.warn({ reason: String(error) }, "attendance not written, repeated every second");
      this.failed = true;
    }
  }

  /** Says that what is known of the rooms is known until now. Returns those that this process may write. */
  private async stamp(trx: Db, rooms: readonly object[], seenAt: Date): Promise<Set<string>> {
    const { rows } = await sql<{ lesson_id: string }>`
      update room_presence set seen_at = ${seenAt}, version = r.version
      from jsonb_to_recordset(${JSON.stringify(rooms)}::jsonb) as r(lesson text, version bigint)
      where room_presence.lesson_id = r.lesson and room_presence.owner = ${this.owner}
      returning room_presence.lesson_id`.execute(trx);
    return new Set(rows.map(({ lesson_id: lessonId }) => lessonId));
  }

  private lose(room: Presence, what: ReturnType<Presence["take"]>): void {
    const lost = new PresenceLost();
    room.putBack(what, lost);
    room.end(lost);
    if (this.rooms.get(room.lessonId) === room) this.rooms.delete(room.lessonId);
  }
}

function hasRows({ written, removed }: PresenceChanges): boolean {
  return written.length > 0 || removed.length > 0;
}

async function writeRows(trx: Db, lessonId: string, { written, removed }: PresenceChanges, version: number): Promise<void> {
  if (removed.length > 0) {
    const gone = removed.map(({ participant, from }) => ({ participant, from: new Date(from).toISOString() }));
    await sql`
      delete from attendance using jsonb_to_recordset(${JSON.stringify(gone)}::jsonb) as r(participant text, "from" timestamptz)
      where attendance.participant_id = r.participant and attendance.from_at = r."from"`.execute(trx);
  }
  for (let i = 0; i < written.length; i += ROWS_PER_STATEMENT) {
    const rows = written.slice(i, i + ROWS_PER_STATEMENT).map((row) => ({
      ...row,
      from: new Date(row.from).toISOString(),
      to: row.to === null ? null : new Date(row.to).toISOString(),
    }));
    // A participant may have been deleted with the lesson or the school.
    await sql`
      insert into attendance (participant_id, from_at, to_at, lesson_id, device, present, version)
      select r.participant, r."from", r."to", ${lessonId}, r.device, r.present, ${version}::bigint
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
        as r(participant text, "from" timestamptz, "to" timestamptz, device text, present boolean)
      join participants on participants.id = r.participant and participants.lesson_id = ${lessonId}
      on conflict (participant_id, from_at) do update
        set to_at = excluded.to_at, device = excluded.device, present = excluded.present, version = excluded.version`.execute(trx);
  }
}
