/** Defines what an attempt on this device is made of. */
import type { FactKind, Paper, PaperFile, PaperPackage, Sheet } from "@lectern/exam";
import type { Attempt, ExamDoor } from "../attempt/exam-types.ts";
import type { AnswerFiles, FileHooks } from "../files/answer-files.ts";
import type { MediaHooks, OpenedMedia } from "../media/media-context.ts";
import type { OpenSections } from "../sections/load-sections.ts";
import type { EntryStore } from "./journal.ts";

export type SessionParts = {
  readonly attempt: Attempt;
  readonly store: EntryStore;
  readonly door: ExamDoor;
  /** Which facts are noted. */
  readonly facts: readonly FactKind[];
  readonly clock: {
    readonly now: () => number;
    readonly elapsed: () => number;
    readonly onStep: (listener: () => void) => () => void;
  };
  readonly random: () => number;
  /** The server wants to hear the page so often. Default: seldom. */
  readonly pollSeconds?: number;
  /** Supervisors may write before the start, too. */
  readonly isSupervised?: boolean;
  readonly loadPackage: () => Promise<Uint8Array<ArrayBuffer>>;
  readonly openPackage: (bytes: Uint8Array<ArrayBuffer>, key: string) => Promise<PaperPackage>;
  readonly sheetOf: (paper: Paper, seed: number) => Sheet;
  /** Opens pictures and sound of a paper that has some. */
  readonly openMedia: (files: readonly PaperFile[], hooks: MediaHooks) => OpenedMedia;
  /** Opens the times of sections of a paper that has some with their own. */
  readonly openSections: OpenSections;
  /** Opens photos and recordings of an attempt that has questions for them. */
  readonly openFiles: (hooks: FileHooks) => Promise<AnswerFiles>;
};
