/** Answers what workers ask about examinations: stores and reads what candidates wrote, in groups, so that one broken request fails alone. */
import type { ExamMessages, SentAnswers, StoredAnswers } from "../../../contracts/exams/exam-messages.ts";
import type { Logger } from "../../../platform/log.ts";
import { isDatabaseUnavailable, isUnstorable } from "../../../platform/store/database-errors.ts";
import type { StoredSecrets } from "../../foundation/store/stored-secrets.ts";
import type { Database } from "../../foundation/store/tables.ts";
import { OpenExamList } from "./open-exams.ts";
import { ExamPackages } from "./packages.ts";
import { storeGroup } from "./store-group.ts";
import { storedAnswers } from "./stored-answers.ts";

export type ExamAnswersOptions = {
  readonly db: Database;
  readonly storedSecrets: Pick<StoredSecrets, "decrypt">;
  readonly files: { readonly take: ExamMessages["examFilePiece"] };
  readonly log: Logger;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Attempts are to be graded: their rows say so. */
  readonly onGradingDue: () => void;
};

/** Of one request that fails, such as by a deadlock with another transaction. */
const MAX_TRIES = 3;

export class ExamAnswers {
  private readonly options: ExamAnswersOptions;
  private readonly open: OpenExamList;
  private readonly packages: ExamPackages;

  constructor(options: ExamAnswersOptions) {
    const { db, storedSecrets, now } = options;
    this.options = options;
    this.open = new OpenExamList({ db, storedSecrets, now });
    this.packages = new ExamPackages(db);
  }

  get answers(): ExamMessages {
    return {
      openExams: (of) => this.open.answer(of),
      examPackage: ({ exam, hash }) => this.packages.find(exam, hash),
      examAnswers: ({ sent }) => this.store(sent),
      examFilePiece: (piece) => this.options.files.take(piece),
      examStored: async ({ attempts }) => {
        try {
          return await storedAnswers(this.options.db, attempts);
        } catch (error) {
          if (!isDatabaseUnavailable(error)) throw error;
          return attempts.map(() => ({ refused: "database-away" }));
        }
      },
    };
  }

  private async store(sent: readonly SentAnswers[], tries = 1): Promise<readonly StoredAnswers[]> {
    const { db, now, log, onGradingDue } = this.options;
    try {
      const { results, isGradingDue } = await storeGroup(db, sent, now());
      if (isGradingDue) onGradingDue();
      return results;
    } catch (error) {
      if (isDatabaseUnavailable(error)) return sent.map(() => ({ refused: "database-away" }));
      if (sent.length > 1) {
        const half = sent.length >> 1;
        return [...(await this.store(sent.slice(0, half))), ...(await this.store(sent.slice(half)))];
      }
      if (isUnstorable(error)) return [{ refused: "bad-request" }];
      if (tries < MAX_TRIES) return await this.store(sent, tries + 1);
      log.error({ err: error, attempt: sent[0]?.attempt }, "answers of a candidate not stored");
      return [{ refused: "internal-error" }];
    }
  }
}
