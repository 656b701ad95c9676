/** Who is in the class, as far as students see it: how many, the raised hands in order, and oneself. */
import { useTranslation } from "react-i18next";
import type { Room } from "../../room/use-room.ts";
import { numberOf, textOf } from "../../room/wire.ts";
import { Icon } from "../icons.tsx";
import { handsOf } from "./hand-button.tsx";

/** Null while the room has not told. */
export function peopleCount(room: Room): number | null {
  const signal = room.signal("people");
  return signal ? numberOf(signal, "count") : null;
}

export function PeoplePanel({ room }: { room: Room }) {
  const { t } = useTranslation();
  const count = peopleCount(room);
  const hands = handsOf(room);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls takes the arrow keys
    <div className="scroll people" tabIndex={0} role="group" aria-label={t("people")}>
      {count === null ? null : <p className="people-count">{t("hereNow", { count })}</p>}
      {hands.length === 0 ? null : (
        <section>
          <h3>{t("handsUp")}</h3>
          <ol>
            {hands.map(({ key, name, body }) => (
              <li key={key} className={textOf(body, "state") === "called" ? "called" : ""}>
                <Icon name="hand" />
                <bdi>{textOf(body, "person") === room.you?.id ? t("you") : name}</bdi>
              </li>
            ))}
          </ol>
        </section>
      )}
    </div>
  );
}
