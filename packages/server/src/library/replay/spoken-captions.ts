/** Provides what was said in the lessons of recordings, as the control process has it: in the newest words. */
import { captionsIn } from "../../contracts/rooms/captions-answer.ts";
import type { RoomReplayMessages, SpokenCaption } from "../../contracts/rooms/room-replay.ts";

/** A teacher may have corrected a line. */
const FRESH_MS = 5000;
const MAX_LESSONS = 100;

type Known = { readonly at: number; readonly value: Promise<readonly SpokenCaption[]> };

export class SpokenCaptions {
  private readonly ask: RoomReplayMessages["roomReplay"];
  private readonly now: () => number;
  /** By lesson, in the order of the requests. */
  private readonly known = new Map<string, Known>();

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
    this.known.delete(lesson);
    this.known.set(lesson, { at: this.now(), value });
    const oldest = this.known.size > MAX_LESSONS ? this.known.keys().next().value : undefined;
    if (oldest !== undefined) this.known.delete(oldest);
    return value;
  }
}
