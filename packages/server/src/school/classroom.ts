/** Provides the rooms of a control process, with what their domains stand on: moderation, load shedding, attendance, checks of pictures. */
import { systemClock } from "../platform/clock.ts";
import { LoadShedding } from "./classroom/load-shedding.ts";
import { Moderation, type ModerationOptions } from "./classroom/moderation/moderation.ts";
import { ThumbnailChecks, type ThumbnailChecksOptions } from "./classroom/moderation/thumbnail-checks.ts";
import { AttendanceStore } from "./classroom/presence/attendance-store.ts";
import { type RoomLinks, Rooms, type RoomsOptions } from "./classroom/rooms.ts";
import type { StageContext } from "./classroom/stage/stage-domains.ts";
import { allDomains } from "./classroom-domains.ts";
import { findSlides, openMaterial, reopenMaterial } from "./lessons/materials/slides.ts";

export type ClassroomOptions = ModerationOptions &
  Omit<ThumbnailChecksOptions, "db" | "rooms"> &
  StageContext &
  Pick<RoomsOptions, "onDeliveriesQueued"> & { readonly links: RoomLinks };

export class Classroom {
  readonly rooms: Rooms;
  private readonly moderation: Moderation;
  /** To be done with the other background work. */
  readonly thumbnailChecks: ThumbnailChecks;

  constructor(options: ClassroomOptions) {
    const { log, links, onDeliveriesQueued } = options;
    const { db } = options.store;
    const shedding = new LoadShedding();
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
      onCommitted: (milliseconds) => shedding.committed(milliseconds),
    });
    this.thumbnailChecks = new ThumbnailChecks({ ...options, db, rooms: this.rooms });
  }

  async close(): Promise<void> {
    await this.rooms.close();
    await this.moderation.close();
  }
}
