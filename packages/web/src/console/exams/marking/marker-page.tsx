/** Shows the answers of an examination to a person who is named to mark them, and who has nothing else to do with it. */
import { useQuery } from "@tanstack/react-query";
import { api, unwrap } from "../../../session/api.ts";
import "../exams.css";
import { MarkingPage } from "./marking-page.tsx";

export function MarkerPage({ examinationId }: { readonly examinationId: string }) {
  const { data } = useQuery({
    queryKey: ["marking-assignments"],
    queryFn: () => unwrap(api().GET("/api/v1/marking-assignments")),
  });
  const title = data?.items.find((one) => one.examinationId === examinationId)?.title;
  return <MarkingPage examinationId={examinationId} {...(title === undefined ? {} : { title })} />;
}
