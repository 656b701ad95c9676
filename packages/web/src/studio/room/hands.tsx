/**
 * Shows the raised hands in their order, above the tabs: each is called on, which asks the person to speak, or lowered by one press. In a small
 * lesson all speak.
 */

import { handsOf } from "@lectern/room";
import { useTranslation } from "../../texts/use-translation.ts";
import { useTeacherRoom } from "./teacher-room.ts";

export function Hands() {
  const { t } = useTranslation();
  const { room, isSmall, act } = useTeacherRoom();
  const hands = handsOf(room.held("hand"));
  // Whose turn it is.
  const next = hands.findIndex(({ isCalled }) => !isCalled);
  const raised = hands.filter(({ isCalled }) => !isCalled).length;
  return (
    <section className="hands" aria-label={t("room.hands")}>
      <div className="row">
        <h3>
          {t("room.hands")} {raised > 0 ? <span className="tab-count">{raised}</span> : null}
        </h3>
        <p role="status" className="text-muted">
          {hands.length === 0 ? t("room.noHands") : ""}
        </p>
        {hands.length > 1 ? (
          <button type="button" className="button small" onClick={() => void act("hand", { action: "lower-all" })}>
            {t("room.lowerAll")}
          </button>
        ) : null}
      </div>
      {hands.length === 0 ? null : (
        <ol>
          {hands.map(({ person, name, isCalled }, index) => (
            <li key={person} className={isCalled ? "called" : ""}>
              <span className="grow">
                {name} {isCalled ? <small>{t("room.called")}</small> : null}
              </span>
              {isCalled || isSmall ? null : (
                <button
                  type="button"
                  className={`button small ${index === next ? "primary" : ""}`}
                  aria-label={`${t("room.callOn")}: ${name}`}
                  onClick={() => void act("stage", { action: "invite", person })}
                >
                  {t("room.callOn")}
                </button>
              )}
              <button
                type="button"
                className="button small"
                aria-label={`${t("room.lower")}: ${name}`}
                onClick={() => void act("hand", { action: "lower", person })}
              >
                {t("room.lower")}
              </button>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}
