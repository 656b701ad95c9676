/** Shows links to the examinations that name this person as a marker. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "wouter";
import { api, unwrap } from "../../../session/api.ts";
import { useTranslation } from "../../../texts/use-translation.ts";

export function MarkingAssignments() {
  const { t } = useTranslation();
  const { data } = useQuery({
    queryKey: ["marking-assignments"],
    queryFn: () => unwrap(api().GET("/api/v1/marking-assignments")),
  });
  return data?.items.map(({ examinationId, title }) => (
    <Link key={examinationId} href={`/marking/${examinationId}`}>
      {t("exams.markTitle", { title })}
    </Link>
  ));
}
