/**
 * Lists the messages about downloads with a burnt-in watermark, and about pictures and board videos of lessons: the control process orders them at
 * the node that has a recording's files, whose supervisor queues them and has a worker make each.
 */
import type { BoardVideoOrder } from "./board-video-order.ts";
import type { CompositeOrder } from "./composite-order.ts";

/**
 * Why there is no file. no-mark: this machine cannot draw the text. no-picture: the recording has sound only; of the composite recording of a lesson: nothing that
 * was recorded can be decoded.
 */
export const DOWNLOAD_PROBLEMS = ["no-mark", "no-picture", "not-in-mp4", "disk-full", "storage-away", "failed"] as const;
export type DownloadProblem = (typeof DOWNLOAD_PROBLEMS)[number];

/** What is burnt in. */
export type DownloadWatermark = {
  readonly text: string;
  /** Shown besides where no font has all letters of the text; of ASCII. */
  readonly id: string;
  /** 0.05 to 1. */
  readonly opacity: number;
};

export type DownloadOrder = {
  /** The recording; of a picture, the lesson. */
  readonly recording: string;
  /** Who asks: an order of the same one for the same recording and text is the same. */
  readonly owner: string;
  /** The school whose share it counts in; empty: the operator's. */
  readonly school: string;
  /** Null: there is none, as in a picture or a board video of a lesson. */
  readonly mark: DownloadWatermark | null;
  /** Made of these. Its id is known before: who knows the lesson finds it. Nobody has to ask for it. */
  readonly picture?: CompositeOrder & { readonly id: string };
  /** The recording with the board beside it. Its id is known before, too. */
  readonly film?: BoardVideoOrder & { readonly id: string };
  readonly seconds: number;
  readonly bytes: number;
};

/** As the person sees it. Nobody who does not know the id finds it. */
export type DownloadState = {
  readonly id: string;
  readonly recording: string;
  readonly owner: string;
} /** @see ahead how many come before */ & (
  | { readonly state: "waiting"; readonly ahead: number }
  /** @see share 0 to 1. @see remainingSeconds null: not known yet */
  | { readonly state: "running"; readonly share: number; readonly remainingSeconds: number | null }
  /** @see keptSeconds until it is deleted */
  | { readonly state: "done"; readonly bytes: number; readonly keptSeconds: number }
  | { readonly state: "failed"; readonly problem: DownloadProblem }
);

/** disk-full: the disk has no room for it now. too-large: no download of this size is made. too-many: the person or the school has so many already. */
export type DownloadRefused = { readonly refused: "disk-full" | "too-large" | "too-many" };
export type DownloadAnswer = DownloadState | DownloadRefused;

export type DownloadName = { readonly id: string; readonly recording: string };

/** Answered by the supervisor, also of another node: names and fields are on the wire. */
export type DownloadNodeMessages = {
  readonly orderDownload: (of: DownloadOrder) => Promise<DownloadAnswer>;
  /** Null: there is none, or not any more. Asking also says that it is still wanted. */
  readonly findDownload: (of: DownloadName) => Promise<DownloadState | null>;
  readonly cancelDownload: (of: DownloadName) => Promise<void>;
};

/** Which try it is, from 1 on: each has a folder of its own. */
export type DownloadAttempt = DownloadName & { readonly attempt: number };

/** What a worker has to make. */
export type DownloadTask = DownloadAttempt & {
  readonly mark: DownloadWatermark | null;
  readonly picture?: CompositeOrder;
  readonly film?: BoardVideoOrder;
  readonly maxKbps: number;
  readonly maxBytes: number;
};

/** From a worker, each second. */
export type DownloadReport = {
  readonly id: string;
  /** Of the file, until now. */
  readonly bytes: number;
  /** Cores that its program uses; null: not measured yet. */
  readonly cores: number | null;
} & (
  | { readonly state: "running"; readonly share: number }
  | { readonly state: "done" }
  | { readonly state: "failed"; readonly problem: DownloadProblem }
);

export type DownloadReportMessages = { readonly downloadReport: (of: DownloadReport) => void };

export type DownloadWorkerMessages = {
  readonly makeDownload: (of: DownloadTask) => void;
  /** Kills its program, and deletes what there is of its file. */
  readonly stopDownload: (of: DownloadAttempt) => Promise<void>;
};
