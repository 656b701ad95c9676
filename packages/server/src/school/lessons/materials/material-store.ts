/**
 * Defines what the school needs from the files of teaching materials and of answers in examinations, and from the nodes that convert them. The node supplies it; school/ never
 * imports library/.
 */
import type { ConversionTask, MaterialFile } from "../../../contracts/materials/material-messages.ts";

export type MaterialStore = {
  /** The node of this process: what people upload here is kept there. */
  readonly self: string;
  /** Of an uploaded file, bytes. */
  readonly maxBytes: () => number;
  /** Bytes that the disk of this node has left; null: unknown. */
  readonly freeBytes: () => Promise<number | null>;
  readonly isNodeUp: (node: string) => boolean;
  /** Writes a part of an upload at its node. */
  readonly write: (node: string, id: string, offset: number, bytes: Buffer) => Promise<void>;
  /** Bytes of what was uploaded; null: there is nothing of it. */
  readonly uploaded: (node: string, id: string) => Promise<number | null>;
  /** Asks a node to keep a place for a conversion that begins within seconds. False: it has none now. */
  readonly reserve: (node: string, of: { readonly id: string; readonly waitedMs: number }) => Promise<boolean>;
  /** Has a node convert a material. busy: it has no room now. */
  readonly convert: (node: string, task: ConversionTask, waitedMs: number) => Promise<"begun" | "busy">;
  /** The picture of a page; null: there is none. @param node null: the object storage has it */
  readonly read: (node: string | null, id: string, file: MaterialFile) => Promise<Buffer | null>;
  /** What was uploaded, whole; null: there is nothing of it. @param node null: the object storage has it */
  readonly readOriginal: (node: string | null, id: string) => Promise<Buffer | null>;
  /** Moves what was uploaded into the object storage, where there is one. @returns the node that has it now; null: the object storage */
  readonly settle: (node: string, id: string, bytes: Buffer) => Promise<string | null>;
  /** Deletes all files of a material. @param pages how many pages it may have */
  readonly remove: (node: string | null, id: string, pages: number) => Promise<void>;
};
