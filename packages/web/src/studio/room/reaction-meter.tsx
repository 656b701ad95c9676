/** Shows how the class feels: a bar for each reaction of the last minute. A reaction that nobody gave is not drawn. */

import { isBody, numberOf } from "@lectern/room";
import { useTranslation } from "../../texts/use-translation.ts";
import { useTeacherRoom } from "./teacher-room.ts";

/** Those that tell the teacher to do something come first. */
const REACTIONS = ["lost", "slower", "faster", "up", "clap", "heart", "laugh"] as const;
const SYMBOLS = { lost: "❓", slower: "🐢", faster: "🐇", up: "👍", clap: "👏", heart: "❤️", laugh: "😄" } as const;

export function ReactionMeter() {
  const { t } = useTranslation();
  const { room } = useTeacherRoom();
  const signal = room.signal("reactions");
  const counts = signal && isBody(signal["counts"]) ? signal["counts"] : (signal ?? {});
  const people = Math.max(1, numberOf(room.signal("people") ?? {}, "count") ?? 1);
  const given = REACTIONS.flatMap((reaction) => {
    const count = numberOf(counts, reaction) ?? 0;
    return count > 0 ? [{ reaction, count }] : [];
  });
  if (given.length === 0) return null;
  return (
    <ul className="reaction-meter" aria-label={t("room.reactionsOfLastMinute")}>
      {given.map(({ reaction, count }) => (
        <li key={reaction}>
          <span>
            <span aria-hidden="true">{SYMBOLS[reaction]}</span> {t(`room.reaction.${reaction}`)}
          </span>
          <meter min={0} max={people} value={Math.min(count, people)} aria-label={t(`room.reaction.${reaction}`)} />
          <strong>{count}</strong>
        </li>
      ))}
    </ul>
  );
}
