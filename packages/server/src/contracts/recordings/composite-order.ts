/** Defines what the composite recording of a small lesson is made of: in orders between processes and nodes. */

/** The composite recording of a small lesson: everybody's recordings in one. It becomes a recording of the lesson. */
export type CompositeOrder = {
  /** The lesson's stream. */
  readonly app: string;
  readonly name: string;
  /** Id and epoch of the recording to make. */
  readonly result: string;
  readonly epoch: string;
  /** A file is a path of the node that makes it; of another node, and in an order from the control process, `NODE:PATH`. */
  readonly people: readonly {
    readonly person: string;
    /** Shown while their camera is off; absent where they have none. */
    readonly title?: string;
    readonly recordings: readonly (readonly string[])[];
  }[];
};
