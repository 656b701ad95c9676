/**
 * Publishes what a source delivers: opens the publish session with the first media, so that a source that is dead makes no stream, and holds
 * the frames that come until the stream is granted.
 */
import type { Malformed } from "@lectern/media";
import type { JobProblem } from "../../contracts/jobs/job-report.ts";
import type { Clock } from "../../platform/clock.ts";
import { Refusal } from "../../platform/refusal.ts";
import type { PublishRequest, PublishSession, SourceMessage, Streams } from "../streams/index.ts";
import { LastGop } from "./last-gop.ts";
import { messageOf } from "./source.ts";

export type PublisherOptions = {
  readonly streams: Pick<Streams, "publications">;
  readonly clock: Clock;
  readonly request: Pick<PublishRequest, "app" | "name" | "source">;
  /** It is published: the first time, the stream is live. */
  readonly onGranted: () => void;
  /** The stream was refused, or taken away. Called once. Not after `leave` and `end`. */
  readonly onLost: (problem: JobProblem) => void;
};

export class Publisher {
  private readonly options: PublisherOptions;
  private readonly held = new LastGop();
  private readonly published = new Set<string>();
  private session: PublishSession | null = null;
  private opening = false;
  private over = false;

  constructor(options: PublisherOptions) {
    this.options = options;
  }

  /** Tracks that it has published frames of. */
  get tracks(): ReadonlySet<string> {
    return this.published;
  }

  /** `Malformed` when the rules of the codec are broken. */
  push(message: SourceMessage): Malformed | null {
    if (this.over) return null;
    if (message.kind === "frame") this.published.add(message.track);
    if (!this.session) {
      this.held.push(message);
      // Metadata alone is no stream.
      if (message.kind === "frame" || message.kind === "configuration") this.open();
      return null;
    }
    this.heard();
    return this.session.push(message);
  }

  /** The source lives. */
  heard(): void {
    this.session?.heard(this.options.clock.monotonic());
  }

  /** The source is gone, or another process pulls it now. Viewers wait for the grace period. */
  leave(): void {
    this.over = true;
    this.session?.close();
  }

  /** Nobody wants the stream any more. @param reason for viewers */
  end(reason: string): void {
    this.over = true;
    this.session?.end(reason);
  }

  private open(): void {
    if (this.opening) return;
    this.opening = true;
    const { streams, request } = this.options;
    streams.publications
      .open({ ...request, backup: false, onRevoked: (reason) => this.lose(revocationProblem(reason)) })
      .then((outcome) => {
        if (outcome instanceof Refusal) return this.lose(refusalProblem(outcome));
        if (this.over) return outcome.close();
        this.session = outcome;
        this.options.onGranted();
        for (const message of this.held.take()) {
          const broken = outcome.push(message);
          if (broken) return this.lose({ code: "not-media", detail: broken.rule });
        }
      })
      .catch((error: unknown) => this.lose({ code: "program-failed", detail: messageOf(error) }));
  }

  private lose(problem: JobProblem): void {
    if (this.over) return;
    this.leave();
    this.options.onLost(problem);
  }
}

function refusalProblem({ code }: Refusal): JobProblem {
  if (code === "publisher-present") return PRESENT;
  return { code: "overloaded", detail: `The stream was refused: ${code}.` };
}

function revocationProblem(reason: string): JobProblem {
  return reason === "superseded" ? PRESENT : { code: "ended", detail: `The stream was ended here: ${reason}.` };
}

const PRESENT: JobProblem = { code: "publisher-present", detail: "Somebody else publishes under this name." };
