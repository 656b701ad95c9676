/** Reads once what all are judged by who join a lesson in one transaction, and collects what webhooks are told of them. */

import type { QueuedEvent } from "../foundation/store/events.ts";
import type { Db, Lesson } from "../foundation/store/tables.ts";
import { staffSkeletons } from "./guest-name.ts";
import { capacityOf } from "./small-lesson.ts";

export class Entrance {
  readonly trx: Db;
  readonly events: QueuedEvent[] = [];
  private readonly lessonId: string;
  private readonly reads: {
    lesson?: Promise<Lesson>;
    terms?: Promise<string>;
    staffNames?: Promise<readonly string[]>;
    hasRemovedDevices?: Promise<boolean>;
  } = {};

  constructor(trx: Db, lessonId: string) {
    this.trx = trx;
    this.lessonId = lessonId;
  }

  /** With a lock where its places are counted: those who join in other transactions count one after the other. */
  lesson(): Promise<Lesson> {
    this.reads.lesson ??= this.readLesson();
    return this.reads.lesson;
  }

  /** The terms of the school that guests agree to; empty: there are none. */
  terms(): Promise<string> {
    this.reads.terms ??= this.readTerms();
    return this.reads.terms;
  }

  /** The names of the lesson's staff as guests may not have them: `guest-name.ts`. */
  staffNames(): Promise<readonly string[]> {
    this.reads.staffNames ??= this.lesson().then((lesson) => staffSkeletons(this.trx, lesson));
    return this.reads.staffNames;
  }

  /** Whether anybody was removed together with the device. */
  hasRemovedDevices(): Promise<boolean> {
    this.reads.hasRemovedDevices ??= this.readRemovedDevices();
    return this.reads.hasRemovedDevices;
  }

  private async readLesson(): Promise<Lesson> {
    const read = this.trx.selectFrom("lessons").selectAll().where("id", "=", this.lessonId);
    const found = await read.executeTakeFirstOrThrow();
    return capacityOf(found) === null ? found : await read.forUpdate().executeTakeFirstOrThrow();
  }

  private async readTerms(): Promise<string> {
    const { school_id: schoolId } = await this.lesson();
    const schools = this.trx.selectFrom("schools").select("guest_consent").where("id", "=", schoolId);
    return (await schools.executeTakeFirstOrThrow()).guest_consent;
  }

  private async readRemovedDevices(): Promise<boolean> {
    const removed = await this.trx
      .selectFrom("participants")
      .select("id")
      .where("lesson_id", "=", this.lessonId)
      .where("removed_at", "is not", null)
      .where("device_removed", "=", true)
      .limit(1)
      .executeTakeFirst();
    return removed !== undefined;
  }
}
