/** What the teacher may do with a person of the class: call on, answer privately, mute, remove from the lesson. */

import { serverClock } from "@lectern/player/server-clock";
import { mutedPeopleOf, pensOf } from "@lectern/room";
import type { MenuItem } from "@lectern/ui";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, unwrap } from "../../session/api.ts";
import { errorMessage } from "../../session/error-message.ts";
import { lessonId } from "../lesson/lesson-api.ts";
import { type Person, useTeacherRoom } from "./teacher-room.ts";

/** How long a short mute holds. */
const MUTE_SECONDS = 300;

export function usePersonMenu(): (person: Person) => readonly MenuItem[] {
  const { t } = useTranslation();
  const { room, isSmall, act, writeTo, setNotice } = useTeacherRoom();
  const muted = mutedPeopleOf(room.held("mute"), serverClock.now());
  const change = useMutation({
    mutationFn: async ({ person, isBack }: { readonly person: Person; readonly isBack: boolean }) => {
      const params = { path: { lessonId, participantId: person.id } };
      await (isBack
        ? unwrap(api().POST("/api/v1/lessons/{lessonId}/participants/{participantId}/readmit", { params }))
        : unwrap(api().DELETE("/api/v1/lessons/{lessonId}/participants/{participantId}", { params })));
    },
    onSuccess: (_, { person, isBack }) =>
      setNotice(
        isBack
          ? null
          : {
              text: t("removed", { name: person.name }),
              isFailure: false,
              undo: () => change.mutate({ person, isBack: true }),
            },
      ),
    onError: (error) => setNotice({ text: errorMessage(error, t("offline")), isFailure: true, undo: null }),
  });
  const mute = (person: string, seconds?: number) =>
    void act("moderation", { action: "mute", person, ...(seconds === undefined ? {} : { seconds }) });
  const pens = pensOf(room);
  return (person) => [
    ...(isSmall ? [] : [{ label: t("room.callOn"), run: () => void act("stage", { action: "invite", person: person.id }) }]),
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
    { label: t("room.removeFromLesson"), run: () => change.mutate({ person, isBack: false }), isDanger: true },
  ];
}
