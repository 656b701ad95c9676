/** Shows one candidate beside the wall: the live pictures, what was noted and when, and what a supervisor can do. */
import { Button, SkeletonRows } from "@lectern/ui";
import { CLOSE_ICON } from "@lectern/ui/icons";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { errorMessage } from "../../session/error-message.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import { attentionWords } from "../wall/attention.ts";
import { TimeOf } from "../wall/tile.tsx";
import { loadCandidate } from "../wall/wall-calls.ts";
import type { Wall, WallDetail, Writes } from "../wall/wall-types.ts";
import { CandidateActs } from "./candidate-acts.tsx";
import { History } from "./history.tsx";
import { LivePictures } from "./live-pictures.tsx";
import { Recordings } from "./recordings.tsx";
import { Talk } from "./talk.tsx";
import { WriteForms } from "./write-forms.tsx";

const REFETCH_MS = 4000;

type CandidatePanelProps = {
  readonly examId: string;
  readonly attemptId: string;
  /** Which form has the focus at first. */
  readonly writes: Writes;
  readonly groups: Wall["groups"];
  readonly onClose: () => void;
};

export function CandidatePanel({ examId, attemptId, writes, groups, onClose }: CandidatePanelProps) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const key = ["wall-candidate", attemptId];
  const detail = useQuery({ queryKey: key, queryFn: () => loadCandidate(examId, attemptId), refetchInterval: REFETCH_MS });
  const [moment, setMoment] = useState<{ readonly at: number } | null>(null);
  const title = useRef<HTMLHeadingElement>(null);
  const { data } = detail;
  const isShown = data !== undefined;
  useEffect(() => {
    if (isShown && writes === null) title.current?.focus();
  }, [isShown, writes]);
  const changed = (next?: WallDetail): void => {
    if (next) client.setQueryData(key, next);
    else void client.invalidateQueries({ queryKey: key });
    void client.invalidateQueries({ queryKey: ["wall", examId] });
  };
  return (
    <section className="wall-panel" aria-label={data?.name ?? t("loading")}>
      <header className="panel-head">
        <h2 ref={title} tabIndex={-1} dir="auto">
          {data?.name ?? t("loading")}
        </h2>
        <Button kind="quiet" icon={CLOSE_ICON} aria-label={t("close")} onClick={onClose} />
      </header>
      {detail.error ? (
        <p role="alert" className="error">
          {t("failed", { message: errorMessage(detail.error, t("offline")) })}
        </p>
      ) : null}
      {data ? (
        <>
          <Facts detail={data} groups={groups} />
          <LivePictures detail={data} />
          <CandidateActs examId={examId} detail={data} onChanged={changed} />
          <Talk key={attemptId} examId={examId} detail={data} />
          <WriteForms examId={examId} detail={data} writes={writes} onSent={() => changed()} />
          <Recordings detail={data} moment={moment} onMoment={(at) => setMoment({ at })} />
          <History detail={data} onMoment={data.recordings.length > 0 ? (at) => setMoment({ at }) : null} />
        </>
      ) : detail.error ? null : (
        <SkeletonRows label={t("loading")} />
      )}
    </section>
  );
}

function Facts({ detail, groups }: { readonly detail: WallDetail; readonly groups: Wall["groups"] }) {
  const { t } = useTranslation();
  const group = groups.find(({ id }) => id === detail.groupId);
  return (
    <>
      <dl className="panel-facts">
        <div>
          <dt>{t(detail.state === "sitting" || detail.state === "paused" ? "wall.timeLeft" : "wall.state")}</dt>
          <dd>
            <TimeOf item={detail} />
            {detail.extraSeconds > 0 ? ` (+${Math.round(detail.extraSeconds / 60)})` : null}
          </dd>
        </div>
        <div>
          <dt>{t("wall.answered")}</dt>
          <dd>{detail.answered}</dd>
        </div>
        {detail.login === null ? null : (
          <div>
            <dt>{t("wall.number")}</dt>
            <dd>{detail.login}</dd>
          </div>
        )}
        {group ? (
          <div>
            <dt>{t("wall.group")}</dt>
            <dd dir="auto">{group.name}</dd>
          </div>
        ) : null}
      </dl>
      {detail.attention.length > 0 ? (
        <ul className="panel-attention">
          {detail.attention.map((code) => (
            <li key={code}>{attentionWords(t, code)}</li>
          ))}
        </ul>
      ) : null}
    </>
  );
}
