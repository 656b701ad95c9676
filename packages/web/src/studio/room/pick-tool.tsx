/** Has the server pick one of the students who are here; everybody sees who it is. */
import { pickedOf } from "@lectern/room";
import { useTranslation } from "../../texts/use-translation.ts";
import { useTeacherRoom } from "./teacher-room.ts";

export function PickTool() {
  const { t } = useTranslation();
  const { room, act } = useTeacherRoom();
  const picked = pickedOf(room.one("pick"));
  return (
    <section aria-label={t("room.tools.pick")}>
      <h3>{t("room.tools.pick")}</h3>
      <p role="status" className="picked-name">
        {picked === null ? (
          t("room.tools.nobodyPicked")
        ) : (
          <>
            <strong>
              <bdi>{picked.name}</bdi>
            </strong>{" "}
            {picked.isGuest ? <small className="text-muted">{t("guest")} </small> : null}
            <span className="text-muted">{t("room.tools.left", { count: picked.left })}</span>
          </>
        )}
      </p>
      <div className="chips">
        <button type="button" className="button small" onClick={() => void act("pick", { action: "draw" })}>
          {t(picked === null ? "room.tools.draw" : "room.tools.drawAgain")}
        </button>
        {picked === null ? null : (
          <>
            <button
              type="button"
              className="button small"
              onClick={() => void act("star", { action: "give", person: picked.person })}
            >
              {t("room.tools.giveStar")}
            </button>
            <button type="button" className="button small" onClick={() => void act("pick", { action: "reset" })}>
              {t("room.tools.reset")}
            </button>
          </>
        )}
      </div>
    </section>
  );
}
