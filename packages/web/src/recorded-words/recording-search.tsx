/** Shows a field that searches what was said, written and shown in all recordings that the person may watch, and the places that were found. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useSearchParams } from "wouter";
import { usePaused } from "../components/use-paused.ts";
import { addTranslations } from "../i18n.ts";
import { formatDateTime } from "../language.ts";
import { api, unwrap } from "../session/api.ts";
import { errorMessage } from "../session/error-message.ts";
import { useTranslation } from "../texts/use-translation.ts";
import { type Hit, HitLine } from "./hit-line.tsx";
import { WORDS_MESSAGES } from "./messages.ts";
import "./recorded-words.css";

addTranslations(WORDS_MESSAGES);

/** In the address, so that who comes back from a replay finds the results. */
const TEXT = "text";

/** @param schoolId of operators, who name a school */
export function RecordingSearch({ schoolId }: { readonly schoolId?: string }) {
  const { t } = useTranslation();
  const [parameters, setParameters] = useSearchParams();
  const wanted = parameters.get(TEXT) ?? "";
  const [typed, setTyped] = useState(wanted);
  const text = usePaused(typed.trim());
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is typed goes to the address
  useEffect(() => {
    if (text !== wanted) setParameters((before) => withText(before, text), { replace: true });
  }, [text]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another address, as of the search over everything, is searched for
  useEffect(() => {
    if (wanted !== text) setTyped(wanted);
  }, [wanted]);
  const found = useFound(text, schoolId);
  const recordings = found.data?.pages.flatMap(({ items }) => items) ?? [];
  const isAsking = text !== typed.trim() || found.isFetching;
  return (
    <section className="recording-search" aria-label={t("words.all")}>
      <div className="field">
        <input
          type="search"
          aria-label={t("words.all")}
          placeholder={t("words.allPlaceholder")}
          maxLength={100}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
      </div>
      {typed.trim() === "" ? null : (
        <p role="status" className="text-muted">
          {isAsking ? t("words.searching") : null}
          {!isAsking && found.error ? errorMessage(found.error, t("offline")) : null}
          {!isAsking && found.isSuccess && recordings.length === 0 ? t("words.nothing", { text }) : null}
        </p>
      )}
      {typed.trim() === "" ? null : recordings.map((one) => <FoundRecording key={one.recordingId} found={one} text={text} />)}
      {found.hasNextPage && !isAsking ? (
        <button type="button" className="button" onClick={() => void found.fetchNextPage()}>
          {t("words.older")}
        </button>
      ) : null}
    </section>
  );
}

function withText(before: URLSearchParams, text: string): URLSearchParams {
  const after = new URLSearchParams(before);
  if (text === "") after.delete(TEXT);
  else after.set(TEXT, text);
  return after;
}

type FoundIn = {
  readonly recordingId: string;
  readonly lessonId: string;
  readonly title: string;
  readonly startedAt: string;
  readonly hits: readonly Hit[];
  readonly hasMore: boolean;
};

function FoundRecording({ found, text }: { readonly found: FoundIn; readonly text: string }) {
  const { t, i18n } = useTranslation();
  const { recordingId, lessonId, title, startedAt, hits, hasMore } = found;
  const replay = `/class/${lessonId}?recording=${recordingId}&find=${encodeURIComponent(text)}`;
  return (
    <article>
      <h3>
        <a href={replay}>{title}</a> <small className="text-muted">{formatDateTime(startedAt, i18n.language)}</small>
      </h3>
      <ol className="words-lines">
        {hits.map((hit) => (
          <li key={`${hit.seconds} ${hit.kind} ${hit.text}`}>
            <a href={`${replay}&t=${hit.seconds}`}>
              <HitLine hit={hit} />
            </a>
          </li>
        ))}
      </ol>
      {hasMore ? <a href={replay}>{t("words.moreIn")}</a> : null}
    </article>
  );
}

function useFound(text: string, schoolId: string | undefined) {
  return useInfiniteQuery({
    queryKey: ["recordings", "words", schoolId, text],
    queryFn: ({ pageParam }) => {
      const place = pageParam === null ? {} : { cursor: pageParam };
      const query = { text, ...place, ...(schoolId === undefined ? {} : { schoolId }) };
      return unwrap(api().GET("/api/v1/search", { params: { query } }));
    },
    initialPageParam: null as string | null,
    getNextPageParam: ({ nextCursor }) => nextCursor,
    enabled: text !== "",
  });
}
