/** Shows who is in the class, as far as students see it: how many, the raised hands in order, and oneself. */

import { handsOf, numberOf, settingsOf } from "@lectern/room";
import { Icon } from "@lectern/ui";
import { HAND_ICON } from "@lectern/ui/icons";
import { looksOn } from "../../room/roles.ts";
import type { Room } from "../../room/use-room.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import { ScrollArea } from "../parts/scroll-area.tsx";
import { useRoster } from "./use-roster.ts";

/** Null while the room has not told. */
export function peopleCount(room: Room): number | null {
  const signal = room.signal("people");
  return signal ? numberOf(signal, "count") : null;
}

export function PeoplePanel({ room }: { room: Room }) {
  const { t } = useTranslation();
  const count = peopleCount(room);
  const hands = handsOf(room.held("hand"));
  const isAllowed = (settingsOf(room.one("settings")?.body).roster && !looksOn(room)) || room.you?.role === "staff";
  const roster = useRoster(room, isAllowed, count);
  return (
    <ScrollArea className="scroll people" label={t("people")}>
      {count === null ? null : <p className="people-count">{t("hereNow", { count })}</p>}
      {hands.length === 0 ? null : (
        <section>
          <h2>{t("handsUp")}</h2>
          <ol>
            {hands.map(({ person, name, isCalled }) => (
              <li key={person} className={isCalled ? "called" : ""}>
                <Icon drawing={HAND_ICON} />
                <bdi>{person === room.you?.id ? t("you") : name}</bdi>
              </li>
            ))}
          </ol>
        </section>
      )}
      <section>
        <h2>{t("roster")}</h2>
        {isAllowed ? null : <p className="text-muted">{t("rosterHidden")}</p>}
        <ul>
          {roster.names.map(({ name, isStaff }, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: two people may have the same name
            <li key={`${name} ${i}`}>
              <bdi>{name}</bdi>
              {isStaff ? <span className="badge">{t("teacher")}</span> : null}
            </li>
          ))}
        </ul>
        {roster.hasMore ? (
          <button type="button" className="older" onClick={roster.loadMore}>
            {t("moreRoster")}
          </button>
        ) : null}
      </section>
    </ScrollArea>
  );
}
