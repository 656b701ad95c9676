/** Guests in the waiting room, with buttons to let each in or to refuse them. */
import type { Participant } from "@lectern/client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, unwrap } from "../session/api.ts";
import { lessonId } from "./lesson/lesson-api.ts";

type WaitingGuestsProps = {
  readonly guests: readonly Participant[];
  /** The query that lists the participants. */
  readonly queryKey: readonly string[];
  readonly onRefuse: (guest: Participant) => void;
};

export function WaitingGuests({ guests, queryKey, onRefuse }: WaitingGuestsProps) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const admit = useMutation({
    mutationFn: (participantId: string) =>
      unwrap(
        api().POST("/api/v1/lessons/{lessonId}/participants/{participantId}/admit", {
          params: { path: { lessonId, participantId } },
        }),
      ),
    onSettled: () => client.invalidateQueries({ queryKey }),
  });
  if (guests.length === 0) return null;
  return (
    <section aria-label={t("waitingGuests", { count: guests.length })}>
      <h3>{t("waitingGuests", { count: guests.length })}</h3>
      <ul>
        {guests.map((guest) => (
          <li key={guest.id}>
            <span>{guest.name}</span>
            <span className="row">
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
                onClick={() => onRefuse(guest)}
              >
                {t("remove")}
              </button>
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
