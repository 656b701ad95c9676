/** Provides the moderation of the rooms of a control process: what texts are checked by, and the domain. */
import type { Domain } from "../domain.ts";
import type { TalkContext } from "../talk/talk-context.ts";
import type { TextCheck } from "../text-check.ts";
import { type ModerationContext, moderationDomain } from "./domain.ts";
import { ExternalChecks, type ExternalChecksOptions } from "./external-checks.ts";
import { holdText } from "./held-texts.ts";
import { TextChecks, type TextChecksOptions } from "./text-checks.ts";

export type ModerationOptions = TextChecksOptions &
  Omit<ExternalChecksOptions, "checks"> &
  Pick<ModerationContext, "ruleChanged" | "permissionsChanged">;

export class Moderation {
  /** Of texts that people send: those that the school's own check is asked about are held. */
  readonly check: TextCheck;
  /** By the word lists alone. */
  readonly checkWords: TextCheck;
  readonly hold: TalkContext["hold"];
  readonly domain: Domain;
  private readonly checks: TextChecks;

  constructor(options: ModerationOptions) {
    const checks = new TextChecks(options);
    const external = new ExternalChecks({ ...options, checks });
    this.checks = checks;
    this.check = checks.check;
    this.checkWords = (schoolId, text) => checks.words(schoolId, text);
    this.hold = holdText(checks, external);
    this.domain = moderationDomain({ ...options, checks, external }) as Domain;
  }

  /** After the rooms. */
  close(): Promise<void> {
    return this.checks.close();
  }
}
