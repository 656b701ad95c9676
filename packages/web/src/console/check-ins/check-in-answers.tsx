/** Shows the answers to a form of the daily check-in on one day, and the link to download them as CSV. */
import { Button, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { api, unwrap } from "../../session/api.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import { useUrlFilter } from "../list/filters.tsx";
import { ListPage } from "../list/list-page.tsx";
import { nonEmpty } from "../list/url-filters.ts";
import { schoolQuery, useSchoolScope } from "../school/school-context.ts";
import { useFormatTime } from "../school/school-time.ts";

const REFETCH_MS = 10_000;

export function CheckInAnswers({ formId }: { readonly formId: string }) {
  const { t } = useTranslation();
  const time = useFormatTime();
  const scope = schoolQuery(useSchoolScope());
  const [day, setDay] = useUrlFilter("day");
  const forms = useQuery({
    queryKey: ["check-in forms of answers", scope],
    queryFn: () => unwrap(api().GET("/api/v1/check-in-forms", { params: { query: scope } })),
  });
  const mine = useQuery({
    queryKey: ["today", formId],
    queryFn: () => unwrap(api().GET("/api/v1/check-in-forms/{formId}/mine", { params: { path: { formId } } })),
  });
  const form = forms.data?.items.find(({ id }) => id === formId);
  // The school's today, which may be another day than the browser's.
  const shown = day || (mine.data?.day ?? "");
  const csv = `/api/v1/check-in-forms/${formId}/export?${new URLSearchParams({ from: shown, to: shown })}`;
  const text = (answer: string | number | boolean | undefined) =>
    typeof answer === "boolean" ? t(answer ? "checkIns.yes" : "checkIns.no") : String(answer ?? "");
  return (
    <ListPage
      title={t("checkIns.answersOf", { name: form?.name ?? "" })}
      queryKey={["check-ins", formId, day]}
      path={`/check-in-forms/${formId}/check-ins`}
      query={nonEmpty({ day })}
      load={(cursor) =>
        unwrap(
          api().GET("/api/v1/check-in-forms/{formId}/check-ins", {
            params: { path: { formId }, query: nonEmpty({ cursor, day }) },
          }),
        )
      }
      keyOf={(checkIn) => checkIn.id}
      nameOf={(checkIn) => checkIn.name}
      filters={
        <>
          <TextInput label={t("checkIns.day")} type="date" value={shown} onChange={(event) => setDay(event.target.value)} />
          {shown === "" ? null : (
            <Button component="a" variant="default" href={csv} download={`check-in-${shown}.csv`}>
              {t("checkIns.csv")}
            </Button>
          )}
        </>
      }
      columns={[
        { label: t("fields.personName"), show: (checkIn) => checkIn.name },
        { label: t("fields.time"), show: (checkIn) => time(checkIn.at) },
        ...(form?.fields ?? []).map(({ key, label }) => ({
          label,
          show: ({ answers }: { readonly answers: Readonly<Record<string, string | number | boolean>> }) => text(answers[key]),
        })),
      ]}
      emptyText={t("checkIns.noAnswers")}
      refetchMs={REFETCH_MS}
    />
  );
}
