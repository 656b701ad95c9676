/** Provides an admission: the permission of one client to publish or watch, for as long as it does, unless the permission is withdrawn. */
import type { Refusal } from "../platform/refusal.ts";
import type { TraceContext } from "../platform/tracing/trace-context.ts";
import type { ClientFacts } from "./credentials/client-facts.ts";
import type { ViewerSeat } from "./seats/viewer-seats.ts";

/** Records how a viewer joins. */
export type JoinTrace = {
  readonly event: (name: string) => void;
  /** The viewer has its first key frame. @param publisher the span of the publisher, where it is recorded */
  readonly joined: (publisher: TraceContext | null) => void;
};

export type Admission = {
  /** The stream that the client may have. A callback may have named another than the client asked for. */
  readonly name: string;
  /** The viewer to whom the signed link was given. */
  readonly viewer: string | null;
  /** Null for publishers; it is taken where a rule limits viewers. */
  readonly seat?: ViewerSeat | null;
  /** Absent where the viewer is not traced. */
  readonly trace?: JoinTrace;
  /** Calls once when the permission is withdrawn, at once where that has happened. */
  readonly onWithdrawn: (listener: (refusal: Refusal) => void) => void;
  /** Reports that the client has left. May be called twice. */
  readonly close: () => void;
};

/** Who was admitted. */
export type Admitted = {
  readonly protocol: string;
  readonly client: ClientFacts;
  readonly viewer: string | null;
  /** The key that a publisher was admitted with, empty where none was needed; null for viewers. */
  readonly publishKey: string | null;
  /** Of the address, with its `?`: a back end may be asked again. */
  readonly query: string;
};

export class OpenAdmission implements Admission {
  readonly name: string;
  readonly admitted: Admitted;
  seat: ViewerSeat | null = null;
  private readonly onClose: () => void;
  private listener: ((refusal: Refusal) => void) | null = null;
  private refusal: Refusal | null = null;
  private closed = false;

  constructor(name: string, admitted: Admitted, onClose: () => void) {
    this.name = name;
    this.admitted = admitted;
    this.onClose = onClose;
  }

  get viewer(): string | null {
    return this.admitted.viewer;
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
