/** Shows why one viewer had trouble: the verdict on top, below it strips of everything on the picture's way. Opened by a session or by a report's number. */

import type { Why } from "@lectern/client";
import { serverClock } from "@lectern/player/server-clock";
import { Group, Stack, Text, Title } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Link, useSearchParams } from "wouter";
import { api, unwrap } from "../../session/api.ts";
import { errorCode, errorMessage } from "../../session/error-message.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import { ReportNumberForm } from "../experience/report-number-form.tsx";
import { schoolPath, useSchoolScope } from "../school/school-context.ts";
import { useFormatTime, useTimeZone } from "../school/school-time.ts";
import { DiagnosisStrips } from "./diagnosis-strips.tsx";
import { troubleTimes } from "./strip-values.ts";
import { Verdict } from "./verdict.tsx";

const REFETCH_MS = 10_000;
/** So long after the viewer's last word the session is over, and nothing changes any more. */
const FRESH_MS = 120_000;
const MAX_TROUBLES = 8;
const OF_OTHERS: ReadonlySet<string> = new Set(["others-too", "nobody-else"]);

/** @param viewId a session's id, or the number of a report */
export function ViewDiagnosis({ viewId }: { readonly viewId: string }) {
  const { t } = useTranslation();
  const [parameters] = useSearchParams();
  const why = useDiagnosis(viewId, parameters.get("at"));
  if (why.error) {
    const isUnknown = errorCode(why.error) === "not-found";
    return (
      <Stack>
        <Title order={1}>{t("why.title")}</Title>
        <p role="alert">
          {isUnknown ? t("why.unknown", { number: viewId }) : t("failed", { message: errorMessage(why.error, t("offline")) })}
        </p>
        <ReportNumberForm />
      </Stack>
    );
  }
  if (!why.data) return <p role="status">{t("loading")}</p>;
  return <Explained why={why.data} />;
}

/** @param at about when it was, ISO 8601; null: when it was reported, or where it was worst */
export function useDiagnosis(viewId: string | null, at: string | null) {
  return useQuery({
    queryKey: ["why", viewId, at],
    queryFn: () =>
      unwrap(
        api().GET("/api/v1/views/{viewId}/why", { params: { path: { viewId: viewId ?? "" }, query: at === null ? {} : { at } } }),
      ),
    enabled: viewId !== null,
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => (serverClock.now() - (state.data?.moments.at(-1)?.at ?? 0) < FRESH_MS ? REFETCH_MS : false),
  });
}

function Explained({ why }: { readonly why: Why }) {
  const { t } = useTranslation();
  const scope = useSchoolScope();
  const { lessonId, name, verdict, reports } = why;
  const fine = name === null ? t("why.titleFineAnonymous") : t("why.titleFine", { name });
  const trouble = name === null ? t("why.titleAnonymous") : t("why.titleOf", { name });
  return (
    <Stack>
      {lessonId === null ? null : <Link href={schoolPath(scope, `/lessons/${lessonId}/experience`)}>{t("experience.title")}</Link>}
      <Title order={1}>{verdict.place === "none" ? fine : trouble}</Title>
      <Facts why={why} />
      {reports.map(({ number, at }) => (
        <Report key={number} number={number} at={at} viewId={why.viewId} />
      ))}
      <Verdict verdict={verdict}>
        <Others why={why} />
      </Verdict>
      <Troubles why={why} />
      <DiagnosisStrips key={why.from} why={why} />
    </Stack>
  );
}

function Facts({ why: { from, edge } }: { readonly why: Why }) {
  const { t } = useTranslation();
  const time = useFormatTime();
  return <Text className="text-muted">{t("why.facts", { time: time(from), node: edge })}</Text>;
}

function Report({ number, at, viewId }: { number: string; at: string; viewId: string }) {
  const { t } = useTranslation();
  const scope = useSchoolScope();
  const time = useFormatTime();
  return (
    <p className="why-reported">
      {t("why.reported", { number, time: time(at) })}{" "}
      <Link href={schoolPath(scope, `/why/${viewId}?at=${encodeURIComponent(at)}`)}>{t("why.thatMoment")}</Link>
    </p>
  );
}

function Others({ why: { sameEdge, elsewhere, verdict } }: { readonly why: Why }) {
  const { t } = useTranslation();
  // The evidence may say it already.
  if (verdict.place === "none" || verdict.reasons.some(({ code }) => OF_OTHERS.has(code))) return null;
  return (
    <Group gap="xs">
      {sameEdge.viewers > 0 ? <Text>{t("why.sameEdge", sameEdge)}</Text> : null}
      {elsewhere.viewers > 0 ? <Text>{t("why.elsewhere", elsewhere)}</Text> : null}
    </Group>
  );
}

/** Other times of the session at which the picture stood still. */
function Troubles({ why: { viewId, moments, from, to } }: { readonly why: Why }) {
  const { t, i18n } = useTranslation();
  const scope = useSchoolScope();
  const timeZone = useTimeZone();
  const others = troubleTimes(moments, MAX_TROUBLES).filter((at) => at < Date.parse(from) || at > Date.parse(to));
  if (others.length === 0) return null;
  const clock = new Intl.DateTimeFormat(i18n.language, { timeStyle: "medium", timeZone });
  return (
    <nav aria-label={t("why.otherTroubles")}>
      <Text>{t("why.otherTroubles")}</Text>
      <ul className="why-troubles">
        {others.map((at) => (
          <li key={at}>
            <Link href={schoolPath(scope, `/why/${viewId}?at=${encodeURIComponent(new Date(at).toISOString())}`)}>
              {clock.format(at)}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
