/** Lists what the teacher may do with a person of the class: call on, answer privately, give a star, mute, remove from the lesson. */

import { serverClock } from "@lectern/player/server-clock";
import { mutedPeopleOf, pensOf } from "@lectern/room";
import type { MenuItem } from "@lectern/ui";
import { useTranslation } from "../../texts/use-translation.ts";
import { type Person, useTeacherRoom } from "./teacher-room.ts";
import { useRemoval } from "./use-removal.ts";

/** How long a short mute holds. */
const MUTE_SECONDS = 300;

export function usePersonMenu(): (person: Person) => readonly MenuItem[] {
  const { t } = useTranslation();
  const { room, isSmall, act, writeTo } = useTeacherRoom();
  const muted = mutedPeopleOf(room.held("mute"), serverClock.now());
  const { remove } = useRemoval();
  const mute = (person: string, seconds?: number) =>
    void act("moderation", { action: "mute", person, ...(seconds === undefined ? {} : { seconds }) });
  const pens = pensOf(room);
  return (person) => [
    ...(isSmall ? [] : [{ label: t("room.callOn"), run: () => void act("stage", { action: "invite", person: person.id }) }]),
    { label: t("room.tools.giveStar"), run: () => void act("star", { action: "give", person: person.id }) },
    { label: t("room.answerPrivately"), run: () => writeTo(person) },
    pens.people.includes(person.id)
      ? { label: t("room.takePen"), run: () => void act("page", { action: "pens", person: person.id, on: false }) }
      : { label: t("room.givePen"), run: () => void act("page", { action: "pens", person: person.id, on: true }) },
    ...(muted.has(person.id)
      ? [{ label: t("room.unmute"), run: () => void act("moderation", { action: "unmute", person: person.id }) }]
      : [
          { label: t("room.muteFor", { minutes: MUTE_SECONDS / 60 }), run: () => mute(person.id, MUTE_SECONDS) },
          { label: t("room.mute"), run: () => mute(person.id) },
        ]),
    { label: t("room.removeFromLesson"), run: () => remove(person), isDanger: true },
  ];
}
