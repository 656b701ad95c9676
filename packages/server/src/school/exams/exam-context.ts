/** Defines what the routes of examinations need besides the database. */
import type { PaperFile } from "@lectern/exam";
import type { Logger } from "../../platform/log.ts";
import type { Look } from "../foundation/audit/looks.ts";
import type { RouteContext } from "../foundation/requests/route-context.ts";
import type { ExamFile, ExamPaper, ExamPaperFile } from "../foundation/store/exam-tables.ts";
import type { Lesson } from "../foundation/store/tables.ts";
import type { StreamControl } from "../lessons/stream-control.ts";
import type { SignInService } from "../people/accounts/sign-in.ts";
import type { HourlyLimits } from "../people/limits/hourly-limits.ts";
import type { JoinLimits } from "../people/limits/join-limits.ts";
import type { CandidateStreams } from "./candidate-streams.ts";

type PhotoSize = { readonly width: number; readonly height: number };
type SoundLength = { readonly seconds: number };

export type ExamContext = RouteContext & {
  readonly signIn: Pick<SignInService, "attempts">;
  readonly joins: JoinLimits;
  readonly hourly: HourlyLimits;
  /** Names that people choose for themselves. Throws a RefusalError. */
  readonly guestNames: { readonly check: (of: Pick<Lesson, "school_id" | "course_id">, name: string) => Promise<void> };
  /** The first secret of signed links, with which tokens of candidates are signed. */
  readonly linkSecret: () => string;
  /** All secrets of signed links. */
  readonly linkSecrets: () => readonly string[];
  /** The bytes of files of answers; null: they are not here, or damaged. */
  readonly examFiles: { readonly read: (file: ExamFile) => Promise<Buffer | null> };
  /** Pictures and sound of papers. */
  readonly paperFiles: {
    readonly add: (
      paper: Pick<ExamPaper, "id">,
      bytes: Buffer,
    ) => Promise<{ readonly file: ExamPaperFile; readonly content: PhotoSize | SoundLength }>;
    readonly read: (paperId: string, id: string) => Promise<{ readonly file: ExamPaperFile; readonly bytes: Buffer } | null>;
    readonly readAll: (paper: Pick<ExamPaper, "id" | "content">) => Promise<readonly PaperFile[]>;
  };
  readonly streams: Pick<StreamControl, "ruleChanged" | "end">;
  /** What is known of candidates' streams. */
  readonly candidateStreams: CandidateStreams;
  /** Notes in the audit log who looked at whom. */
  readonly noteLook: (look: Look) => void;
  /** Of addresses of streams. */
  readonly apps: () => readonly string[];
  readonly log: Logger;
};
