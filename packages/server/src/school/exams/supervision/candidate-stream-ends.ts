/**
 * Ends streams of candidates who have handed in, who went on at another device, or whose attempt was deleted: a page that goes on publishing is not trusted to stop. Their keys begin nothing
 * new by then.
 */
import type { Logger } from "../../../platform/log.ts";
import { PeriodicWork } from "../../../platform/periodic-work.ts";
import type { Database } from "../../foundation/store/tables.ts";
import type { LiveStream } from "../../lessons/live-lessons.ts";
import type { StreamControl } from "../../lessons/stream-control.ts";
import { openTalks } from "../talks.ts";
import { type CandidateStream, candidateOfStream, type TalkStream, talkOfStream } from "./stream-names.ts";

export type CandidateStreamEndsOptions = {
  readonly db: Database;
  readonly log: Logger;
  readonly isLeader: () => boolean;
  readonly live: () => readonly LiveStream[];
  readonly end: StreamControl["end"];
};

const LOOK_EVERY_MS = 5000;
/** Attempts that are read together. */
const ATTEMPTS_OF_QUESTION = 1000;

type Live = LiveStream & { readonly candidate: CandidateStream };
type LiveTalk = LiveStream & { readonly talk: TalkStream };

export class CandidateStreamEnds {
  private readonly options: CandidateStreamEndsOptions;
  private readonly looking: PeriodicWork;

  constructor(options: CandidateStreamEndsOptions) {
    this.options = options;
    this.looking = new PeriodicWork({
      everyMs: LOOK_EVERY_MS,
      log: options.log,
      failure: "streams of candidates who have handed in not ended, trying again",
      work: () => this.look(),
    });
  }

  start(): void {
    this.looking.start();
  }

  close(): Promise<void> {
    return this.looking.close();
  }

  async look(): Promise<void> {
    if (!this.options.isLeader()) return;
    const live = this.options.live().flatMap((stream): Live[] => {
      const candidate = candidateOfStream(stream.name);
      return candidate ? [{ ...stream, candidate }] : [];
    });
    for (let from = 0; from < live.length; from += ATTEMPTS_OF_QUESTION)
      await this.endOver(live.slice(from, from + ATTEMPTS_OF_QUESTION));
    const talks = this.options.live().flatMap((stream): LiveTalk[] => {
      const talk = talkOfStream(stream.name);
      return talk ? [{ ...stream, talk }] : [];
    });
    if (talks.length > 0) await this.endTalks(talks);
  }

  /** A microphone that stays on after the talk is not listened to any more. */
  private async endTalks(live: readonly LiveTalk[]): Promise<void> {
    const { db, end } = this.options;
    const ids = [...new Set(live.map(({ talk }) => talk.attempt))];
    const sitting = await db
      .selectFrom("exam_attempts")
      .select("id")
      .where("id", "in", ids)
      .where("handed_in_at", "is", null)
      .execute();
    const open = await openTalks(
      db,
      sitting.map(({ id }) => id),
      Date.now(),
    );
    for (const { app, name, talk } of live) {
      const known = open.get(talk.attempt);
      if (known?.number !== talk.number || known.accepted_at === null) await end(app, name);
    }
  }

  private async endOver(live: readonly Live[]): Promise<void> {
    const { db, end } = this.options;
    const ids = [...new Set(live.map(({ candidate }) => candidate.attempt))];
    const attempts = await db.selectFrom("exam_attempts").select(["id", "seat", "handed_in_at"]).where("id", "in", ids).execute();
    const byId = new Map(attempts.map((attempt) => [attempt.id, attempt]));
    for (const { app, name, candidate } of live) {
      const attempt = byId.get(candidate.attempt);
      const isCurrent = candidate.kind === "phone" || candidate.seat === attempt?.seat;
      if (!attempt || attempt.handed_in_at !== null || !isCurrent) await end(app, name);
    }
  }
}
