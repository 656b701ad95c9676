/** Sends what a person chooses, one after the other: of what is chosen while an answer is in flight, the last counts. */
import type { Choice } from "@lectern/room";

export type ChoiceState = {
  /** What the person has chosen and the room has not taken yet; null: nothing. */
  readonly chosen: Choice | null;
  readonly isSending: boolean;
};

const NOTHING: ChoiceState = { chosen: null, isSending: false };

export class ChoiceSender {
  /** Replaced when it changes. */
  state = NOTHING;
  private readonly onChange: () => void;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(onChange: () => void) {
    this.onChange = onChange;
  }

  /**
   * @param deliver resolves with whether the room took it
   * @param afterMs it is sent so long after the last choice; null: when `send` is called
   */
  choose(chosen: Choice, afterMs: number | null, deliver: (choice: Choice) => Promise<boolean>): void {
    this.set({ ...this.state, chosen });
    clearTimeout(this.timer);
    if (afterMs !== null) this.timer = setTimeout(() => void this.send(deliver), afterMs);
  }

  async send(deliver: (choice: Choice) => Promise<boolean>): Promise<void> {
    clearTimeout(this.timer);
    // What is chosen now is sent after what is in flight.
    if (this.state.isSending) return;
    for (let { chosen } = this.state; chosen !== null && !isEmpty(chosen); chosen = this.state.chosen) {
      this.set({ chosen, isSending: true });
      const isTaken = await deliver(chosen);
      const isLast = this.state.chosen === chosen;
      this.set({ chosen: isTaken && isLast ? null : this.state.chosen, isSending: false });
      if (!isTaken && isLast) return;
    }
  }

  close(): void {
    clearTimeout(this.timer);
  }

  private set(state: ChoiceState): void {
    this.state = state;
    this.onChange();
  }
}

export const isEmpty = (choice: Choice): boolean => choice === "" || (Array.isArray(choice) && choice.length === 0);
