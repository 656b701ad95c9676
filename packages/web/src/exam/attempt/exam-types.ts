/** Defines what the candidate's page knows of an examination and of the person's attempt. Times are milliseconds since 1970, by the server's clock. */
import type { Answer, Fact, FactKind } from "@lectern/exam";

/** What the examination asks for, and what is said before a candidate enters. */
export type SupervisionTerms = {
  readonly camera: "none" | "optional" | "required";
  readonly screen: boolean;
  /** A phone beside the candidate, as a second camera. */
  readonly phone: boolean;
  /** Recordings are deleted so many days after the examination; 0: nothing is recorded. */
  readonly keepDays: number;
  /** What is said; a code that this page does not know is left out. */
  readonly lines: readonly { readonly code: string; readonly days?: number | undefined }[];
};

export type Invitation = {
  readonly id: string;
  readonly code: string;
  readonly title: string;
  readonly schoolName: string;
  readonly instruction: string;
  /** As many as a candidate gets. */
  readonly questions: number;
  /** Whether the paper may have mathematics. */
  readonly formulas: boolean;
  /** How often a candidate may sit it. */
  readonly attempts: number;
  /** When candidates can enter and wait. */
  readonly entryAt: number;
  readonly opensAt: number;
  readonly closesAt: number;
  readonly latestEntryAt: number | null;
  /** What a candidate has, without extra time. */
  readonly seconds: number;
  /** Whether people without an account may sit it. */
  readonly guests: boolean;
  /** What guests agree to; empty: nothing. */
  readonly guestConsent: string;
  readonly needsAccessCode: boolean;
  /** What is noted for those who supervise. */
  readonly facts: readonly FactKind[];
  readonly isPractice: boolean;
  /** What is filmed. What an older page has kept lacks it. */
  readonly supervision?: SupervisionTerms;
};

export type Attempt = {
  readonly examId: string;
  readonly id: string;
  readonly name: string;
  /** From 1, of the attempts of the person. */
  readonly number: number;
  readonly seed: number;
  /** Which device: a number that grows. */
  readonly seat: number;
  readonly opensAt: number;
  readonly startedAt: number | null;
  readonly endsAt: number | null;
  readonly handedInAt: number | null;
};

export type PackagePlace = { readonly url: string; readonly hash: string; readonly bytes: number };

/** What entering gives, and what the device keeps of it. */
export type Entered = {
  readonly attempt: Attempt;
  readonly token: string;
  readonly package: PackagePlace;
  /** How often the server wants to hear the page. What an older page has kept lacks it. */
  readonly pollSeconds?: number;
};

export type Batch = { readonly answers: readonly Answer[]; readonly facts: readonly Fact[] };
/** A supervisor talks with the candidate, or asks to (`isOn` false). `by`: the name; null: a person who is no more. */
export type SupervisorTalk = { readonly id: string; readonly by: string | null; readonly isOn: boolean };
/** Of a supervisor. */
export type SupervisorMessage = { readonly id: string; readonly text: string; readonly at: number };
/** The times of sections that have their own, by id, as the server knows them. */
export type ToldSections = Readonly<Record<string, { readonly seconds: number; readonly endsAt?: number }>>;
export type Stored = {
  readonly stored: number;
  readonly endsAt: number | null;
  readonly handedIn: boolean;
  /** Numbers that came too late. They are not stored, and not sent again. */
  readonly late?: readonly number[];
  /** A supervisor has stopped the clock. */
  readonly paused?: boolean;
  /** Since when, where the server says it. */
  readonly pausedAt?: number;
  /** Those that the candidate has not confirmed yet, the oldest first. */
  readonly messages?: readonly SupervisorMessage[];
  readonly talk?: SupervisorTalk;
  readonly sections?: ToldSections;
};
export type Started = { readonly key: string; readonly startedAt: number; readonly endsAt: number };
export type OwnAnswers = {
  readonly answers: readonly Answer[];
  readonly seat: number;
  /** The highest number of this seat that is stored without a hole. */
  readonly seq: number;
  /** How often sound was played, by its file; absent: never. */
  readonly plays?: Readonly<Record<string, number>>;
  readonly startedAt: number | null;
  readonly endsAt: number | null;
  readonly handedInAt: number | null;
  /** A supervisor has stopped the clock, and since when. */
  readonly paused?: boolean;
  readonly pausedAt?: number;
  readonly sections?: ToldSections;
};

/** The door that each worker has for candidates. What it refuses is a `DoorRefusal`; any other error means that no answer arrived. */
export type ExamDoor = {
  readonly key: () => Promise<Started>;
  /** @param seen messages that the candidate has confirmed, 50 at most */
  readonly send: (batch: Batch, seen?: readonly string[]) => Promise<Stored>;
  readonly own: () => Promise<OwnAnswers>;
  readonly handIn: (batch: Batch) => Promise<{ readonly handedInAt: number }>;
};

/** A refusal of the door. */
export class DoorRefusal extends Error {
  readonly code: string;
  /** Of `exam-not-started`: when it begins. */
  readonly startsAt: number | null;
  /** When it may be tried again, in seconds; null: it is not said. */
  readonly retryAfter: number | null;

  constructor(code: string, detail: string, startsAt: number | null = null, retryAfter: number | null = null) {
    super(detail);
    this.code = code;
    this.startsAt = startsAt;
    this.retryAfter = retryAfter;
  }
}
