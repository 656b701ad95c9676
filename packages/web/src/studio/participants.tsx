/** The people in the lesson, with a button to remove each of the others. A removal can be undone. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, unwrap } from "../session/api.ts";
import { lessonId } from "./lesson-api.ts";

const QUERY_KEY = ["participants"];
const REFETCH_MS = 3000;

export function Participants({ watching }: { watching: number }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const participants = useQuery({
    queryKey: QUERY_KEY,
    queryFn: () =>
      unwrap(api().GET("/api/v1/lessons/{lessonId}/participants", { params: { path: { lessonId }, query: { limit: 1000 } } })),
    refetchInterval: REFETCH_MS,
  });
  const remove = useMutation({
    mutationFn: (participantId: string) =>
      unwrap(
        api().DELETE("/api/v1/lessons/{lessonId}/participants/{participantId}", { params: { path: { lessonId, participantId } } }),
      ),
    onSuccess: () => client.invalidateQueries({ queryKey: QUERY_KEY }),
  });
  const readmit = useMutation({
    mutationFn: (participantId: string) =>
      unwrap(
        api().POST("/api/v1/lessons/{lessonId}/participants/{participantId}/readmit", {
          params: { path: { lessonId, participantId } },
        }),
      ),
    onSuccess: async () => {
      setLast(null);
      await client.invalidateQueries({ queryKey: QUERY_KEY });
    },
  });
  const me = useQuery({ queryKey: ["me"], queryFn: () => unwrap(api().GET("/api/v1/me")) }).data?.user?.id;
  const [last, setLast] = useState<{ readonly id: string; readonly name: string } | null>(null);
  const removeOne = async (participant: { readonly id: string; readonly name: string }): Promise<void> => {
    await remove.mutateAsync(participant.id);
    setLast(participant);
  };
  const present = (participants.data?.items ?? []).filter(({ removedAt }) => removedAt === null);
  return (
    <section className="tile people" aria-label={t("participants")}>
      <h2>{t("participants")}</h2>
      <p className="text-muted">{t("watching", { count: watching })}</p>
      {present.length === 0 ? <p>{t("nobody")}</p> : null}
      <ul>
        {present.map(({ id, userId, name, role }) => (
          <li key={id}>
            <span>
              {name} {role === "guest" ? <small className="text-muted">{t("guest")}</small> : null}
            </span>
            {userId !== null && userId === me ? (
              <small className="text-muted">{t("you")}</small>
            ) : (
              <button
                type="button"
                className="button small"
                aria-label={`${t("remove")}: ${name}`}
                onClick={() => void removeOne({ id, name }).catch(() => {})}
              >
                {t("remove")}
              </button>
            )}
          </li>
        ))}
      </ul>
      <p role="status">
        {last ? (
          <>
            {t("removed", { name: last.name })}{" "}
            <button type="button" className="button small" onClick={() => readmit.mutate(last.id)}>
              {t("undo")}
            </button>
          </>
        ) : null}
      </p>
    </section>
  );
}
