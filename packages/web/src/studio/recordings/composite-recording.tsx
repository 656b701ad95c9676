/** Shows one picture of a small lesson: how far its making is, a button that orders it, and one that cancels it. */
import type { CompositeRecording as Picture } from "@lectern/client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, unwrap } from "../../session/api.ts";
import { errorMessage } from "../../session/error-message.ts";
import { type Translate, useTranslation } from "../../texts/use-translation.ts";
import { lessonPath } from "../lesson/lesson-api.ts";
import { isBeingMade, makingText } from "./making-text.ts";

const QUERY_KEY = ["lesson-picture"];
/** While it is made, and otherwise: the server orders it by itself, some time after the lesson. */
const REFETCH_MS = { open: 1500, else: 10_000 } as const;

/** @param isReady whether everybody's recording is whole */
export function CompositeRecording({ isReady }: { readonly isReady: boolean }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const query = useQuery({
    queryKey: QUERY_KEY,
    queryFn: () => unwrap(api().GET("/api/v1/lessons/{lessonId}/picture", lessonPath)),
    refetchInterval: ({ state: { data } }) => (isBeingMade(data) ? REFETCH_MS.open : REFETCH_MS.else),
  });
  const order = useMutation({
    mutationFn: () => unwrap(api().POST("/api/v1/lessons/{lessonId}/picture", lessonPath)),
    onSuccess: (data) => client.setQueryData(QUERY_KEY, data),
  });
  const cancel = useMutation({
    mutationFn: () => unwrap(api().DELETE("/api/v1/lessons/{lessonId}/picture", lessonPath)),
    onSettled: () => client.invalidateQueries({ queryKey: QUERY_KEY }),
  });
  const picture = query.data;
  if (!picture) return null;
  const error = order.error ?? cancel.error;
  const problem = error
    ? errorMessage(error, t("offline"))
    : picture.problem
      ? t(`lessonPicture.problems.${problemOf(picture.problem)}`)
      : null;
  return (
    <div className="row">
      <span role="status">
        {picture.state === "running" ? <progress max={100} value={picture.percent} aria-label={t("lessonPicture.name")} /> : null}{" "}
        {statusText(picture, t)}
      </span>
      {isBeingMade(picture) ? (
        <button type="button" className="button small" disabled={cancel.isPending} onClick={() => cancel.mutate()}>
          {t("lessonPicture.cancel")}
        </button>
      ) : picture.state === "done" || !isReady ? null : (
        <button type="button" className="button small" disabled={order.isPending} onClick={() => order.mutate()}>
          {t("lessonPicture.make")}
        </button>
      )}
      {problem === null ? null : <span role="alert">{problem}</span>}
    </div>
  );
}

/** What has its own words. */
function problemOf(problem: NonNullable<Picture["problem"]>) {
  return problem === "no-picture" || problem === "disk-full" || problem === "storage-away" ? problem : "failed";
}

function statusText(picture: Picture, t: Translate): string {
  if (isBeingMade(picture)) return makingText("lessonPicture", picture, t);
  return t(picture.state === "done" ? "lessonPicture.done" : "lessonPicture.about");
}
