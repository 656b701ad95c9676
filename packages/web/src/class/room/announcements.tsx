/** Shows announcements of the teacher, above everything else of the side, until they are dismissed or removed. */

import { announcementsOf } from "@lectern/room";
import { Icon } from "@lectern/ui";
import { CLOSE_ICON, MEGAPHONE_ICON } from "@lectern/ui/icons";
import type { Room } from "../../room/use-room.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import { useKeptSet } from "./kept-set.ts";

export function Announcements({ room, lessonId }: { room: Room; lessonId: string }) {
  const { t } = useTranslation();
  const dismissed = useKeptSet(`announcements.${lessonId}`);
  const shown = announcementsOf(room.held("announcement")).filter(({ key }) => !dismissed.has(key));
  const newest = shown.at(-1);
  if (!newest) return null;
  return (
    <section className="announcement" aria-label={t("announcement")}>
      <Icon drawing={MEGAPHONE_ICON} />
      <p dir="auto">
        <strong>{t("announcement")}</strong> {newest.text}
      </p>
      <button type="button" className="icon-button" aria-label={t("dismiss")} onClick={() => dismissed.set(newest.key, true)}>
        <Icon drawing={CLOSE_ICON} />
      </button>
    </section>
  );
}
