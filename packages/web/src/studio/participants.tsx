/**
 * The people who are in the lesson now, those who have left it, and the waiting room, with a button to remove each of the others. A removal can be
 * undone.
 */
import type { Participant } from "@lectern/client";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, unwrap } from "../session/api.ts";
import { lessonId } from "./lesson/lesson-api.ts";
import { type Removal, useRemoval } from "./use-removal.ts";
import { WaitingGuests } from "./waiting-guests.tsx";

const QUERY_KEY = ["participants"];
const REFETCH_MS = 4000;

/** @param watching null: the lesson has no stream that all watch */
export function Participants({ watching }: { watching: number | null }) {
  const { t } = useTranslation();
  const participants = useQuery({
    queryKey: QUERY_KEY,
    queryFn: () =>
      unwrap(api().GET("/api/v1/lessons/{lessonId}/participants", { params: { path: { lessonId }, query: { limit: 1000 } } })),
    refetchInterval: REFETCH_MS,
  });
  const me = useQuery({ queryKey: ["me"], queryFn: () => unwrap(api().GET("/api/v1/me")) }).data?.user?.id ?? null;
  const removal = useRemoval(QUERY_KEY);
  const all = (participants.data?.items ?? []).filter(({ removedAt }) => removedAt === null);
  const here = usePeopleHere();
  const admitted = all.filter(({ waiting }) => !waiting);
  const present = admitted.filter(({ id }) => here.has(id));
  const left = admitted.filter(({ id }) => !here.has(id));
  const list = (people: readonly Participant[]) => (
    <ul>
      {people.map((participant) => (
        <Person
          key={participant.id}
          participant={participant}
          isMe={participant.userId !== null && participant.userId === me}
          onRemove={removal.remove}
        />
      ))}
    </ul>
  );
  return (
    <section className="tile people" aria-label={t("participants")}>
      <h2>{t("participants")}</h2>
      {watching === null ? null : <p className="text-muted">{t("watching", { count: watching })}</p>}
      <WaitingGuests guests={all.filter(({ waiting }) => waiting)} queryKey={QUERY_KEY} onRefuse={removal.remove} />
      {admitted.length === 0 ? <p>{t("nobody")}</p> : null}
      {list(present)}
      {left.length > 0 ? (
        <details>
          <summary>{t("leftBefore", { count: left.length })}</summary>
          {list(left)}
        </details>
      ) : null}
      <LastRemoval removal={removal} />
    </section>
  );
}

/** The ids of those whose page of the lesson is open now; a page counts as open for some seconds after its connection breaks. */
function usePeopleHere(): ReadonlySet<string> {
  const people = useQuery({
    queryKey: ["people-here"],
    queryFn: () =>
      unwrap(api().GET("/api/v1/lessons/{lessonId}/room/people", { params: { path: { lessonId }, query: { limit: 1000 } } })),
    refetchInterval: REFETCH_MS,
  });
  return new Set((people.data?.items ?? []).map(({ id }) => id));
}

type PersonProps = {
  readonly participant: Participant;
  readonly isMe: boolean;
  readonly onRemove: (participant: Participant) => void;
};

function Person({ participant, isMe, onRemove }: PersonProps) {
  const { t } = useTranslation();
  const { name, role } = participant;
  return (
    <li>
      <span>
        {name} {role === "guest" ? <small className="text-muted">{t("guest")}</small> : null}
      </span>
      {isMe ? (
        <small className="text-muted">{t("you")}</small>
      ) : (
        <button type="button" className="button small" aria-label={`${t("remove")}: ${name}`} onClick={() => onRemove(participant)}>
          {t("remove")}
        </button>
      )}
    </li>
  );
}

function LastRemoval({ removal: { last, undo, keepOut } }: { removal: Removal }) {
  const { t } = useTranslation();
  return (
    <p role="status">
      {last ? (
        <>
          {t("removed", { name: last.name })}{" "}
          <button type="button" className="button small" onClick={() => undo(last)}>
            {t("undo")}
          </button>{" "}
          {last.isKeptOut ? null : (
            <button type="button" className="button small" onClick={() => keepOut(last)}>
              {t("keepOutDevice")}
            </button>
          )}
        </>
      ) : null}
    </p>
  );
}
