/** Defines the message by which a process asks any node what nodes answer each other. */

export type NodeQuestion = {
  readonly node: string;
  /** Of a message that nodes answer. */
  readonly name: string;
  readonly of: unknown;
  /** Undefined: what a call between nodes takes at most. */
  readonly withinMs: number | undefined;
};

/** Answered by the supervisor, for its processes. */
export type NodeQuestionMessages = { readonly askNode: (question: NodeQuestion) => Promise<unknown> };
