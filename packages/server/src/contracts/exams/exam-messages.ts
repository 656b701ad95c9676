/**
 * Lists what media workers ask the control process about examinations: what opens soon, with its key, the package of a paper, and to store and read
 * what candidates write. Names and fields are on the wire between nodes.
 */
import type { Answer, Fact } from "@lectern/exam";
import type { RefusalCode } from "../../platform/refusal.ts";

/** An examination that candidates can enter, or that runs. Times are milliseconds since 1970. */
export type OpenExam = {
  readonly exam: string;
  readonly school: string;
  /** Whose members are the candidates; null: of the school. */
  readonly course: string | null;
  /** Of the encrypted package: SHA-256 in hex. */
  readonly hash: string;
  /** 32 bytes in base64url. */
  readonly key: string;
  readonly opensAt: number;
  readonly closesAt: number;
  /** How long a candidate has from the first key on. */
  readonly seconds: number;
  /** Who has waited longer than this begins then: the latest entry. */
  readonly latestStartAt?: number;
  /** When the last candidate ends, with the time that was given to some. */
  readonly lastEndsAt: number;
  /** Attempts that were deleted: their tokens get no key. Absent: none. */
  readonly deletedAttempts?: readonly string[];
};

/** `version`: of the list; null: nothing is known. `exam`: one that the asker looks for, which may have been published only just. */
export type OpenExamsQuestion = { readonly version: string | null; readonly exam?: string };
/** Without the list where the asker has this version. */
export type OpenExams = { readonly version: string; readonly exams?: readonly OpenExam[] };

/** What a candidate has sent: also nothing but the start, or the hand-in. */
export type SentAnswers = {
  readonly exam: string;
  readonly attempt: string;
  readonly seat: number;
  readonly answers: readonly Answer[];
  readonly facts: readonly Fact[];
  /** When a worker gave out the key. The first is kept. */
  readonly startedAt?: number;
  /** The candidate hands in, after these answers. */
  readonly isHandedIn?: boolean;
  /** Ids of messages that the page has shown. */
  readonly seen?: readonly string[];
};

/** What a supervisor wrote to a candidate. */
export type ExamMessage = {
  readonly id: string;
  readonly text: string;
  /** Milliseconds since 1970. */
  readonly at: number;
};

/** A supervisor asks to talk, or talks. */
export type ExamTalkNotice = {
  readonly id: string;
  /** The supervisor's name; null: a person who is no more. */
  readonly by: string | null;
  /** The candidate has accepted. */
  readonly isOn: boolean;
};

/** The time of a section that has its own. */
export type SectionTime = {
  /** What the candidate has for it, with more time where there is some. */
  readonly seconds: number;
  /** Both absent: not begun. */
  readonly begunAt?: number;
  /** By what is known now, and never after the attempt's own end. */
  readonly endsAt?: number;
};

export type AttemptTimes = {
  readonly startedAt: number | null;
  /** By what is known now: more time may be given. Null: not started. */
  readonly endsAt: number | null;
  readonly handedInAt: number | null;
  /** A supervisor lets the clock stand. */
  readonly paused?: true;
  /** Since when; only with `paused`. */
  readonly pausedAt?: number;
  /** Those that the page has not shown yet; absent: none. */
  readonly messages?: readonly ExamMessage[];
  /** Absent: nobody talks with the candidate. */
  readonly talk?: ExamTalkNotice;
  /** By the section's id; absent: no section has a time of its own. */
  readonly sections?: Readonly<Record<string, SectionTime>>;
};

export type StoredAnswers =
  | (AttemptTimes & {
      /** The highest number that was sent: all that were sent are stored, but for the refused. */
      readonly stored: number;
      /** Numbers that came, or were written, after the end, or after that of their section. They are not stored. */
      readonly late: readonly number[];
    })
  | { readonly refused: RefusalCode };

/** The newest answer of each question, of whichever seat; `seq` is the highest number of the asking seat. */
export type AttemptContent =
  | (AttemptTimes & {
      readonly answers: readonly Answer[];
      readonly seat: number;
      readonly seq: number;
      /** How often sound was played, by its file; absent: never. */
      readonly plays?: Readonly<Record<string, number>>;
    })
  | { readonly refused: RefusalCode };

/** The next bytes of a file that answers a question. The device names the file, and the name counts within its attempt alone. */
export type SentPiece = Pick<SentAnswers, "exam" | "attempt" | "seat"> & {
  readonly file: string;
  readonly question: string;
  /** Of the whole file: bytes, and SHA-256 in hex. */
  readonly size: number;
  readonly hash: string;
  /** When the device took or recorded it, milliseconds since 1970. */
  readonly takenAt: number;
  /** Where the bytes begin in the file. */
  readonly offset: number;
  /** Nothing: the device asks how much has arrived. */
  readonly base64: string;
};

export type StoredPiece =
  | {
      /** Bytes from the beginning that are stored: the device goes on behind them. */
      readonly received: number;
      /** The whole file is stored, and its content is what the question asks for. */
      readonly isStored: boolean;
      readonly endsAt: number | null;
    }
  | { readonly refused: RefusalCode };

/** Answered by the control process, also of another node. */
export type ExamMessages = {
  /** What opens within half an hour, runs, or has just ended. */
  readonly openExams: (of: OpenExamsQuestion) => Promise<OpenExams>;
  /** The encrypted package in base64; null: there is none of this name. */
  readonly examPackage: (of: { readonly exam: string; readonly hash: string }) => Promise<{ readonly bytes: string } | null>;
  /** Stores what several candidates have sent in one transaction. Answered once it is committed, in the same order; each is refused with `database-away` while the database is unreachable. */
  readonly examAnswers: (of: { readonly sent: readonly SentAnswers[] }) => Promise<readonly StoredAnswers[]>;
  /** Stores a piece of a file. Answered once it is on the disk, and after the last one once the file is where it stays. */
  readonly examFilePiece: (of: SentPiece) => Promise<StoredPiece>;
  /** What is stored of several attempts, in the same order. */
  readonly examStored: (of: {
    readonly attempts: readonly Pick<SentAnswers, "exam" | "attempt" | "seat">[];
  }) => Promise<readonly AttemptContent[]>;
};
