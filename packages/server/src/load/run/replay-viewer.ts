/** Plays one person of a test who watches the recording of a lesson that has ended, as a guest with the lesson's code. */

import { watchHls } from "../clients/hls-viewer.ts";
import { HttpLine } from "../clients/http-line.ts";
import { codeOf, targetOf, type Viewer } from "../clients/viewer.ts";
import type { PlannedPerson } from "../plan/schedule.ts";
import type { LessonRun } from "./lesson-run.ts";
import type { PersonContext } from "./person.ts";

/** Pages poll for a recording that is not complete yet. */
const POLL_MS = 2000;

export class ReplayViewer {
  private readonly planned: PlannedPerson;
  private readonly lesson: LessonRun;
  private readonly context: PersonContext;
  private viewer: Viewer | null = null;
  private line: HttpLine | null = null;
  isPresent = false;
  isServed = false;
  readonly isInRoom = false;

  constructor(planned: PlannedPerson, lesson: LessonRun, context: PersonContext) {
    this.planned = planned;
    this.lesson = lesson;
    this.context = context;
  }

  get isWatching(): boolean {
    return this.viewer !== null;
  }

  start(): void {
    const { timers } = this.context;
    timers.at(this.planned.arrivesAt, () => void this.come());
    timers.at(this.planned.leavesAt, () => this.leave());
  }

  look(now: number) {
    return this.viewer ? { ...this.viewer.playback.look(now), bytes: this.viewer.bytes() } : null;
  }

  leave(): void {
    this.isPresent = false;
    this.line?.drop();
    const { viewer } = this;
    if (!viewer) return;
    this.viewer = null;
    this.context.measurements.watched(viewer.playback.look(performance.now()), viewer.bytes());
    viewer.close();
  }

  private async come(): Promise<void> {
    const { origin, measurements } = this.context;
    this.isPresent = true;
    measurements.count("came");
    const line = new HttpLine(() => targetOf(origin));
    this.line = line;
    const { code } = this.lesson.made;
    const id = await this.recording(line, code);
    if (id === null) return;
    const asked = performance.now();
    const answer = await line.request({ method: "POST", path: `/api/v1/recordings/${id}/links`, body: JSON.stringify({ code }) });
    if (!this.isPresent) return;
    if (answer.status !== 200) return measurements.failure("replay.link", codeOf(answer.status, answer.body));
    measurements.latency("replay.link", answer.milliseconds);
    const { play } = JSON.parse(answer.body.toString()) as { readonly play: { readonly hls: string } };
    line.drop();
    this.viewer = watchHls(
      {
        url: new URL(play.hls),
        sentAt: () => null,
        onFirstFrame: () => {
          this.isServed = true;
          measurements.latency("firstFrame.replay", performance.now() - asked);
        },
        onDelay: () => {},
        onEnd: (reason) => {
          if (reason !== "ended") measurements.failure("watch.replay", reason);
        },
      },
      false,
    );
  }

  /** Waits until there is one. @returns null: the person has left, or was refused */
  private async recording(line: HttpLine, code: string): Promise<string | null> {
    const { measurements, timers } = this.context;
    while (this.isPresent) {
      const answer = await line.request({ method: "GET", path: `/api/v1/invitations/${code}/recordings` });
      if (!this.isPresent) return null;
      if (answer.status !== 200) {
        measurements.failure("replay.list", codeOf(answer.status, answer.body));
        return null;
      }
      const { items } = JSON.parse(answer.body.toString()) as { readonly items: readonly { readonly id: string }[] };
      const [first] = items;
      if (first) return first.id;
      await new Promise<void>((resolve) => timers.after(POLL_MS, resolve));
    }
    return null;
  }
}
