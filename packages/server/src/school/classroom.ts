/** Provides the rooms of a control process, with what their domains stand on: moderation, load shedding, attendance, checks of pictures. */
import type { Degradation } from "../contracts/degradation/degradation.ts";
import { systemClock } from "../platform/clock.ts";
import { Moderation, type ModerationOptions } from "./classroom/moderation/moderation.ts";
import { ThumbnailChecks, type ThumbnailChecksOptions } from "./classroom/moderation/thumbnail-checks.ts";
import { AttendanceStore } from "./classroom/presence/attendance-store.ts";
import { RoomShedding } from "./classroom/room-shedding.ts";
import { type RoomLinks, Rooms, type RoomsOptions } from "./classroom/rooms.ts";
import type { StageContext } from "./classroom/stage/stage-domains.ts";
import { allDomains } from "./classroom-domains.ts";
import { findSlides, openMaterial, reopenMaterial } from "./lessons/materials/slides.ts";

export type ClassroomOptions = ModerationOptions &
  Omit<ThumbnailChecksOptions, "db" | "rooms"> &
  StageContext &
  Pick<RoomsOptions, "onDeliveriesQueued" | "onCommitted"> & { readonly links: RoomLinks; readonly degradation: Degradation };

export class Classroom {
  readonly rooms: Rooms;
  private readonly moderation: Moderation;
  private readonly shedding: RoomShedding;
  /** To be done with the other background work. */
  readonly thumbnailChecks: ThumbnailChecks;

  constructor(options: ClassroomOptions) {
    const { log, links, onDeliveriesQueued, onCommitted } = options;
    const { db } = options.store;
    this.shedding = new RoomShedding(options.degradation);
    const { shedding } = this;
    const attendance = new AttendanceStore({ db, log, clock: systemClock });
    this.moderation = new Moderation(options);
    this.rooms = new Rooms({
      db,
      log,
      links,
      onDeliveriesQueued,
      now: systemClock.utc,
      domains: allDomains({
        moderation: this.moderation,
        degradation: options.degradation,
        shedding,
        stage: options,
        board: { slides: { find: findSlides, opened: openMaterial, reopened: reopenMaterial } },
        db,
        now: systemClock.utc,
      }),
      openPresence: ({ id: lessonId }, { signal }, people) => {
        const notStudents = (participants: readonly string[]) => people.notStudents(participants);
        return attendance.open({ lessonId, signal, notStudents });
      },
      onCommitted,
    });
    this.thumbnailChecks = new ThumbnailChecks({ ...options, db, rooms: this.rooms });
  }

  async close(): Promise<void> {
    await this.rooms.close();
    this.shedding.close();
    await this.moderation.close();
  }
}
