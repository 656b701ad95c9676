/** Defines a lesson of another system as it is imported: what was recorded of it is at this node already, and the school adds its rows. */
import type { MaterialKind } from "../materials/material-messages.ts";

/** An entry of the room, at its time. */
export type ImportedEntry = {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly kind: "chat" | "page" | "stroke";
  readonly key: string | null;
  readonly body: Readonly<Record<string, unknown>>;
  /** The name of who did it; null: the server. */
  readonly from: string | null;
};

export type ImportedPage = { readonly n: number; readonly text: string; readonly width: number; readonly height: number };

/** Slides whose files are below this node's data directory. */
export type ImportedMaterial = {
  readonly id: string;
  readonly title: string;
  readonly filename: string;
  readonly kind: MaterialKind;
  /** Of the original, bytes. */
  readonly size: number;
  readonly pictureBytes: number;
  readonly pages: readonly ImportedPage[];
};

export type ImportedLesson = {
  /** Its id in the other system: it is imported once. */
  readonly externalId: string;
  readonly title: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly endedAt: number;
  /** The short name of the school; null: the only one. */
  readonly school: string | null;
  /** The id of a course of it; null: none. */
  readonly course: string | null;
  readonly materials: readonly ImportedMaterial[];
  /** In the order of their times. */
  readonly entries: readonly ImportedEntry[];
};

/** Where its recording belongs. known: it was imported before. */
export type ImportedTo = { readonly lessonId: string; readonly app: string; readonly name: string; readonly known: boolean };
