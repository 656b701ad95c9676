/** Shows guests in the waiting room, above the tabs, with buttons to let each in or to refuse them. */
import { showToast } from "@lectern/ui";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, unwrap } from "../../session/api.ts";
import { errorMessage } from "../../session/error-message.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import { lessonId } from "../lesson/lesson-api.ts";
import { PARTICIPANTS, useParticipants } from "../lesson/use-participants.ts";
import { useRemoval } from "./use-removal.ts";

export function WaitingGuests() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const guests = useParticipants().filter(({ waiting }) => waiting);
  const { remove } = useRemoval();
  const admit = useMutation({
    mutationFn: (participantId: string) =>
      unwrap(
        api().POST("/api/v1/lessons/{lessonId}/participants/{participantId}/admit", {
          params: { path: { lessonId, participantId } },
        }),
      ),
    onError: (error) => showToast(errorMessage(error, t("offline"))),
    onSettled: () => client.invalidateQueries({ queryKey: PARTICIPANTS }),
  });
  if (guests.length === 0) return null;
  return (
    <section className="hands" aria-label={t("waitingGuests", { count: guests.length })}>
      <h3>{t("waitingGuests", { count: guests.length })}</h3>
      <ul>
        {guests.map((guest) => (
          <li key={guest.id}>
            <span className="grow">{guest.name}</span>
            <button
              type="button"
              className="button small primary"
              aria-label={`${t("letIn")}: ${guest.name}`}
              onClick={() => admit.mutate(guest.id)}
            >
              {t("letIn")}
            </button>
            <button
              type="button"
              className="button small"
              aria-label={`${t("remove")}: ${guest.name}`}
              onClick={() => remove(guest)}
            >
              {t("remove")}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
