/** Knows since when a page has heard nothing of the server that it asks. */
import { serverClock } from "@lectern/player/server-clock";

/** A server that answers nothing for so long is not reached, also where the connection stands. */
const SILENT_AFTER_MS = 5000;
/** Somebody in front of the server, or in front of its API, answers in its place (RFC 9110 sections 15.6.3 to 15.6.5). */
const NO_ANSWERS: readonly number[] = [502, 503, 504];

export class ServerReach {
  private heardAt = serverClock.now();
  private since: number | null = null;
  private readonly listeners = new Set<() => void>();

  /** When the last answer came, milliseconds since 1970, where the server is not reached now; null where it is. */
  readonly unreachableSince = (): number | null => this.since;

  /** @returns the function that ends it */
  readonly listen = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  };

  /** Sends a request, and notes what becomes of it. */
  async watch(send: () => Promise<Response>): Promise<Response> {
    const sentAt = serverClock.now();
    // What was answered meanwhile says that only this request takes long.
    const timer = setTimeout(() => this.heardAt <= sentAt && this.set(this.heardAt), SILENT_AFTER_MS);
    try {
      const answer = await send();
      this.note(!NO_ANSWERS.includes(answer.status));
      return answer;
    } catch (error) {
      // A page that gives a request up says nothing of the server.
      if (!(error instanceof DOMException && error.name === "AbortError")) this.note(false);
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  private note(isReached: boolean): void {
    if (isReached) this.heardAt = serverClock.now();
    this.set(isReached ? null : this.heardAt);
  }

  private set(since: number | null): void {
    if (since === this.since) return;
    this.since = since;
    for (const listener of this.listeners) listener();
  }
}

/** Of the page. */
export const serverReach = new ServerReach();
