/** Shows the board video of a recording, one video with the board and the teacher: a button that orders it, how far it is, and the file when it is done. */
import type { Recording } from "@lectern/client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, unwrap } from "../../session/api.ts";
import { errorMessage } from "../../session/error-message.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import { isBeingMade, makingText } from "./making-text.ts";

/** While it is made, and otherwise: a colleague may have ordered it, and the address of the file has its time. */
const REFETCH_MS = { open: 1500, else: 30_000 } as const;

export function RecordingBoardVideo({ recording: { id, title } }: { readonly recording: Recording }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const queryKey = ["film", id];
  const path = { params: { path: { recordingId: id } } };
  const query = useQuery({
    queryKey,
    queryFn: () => unwrap(api().GET("/api/v1/recordings/{recordingId}/film", path)),
    refetchInterval: ({ state: { data } }) => (isBeingMade(data) ? REFETCH_MS.open : REFETCH_MS.else),
  });
  const order = useMutation({
    mutationFn: () => unwrap(api().POST("/api/v1/recordings/{recordingId}/film", path)),
    onSuccess: (data) => client.setQueryData(queryKey, data),
  });
  const remove = useMutation({
    mutationFn: () => unwrap(api().DELETE("/api/v1/recordings/{recordingId}/film", path)),
    onSettled: () => client.invalidateQueries({ queryKey }),
  });
  const film = query.data;
  const error = order.error ?? remove.error ?? (film ? null : query.error);
  const problem = error ? errorMessage(error, t("offline")) : film?.problem ? t(`downloadProblems.${film.problem}`) : null;
  const isOpen = isBeingMade(film);
  return (
    <div className="row">
      <span role="status" className="text-muted">
        {film?.state === "running" ? <progress max={100} value={film.percent} aria-label={t("film.name")} /> : null}{" "}
        {isOpen ? makingText("film", film, t) : film?.state === "none" ? t("film.about") : ""}
      </span>
      {film?.url ? (
        <a className="button small" href={film.url} aria-label={`${t("film.save")}: ${title}`}>
          {t("film.save")}
        </a>
      ) : null}
      {film?.state === "none" || film?.state === "failed" ? (
        <button type="button" className="button small" disabled={order.isPending} onClick={() => order.mutate()}>
          {t("film.make")}
        </button>
      ) : null}
      {isOpen || film?.state === "done" ? (
        <button type="button" className="button small" disabled={remove.isPending} onClick={() => remove.mutate()}>
          {t(isOpen ? "film.cancel" : "film.delete")}
        </button>
      ) : null}
      {problem === null ? null : <span role="alert">{problem}</span>}
    </div>
  );
}
