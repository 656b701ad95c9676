/**
 * Lists the messages about teaching materials: the control process leases conversions to nodes, whose workers report how far they are; and the files
 * of a material are read and written at the node that has them.
 */

/** Why there are no pages. docs/errors.md explains each, and the texts of the pages name what a person can do. */
export const MATERIAL_PROBLEMS = [
  "password",
  "damaged",
  "unsupported",
  "nothing-in-it",
  "too-many-pages",
  "too-large",
  "picture-too-large",
  "unpacks-too-large",
  "unsafe-names",
  "memory-limit",
  "time-limit",
  "virus-found",
  "scanner-failed",
  "converter-missing",
  "sandbox-missing",
  "upload-lost",
  "storage-away",
  "disk-full",
  "interrupted",
  "failed",
] as const;
export type MaterialProblem = (typeof MATERIAL_PROBLEMS)[number];

/** What the pages lack of the file. */
export const MATERIAL_NOTICES = ["macros-left-out", "links-left-out", "fonts-replaced"] as const;
export type MaterialNotice = (typeof MATERIAL_NOTICES)[number];

/** board: it was drawn in a lesson, and is never uploaded. */
export const MATERIAL_KINDS = ["pdf", "office", "image", "board"] as const;
export type MaterialKind = (typeof MATERIAL_KINDS)[number];

/** The widths of the pictures of a page, in pixels. */
export const PAGE_WIDTHS = { large: 1600, small: 480 } as const;
export type PageSize = keyof typeof PAGE_WIDTHS;

/** A file of a material: what was uploaded, or the picture of a page. Pages count from 1. */
export type MaterialFile = "original" | `${PageSize}-${number}.webp`;
/** Names of files on the wire. */
export const MATERIAL_FILE = /^(?:original|(?:large|small)-[1-9]\d{0,2}\.webp)$/;

/** One try to convert a material. A try with a lower term is superseded. */
export type ConversionAttempt = { readonly id: string; readonly term: number };

export type ConversionTask = ConversionAttempt & {
  /** As it was uploaded, without folders. Nothing but its extension counts. */
  readonly filename: string;
  readonly size: number;
};

export type ConvertedPage = {
  readonly n: number;
  readonly text: string;
  readonly notes: string;
  /** Of the large picture, in pixels. */
  readonly width: number;
  readonly height: number;
};

export type ConversionReport = ConversionAttempt & {
  /** `NODE/WORKER`. */
  readonly worker: string;
} & (
    | { readonly state: "converting"; readonly total: number | null; readonly pages: readonly ConvertedPage[] }
    | {
        readonly state: "ready";
        readonly kind: MaterialKind;
        readonly pages: number;
        readonly notices: readonly MaterialNotice[];
        /** Bytes of the pictures. */
        readonly bytes: number;
        /** Everything is in the object storage, and any node reads it there. */
        readonly stored: boolean;
      }
    | { readonly state: "failed"; readonly problem: MaterialProblem }
  );

/** Answered by the control process: from media workers, also of other nodes. */
export type MaterialMessages = {
  /** False: the attempt is superseded, or the material was deleted; the worker gives it up. */
  readonly materialReport: (report: ConversionReport) => Promise<boolean>;
  /** What a lesson's room shows of a material; null: it was not opened there. `node`: has the files; null: they are in the object storage. */
  readonly openedMaterial: (of: {
    readonly lesson: string;
    readonly material: string;
  }) => Promise<{ readonly pages: number; readonly node: string | null } | null>;
  /** The text of its pages, without the speaker's notes; null: it was not opened there. */
  readonly openedTexts: (of: { readonly lesson: string; readonly material: string }) => Promise<readonly PageText[] | null>;
};

/** The supervisor counts conversions by these, and passes them on. */
export type ConversionReportMessages = Pick<MaterialMessages, "materialReport">;

export type PageText = { readonly n: number; readonly text: string };

/** Answered by the supervisor of the node that has the files: names and fields are on the wire. */
export type MaterialNodeMessages = {
  /** Keeps a place for a conversion that begins within seconds. False: there is none now. */
  readonly reserveMaterial: (of: { readonly id: string; readonly waitedMs: number }) => Promise<boolean>;
  /** busy: this node has no room for it now. */
  readonly convertMaterial: (of: {
    readonly task: ConversionTask;
    /** How long it has waited, milliseconds. */
    readonly waitedMs: number;
  }) => Promise<"begun" | "busy">;
  /** Bytes of what was uploaded; null: there is nothing of this material. */
  readonly uploadedBytes: (of: { readonly id: string }) => Promise<number | null>;
  /** Writes a part of an upload. */
  readonly writeUpload: (of: { readonly id: string; readonly offset: number; readonly base64: string }) => Promise<null>;
  /** Base64; null: there is no such file. */
  readonly readMaterial: (of: { readonly id: string; readonly file: MaterialFile }) => Promise<string | null>;
  readonly removeMaterial: (of: { readonly id: string }) => Promise<null>;
};

/** Answered by a media worker. */
export type MaterialWorkerMessages = {
  readonly convert: (task: ConversionTask) => void;
};
