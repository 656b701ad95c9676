/** An admission: the permission of one client to publish or watch, for as long as it does, unless the permission is withdrawn. */
import type { Refusal } from "../platform/refusal.ts";

export type Admission = {
  /** The stream that the client may have. A callback may have named another than the client asked for. */
  readonly name: string;
  /** The viewer to whom the signed link was given. */
  readonly viewer: string | null;
  /** Calls once when the permission is withdrawn, at once where that has happened. */
  readonly onWithdrawn: (listener: (refusal: Refusal) => void) => void;
  /** Reports that the client has left. May be called twice. */
  readonly close: () => void;
};

export class OpenAdmission implements Admission {
  readonly name: string;
  readonly viewer: string | null;
  /** The key that a publisher was admitted with; null for viewers. */
  readonly publishKey: string | null;
  private readonly onClose: () => void;
  private listener: ((refusal: Refusal) => void) | null = null;
  private refusal: Refusal | null = null;
  private closed = false;

  constructor(name: string, viewer: string | null, publishKey: string | null, onClose: () => void) {
    this.name = name;
    this.viewer = viewer;
    this.publishKey = publishKey;
    this.onClose = onClose;
  }

  readonly onWithdrawn = (listener: (refusal: Refusal) => void): void => {
    this.listener = listener;
    if (this.refusal) listener(this.refusal);
  };

  readonly close = (): void => {
    if (this.closed) return;
    this.closed = true;
    this.onClose();
  };

  /** Withdraws the permission. Only the first call counts. */
  withdraw(refusal: Refusal): void {
    if (this.refusal || this.closed) return;
    this.refusal = refusal;
    this.listener?.(refusal);
  }
}
