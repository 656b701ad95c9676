/** Opens ready-made polls by one press, and shows how the class answers the last one. A poll takes the place of one that is still open. */
import { quizzesOf } from "@lectern/room";
import { useTranslation } from "../../texts/use-translation.ts";
import { QuizCard } from "./quiz-panel.tsx";
import { isReadyPoll, READY_POLLS, type ReadyPoll, readyPoll } from "./ready-polls.ts";
import { useTeacherRoom } from "./teacher-room.ts";

export function PollTool() {
  const { t } = useTranslation();
  const { room, act } = useTeacherRoom();
  const polls = quizzesOf(room.held("quiz")).filter((quiz) => isReadyPoll(quiz, t));
  const [newest] = polls;
  const open = async (name: ReadyPoll): Promise<void> => {
    const { text, options, isAnonymous } = readyPoll(name, t);
    for (const { ref, state } of polls) if (state === "open") await act("quiz", { action: "close", ref });
    await act("quiz", {
      action: "open",
      type: "single",
      options,
      ...(text === null ? {} : { text }),
      ...(isAnonymous ? { anonymous: true } : {}),
    });
  };
  return (
    <section aria-label={t("room.tools.polls")}>
      <h3>{t("room.tools.polls")}</h3>
      <div className="chips">
        {READY_POLLS.map((name) => (
          <button key={name} type="button" className="button small" onClick={() => void open(name)}>
            {t(`room.tools.poll.${name}`)}
          </button>
        ))}
      </div>
      {newest ? <QuizCard quiz={newest} /> : null}
    </section>
  );
}
