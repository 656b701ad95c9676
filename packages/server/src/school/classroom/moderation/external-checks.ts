/**
 * Asks schools' own checks about texts, and tells the texts' rooms what they answered. A text that is being asked about is an entry of its
 * room, so it is asked about once more where the room gets another owner.
 */
import type { Logger } from "../../../platform/log.ts";
import { Semaphore } from "../../../platform/semaphore.ts";
import type { RoomHandle } from "../domain.ts";
import type { Checked } from "./check-answer.ts";
import type { HeldLine } from "./held-line.ts";
import { postCheck } from "./post-check.ts";
import type { ExternalCheck, TextChecks } from "./text-checks.ts";

/** Questions at once of all schools of this process; the deadline counts while one waits. */
const MAX_CONCURRENT = 64;
const MAX_WAITING = 5000;

export type ExternalChecksOptions = {
  readonly checks: Pick<TextChecks, "external">;
  readonly log: Logger;
  readonly allowPrivate: () => boolean;
};

export class ExternalChecks {
  private readonly options: ExternalChecksOptions;
  private readonly rooms = new Map<string, RoomHandle>();
  private readonly concurrency = new Semaphore(MAX_CONCURRENT);

  constructor(options: ExternalChecksOptions) {
    this.options = options;
  }

  opened(handle: RoomHandle): void {
    this.rooms.set(handle.lessonId, handle);
  }

  closed(lessonId: string): void {
    this.rooms.delete(lessonId);
  }

  /** Asks about a text that is stored as held; its room gets the action `checked`. Never fails. */
  async ask(schoolId: string, lessonId: string, line: HeldLine): Promise<void> {
    const check = this.options.checks.external(schoolId);
    // The check was removed meanwhile: a person decides.
    const checked = check ? await this.answer(check, schoolId, lessonId, line) : ({ action: "hold" } as const);
    const body = { action: "checked", ref: line.ref, checked };
    await this.rooms.get(lessonId)?.act({ id: `checked-${line.ref}`, kind: "moderation", body });
  }

  private async answer(check: ExternalCheck, schoolId: string, lessonId: string, line: HeldLine): Promise<Checked> {
    const { ref: id, textKind: kind, text, person } = line;
    const signal = AbortSignal.timeout(check.deadline_ms);
    const body = JSON.stringify({
      id,
      event: "check.text",
      at: new Date().toISOString(),
      schoolId,
      data: { lessonId, kind, text, person },
    });
    const { url, secret } = check;
    const allowPrivate = this.options.allowPrivate();
    try {
      if (this.concurrency.waiting >= MAX_WAITING) throw new Error("too many texts are being checked");
      return await this.concurrency.run(() => {
        signal.throwIfAborted();
        return postCheck({ id, event: "check.text", body, url, secret, allowPrivate, signal });
      });
    } catch (error) {
      this.options.log.warn({ school: schoolId, lesson: lessonId, reason: String(error) }, "text check failed");
      return { action: check.fallback };
    }
  }
}
