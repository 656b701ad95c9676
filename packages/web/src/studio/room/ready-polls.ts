/** Defines polls that are ready to be opened by one press: quizzes without a right answer. */
import type { Quiz } from "@lectern/room";
import type { Translate } from "../../texts/text-key.ts";

export const READY_POLLS = ["yesNo", "pace", "scale"] as const;
export type ReadyPoll = (typeof READY_POLLS)[number];

const SCALE = ["1", "2", "3", "4", "5"];

type Poll = {
  /** Null: the teacher asks it aloud. */
  readonly text: string | null;
  readonly options: readonly string[];
  /** Who says that it goes too fast should not fear for it. */
  readonly isAnonymous: boolean;
};

/** In the language of the teacher's page. */
export function readyPoll(poll: ReadyPoll, t: Translate): Poll {
  switch (poll) {
    case "yesNo":
      return { text: null, options: [t("room.tools.yes"), t("room.tools.no")], isAnonymous: false };
    case "pace": {
      const options = [t("room.tools.tooFast"), t("room.tools.justRight"), t("room.tools.tooSlow")];
      return { text: t("room.tools.paceText"), options, isAnonymous: true };
    }
    case "scale":
      return { text: null, options: SCALE, isAnonymous: false };
  }
}

/** Whether a quiz was opened as one of these. */
export function isReadyPoll({ type, text, options }: Pick<Quiz, "type" | "text" | "options">, t: Translate): boolean {
  return READY_POLLS.some((name) => {
    const poll = readyPoll(name, t);
    return type === "single" && text === (poll.text ?? "") && options.join("\n") === poll.options.join("\n");
  });
}
