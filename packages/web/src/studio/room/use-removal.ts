/** Removes people from the lesson. The line of the class says so, and offers to undo it or to extend it to the device. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, unwrap } from "../../session/api.ts";
import { errorMessage } from "../../session/error-message.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import { lessonId } from "../lesson/lesson-api.ts";
import { PARTICIPANTS, useParticipants } from "../lesson/use-participants.ts";
import { type Person, useTeacherRoom } from "./teacher-room.ts";

export function useRemoval(): { readonly remove: (person: Person) => void } {
  const { t } = useTranslation();
  const client = useQueryClient();
  const participants = useParticipants();
  const { setNotice } = useTeacherRoom();
  const onSettled = () => client.invalidateQueries({ queryKey: PARTICIPANTS });
  const onError = (error: Error) => setNotice({ text: errorMessage(error, t("offline")), isFailure: true, undo: null });
  const readmit = useMutation({
    mutationFn: (participantId: string) => {
      const params = { path: { lessonId, participantId } };
      return unwrap(api().POST("/api/v1/lessons/{lessonId}/participants/{participantId}/readmit", { params }));
    },
    onSuccess: () => setNotice(null),
    onSettled,
    onError,
  });
  const remove = useMutation({
    mutationFn: async ({ person, hasDevice }: { readonly person: Person; readonly hasDevice: boolean }) => {
      const params = { path: { lessonId, participantId: person.id }, query: hasDevice ? { device: true as const } : {} };
      await unwrap(api().DELETE("/api/v1/lessons/{lessonId}/participants/{participantId}", { params }));
    },
    onSuccess: (_, { person, hasDevice }) => {
      // With an account, the removal holds for the device by itself.
      const isGuest = participants.find(({ id }) => id === person.id)?.userId === null;
      setNotice({
        text: t("removed", { name: person.name }),
        isFailure: false,
        undo: () => readmit.mutate(person.id),
        ...(isGuest && !hasDevice
          ? { more: { label: t("keepOutDevice"), run: () => remove.mutate({ person, hasDevice: true }) } }
          : {}),
      });
    },
    onSettled,
    onError,
  });
  return { remove: ({ id, name }) => remove.mutate({ person: { id, name }, hasDevice: false }) };
}
