/** Draws the order in which students speak, and goes from one to the next. */
import { type SpeakingOrder, speakingOrderOf } from "@lectern/room";
import { useTranslation } from "../../texts/use-translation.ts";
import { useTeacherRoom } from "./teacher-room.ts";

export function OrderTool() {
  const { t } = useTranslation();
  const { room, act } = useTeacherRoom();
  const order = speakingOrderOf(room.one("order"));
  const change = (action: "draw" | "next" | "end") => void act("order", { action });
  return (
    <section aria-label={t("room.tools.order")}>
      <h3>{t("room.tools.order")}</h3>
      {order === null ? null : <OrderList order={order} />}
      <div className="chips">
        {order === null ? null : (
          <>
            <button type="button" className="button small" onClick={() => change("next")}>
              {t("room.tools.nextSpeaker")}
            </button>
            <button type="button" className="button small" onClick={() => change("end")}>
              {t("room.tools.endOrder")}
            </button>
          </>
        )}
        <button type="button" className="button small" onClick={() => change("draw")}>
          {t(order === null ? "room.tools.drawOrder" : "room.tools.drawOrderAgain")}
        </button>
      </div>
    </section>
  );
}

function OrderList({ order: { people, place } }: { readonly order: SpeakingOrder }) {
  return (
    <ol className="speaking-order" start={place + 1}>
      {people.slice(place).map(({ person, name }, i) => (
        <li key={person} aria-current={i === 0 ? "step" : undefined}>
          <bdi>{name}</bdi>
        </li>
      ))}
    </ol>
  );
}
