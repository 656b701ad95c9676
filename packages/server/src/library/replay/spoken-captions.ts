/** Provides what was said in the lessons of recordings, as the control process has it: in the newest words. */
import { captionsIn } from "../../contracts/rooms/captions-answer.ts";
import type { RoomReplayMessages, SpokenCaption } from "../../contracts/rooms/room-replay.ts";
import { RecentMap } from "../../platform/recent-map.ts";

/** A teacher may have corrected a line. */
const FRESH_MS = 5000;
const MAX_LESSONS = 100;

type Known = { readonly at: number; readonly value: Promise<readonly SpokenCaption[]> };

export class SpokenCaptions {
  private readonly ask: RoomReplayMessages["roomReplay"];
  private readonly now: () => number;
  /** By lesson. */
  private readonly known = new RecentMap<string, Known>(MAX_LESSONS);

  constructor(ask: RoomReplayMessages["roomReplay"], now: () => number) {
    this.ask = ask;
    this.now = now;
  }

  /** While the control process is unreachable, the last answer holds; without one there are none. */
  of(lesson: string): Promise<readonly SpokenCaption[]> {
    const known = this.known.get(lesson);
    if (known && this.now() - known.at < FRESH_MS) return known.value;
    const value = this.ask({ kind: "captions", lesson })
      .then(captionsIn)
      .catch(() => known?.value ?? []);
    this.known.set(lesson, { at: this.now(), value });
    return value;
  }
}
