/** Throws dice; everybody sees what falls. */
import { thrownDiceOf } from "@lectern/room";
import { useTranslation } from "../../texts/use-translation.ts";
import { useTeacherRoom } from "./teacher-room.ts";

const COUNTS = [1, 2, 3] as const;

export function DiceTool() {
  const { t } = useTranslation();
  const { room, act } = useTeacherRoom();
  const thrown = thrownDiceOf(room.one("dice"));
  return (
    <section aria-label={t("room.tools.dice")}>
      <h3>{t("room.tools.dice")}</h3>
      <div className="chips">
        {COUNTS.map((count) => (
          <button key={count} type="button" className="button small" onClick={() => void act("dice", { action: "roll", count })}>
            {t("room.tools.roll", { count })}
          </button>
        ))}
        <strong role="status">{thrown === null ? "" : thrown.values.join(" · ")}</strong>
      </div>
    </section>
  );
}
