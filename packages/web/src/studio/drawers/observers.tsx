/** Lists the parents and inspectors who may watch the lesson by a link of their own, makes links, and takes them back. */
import type { Lesson, Watcher } from "@lectern/client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useId, useState } from "react";
import { QrCode } from "../../components/qr-code.tsx";
import { useTranslation } from "../../texts/use-translation.ts";
import "../../invited/invited-people.css";
import { type Person, useMatches } from "../../invited/use-invited.ts";
import { api, unwrap } from "../../session/api.ts";
import { errorMessage } from "../../session/error-message.ts";
import { Copyable } from "../frame/copyable.tsx";

const REFETCH_MS = 15_000;
const PAGE = 200;

export function Observers({ lesson }: { lesson: Lesson }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const queryKey = ["watchers", lesson.id];
  const path = { lessonId: lesson.id };
  const list = useQuery({
    queryKey,
    refetchInterval: REFETCH_MS,
    queryFn: () => unwrap(api().GET("/api/v1/lessons/{lessonId}/watchers", { params: { path, query: { limit: PAGE } } })),
  });
  const onSettled = () => client.invalidateQueries({ queryKey });
  const create = useMutation({
    mutationFn: (body: NewObserver) => unwrap(api().POST("/api/v1/lessons/{lessonId}/watchers", { params: { path }, body })),
    onSettled,
  });
  const revoke = useMutation({
    mutationFn: ({ id: watcherId }: Watcher) =>
      unwrap(api().DELETE("/api/v1/lessons/{lessonId}/watchers/{watcherId}", { params: { path: { ...path, watcherId } } })),
    onSettled,
  });
  const failure = create.error ?? revoke.error;
  const watchers = (list.data?.items ?? []).filter(({ revokedAt }) => revokedAt === null);
  return (
    <section className="tile invited" aria-label={t("watchers.title")}>
      <h2>{t("watchers.title")}</h2>
      <p className="text-muted">{t("watchers.hint")}</p>
      <NewObserverForm lesson={lesson} isPending={create.isPending} onCreate={(body) => create.mutate(body)} />
      {failure ? (
        <p className="error" role="alert">
          {errorMessage(failure, t("offline"))}
        </p>
      ) : null}
      {create.data ? <NewLink name={create.data.name} link={create.data.link} /> : null}
      <ul>
        {watchers.map((watcher) => (
          <Entry key={watcher.id} watcher={watcher} isPending={revoke.isPending} onRevoke={() => revoke.mutate(watcher)} />
        ))}
      </ul>
    </section>
  );
}

type NewObserver = { readonly name: string; readonly childId?: string; readonly chat: boolean };
type FormProps = { readonly lesson: Lesson; readonly isPending: boolean; readonly onCreate: (body: NewObserver) => void };

function NewObserverForm({ lesson, isPending, onCreate }: FormProps) {
  const { t } = useTranslation();
  const [nameId, childId] = [useId(), useId()];
  const [name, setName] = useState("");
  const [text, setText] = useState("");
  const [child, setChild] = useState<Person | null>(null);
  const [chat, setChat] = useState(false);
  const { people } = useMatches(lesson, child ? "" : text);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onCreate({ name: name.trim(), chat, ...(child ? { childId: child.userId } : {}) });
    setName("");
    setText("");
    setChild(null);
  };
  return (
    <form className="invited-search" onSubmit={submit}>
      <div className="field">
        <label htmlFor={nameId}>{t("watchers.name")}</label>
        <input id={nameId} required maxLength={100} value={name} onChange={(event) => setName(event.target.value)} />
      </div>
      <div className="field">
        <label htmlFor={childId}>{t("watchers.child")}</label>
        <input
          id={childId}
          type="search"
          autoComplete="off"
          maxLength={100}
          value={child?.name ?? text}
          onChange={(event) => {
            setChild(null);
            setText(event.target.value);
          }}
        />
      </div>
      <ul aria-label={t("watchers.child")}>
        {people.map((person) => (
          <li key={person.userId}>
            <span>
              {person.name} <small className="text-muted">{person.login}</small>
            </span>
            <button type="button" className="button small" onClick={() => setChild(person)}>
              {t("watchers.choose", { name: person.name })}
            </button>
          </li>
        ))}
      </ul>
      <label className="check">
        <input type="checkbox" checked={chat} onChange={(event) => setChat(event.target.checked)} /> {t("watchers.chat")}
      </label>
      <button type="submit" className="button" disabled={isPending || name.trim() === ""}>
        {t("watchers.create")}
      </button>
    </form>
  );
}

function NewLink({ name, link }: { name: string; link: string }) {
  const { t } = useTranslation();
  return (
    <div role="status">
      <p>{t("watchers.made", { name })}</p>
      <QrCode text={link} label={t("watchers.qr", { name })} />
      <Copyable label={t("link")} text={link} secret />
    </div>
  );
}

function Entry({ watcher, isPending, onRevoke }: { watcher: Watcher; isPending: boolean; onRevoke: () => void }) {
  const { t, i18n } = useTranslation();
  const time = (at: string) => new Date(at).toLocaleString(i18n.language, { dateStyle: "short", timeStyle: "short" });
  return (
    <li>
      <span>
        {watcher.name} {watcher.child ? <small className="text-muted">{t("watchers.of", { child: watcher.child })}</small> : null}
        <br />
        <small className="text-muted">
          {watcher.openedAt
            ? t("watchers.opened", { time: time(watcher.openedAt) })
            : t("watchers.until", { time: time(watcher.to) })}
        </small>
      </span>
      <button
        type="button"
        className="button small"
        disabled={isPending}
        aria-label={t("watchers.revoke", { name: watcher.name })}
        onClick={onRevoke}
      >
        {t("uninvite")}
      </button>
    </li>
  );
}
