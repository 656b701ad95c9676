/** Defines why the server refused what a person did in a room, or why they may not enter it. */

/** What of it passes between threads. */
export type RoomErrorFields = Pick<RoomError, "code" | "detail" | "retryAfter">;

export class RoomError extends Error {
  /** A stable code of the server (docs/errors.md), or `offline`: the page was closed before an answer. */
  readonly code: string;
  /** In the language of the page; null where the server said nothing. */
  readonly detail: string | null;
  /** Seconds after which the same may succeed; null: unknown. */
  readonly retryAfter: number | null;

  constructor(code: string, detail: string | null = null, retryAfter: number | null = null) {
    super(detail ?? code);
    Object.assign(this, { name: "RoomError" });
    this.code = code;
    this.detail = detail;
    this.retryAfter = retryAfter;
  }

  static of({ code, detail, retryAfter }: RoomErrorFields): RoomError {
    return new RoomError(code, detail, retryAfter);
  }

  get fields(): RoomErrorFields {
    const { code, detail, retryAfter } = this;
    return { code, detail, retryAfter };
  }
}
