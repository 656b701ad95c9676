/** Provides the calls that recordings need of an object storage. */
import type { UploadedPart } from "../files/upload-state.ts";

export type ObjectStore = {
  readonly put: (key: string, bytes: Uint8Array, type: string) => Promise<void>;
  /** Returns the upload id. */
  readonly beginUpload: (key: string, type: string) => Promise<string>;
  /** Returns the part's ETag. @throws UploadGone */
  readonly uploadPart: (key: string, upload: string, number: number, bytes: Uint8Array) => Promise<string>;
  /** @throws UploadGone */
  readonly completeUpload: (key: string, upload: string, parts: readonly UploadedPart[]) => Promise<void>;
  readonly abortUpload: (key: string, upload: string) => Promise<void>;
  /** Null when there is no such object. */
  readonly size: (key: string) => Promise<number | null>;
  /** A range of an object: shorter at its end, empty beyond it, null when there is no such object. */
  readonly read: (key: string, from: number, to: number) => Promise<Buffer | null>;
  /** Removing a missing object is no error. */
  readonly remove: (key: string) => Promise<void>;
  readonly close: () => void;
};

/** The storage no longer knows a multipart upload: it was completed, aborted, or removed by a lifecycle rule of the bucket. */
export class UploadGone extends Error {}
