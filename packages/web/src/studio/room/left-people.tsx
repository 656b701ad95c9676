/** Shows those who were in the lesson and have left it, who can be kept from coming back. */
import { useQuery } from "@tanstack/react-query";
import { api, unwrap } from "../../session/api.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import { lessonId } from "../lesson/lesson-api.ts";
import { useParticipants } from "../lesson/use-participants.ts";
import { useRemoval } from "./use-removal.ts";

const REFETCH_MS = 4000;

export function LeftPeople() {
  const { t } = useTranslation();
  const participants = useParticipants();
  const here = usePeopleHere();
  const { remove } = useRemoval();
  const left = participants.filter(({ id, role, waiting }) => !waiting && !isStaff(role) && here !== null && !here.has(id));
  if (left.length === 0) return null;
  return (
    <details className="attendance">
      <summary>{t("leftBefore", { count: left.length })}</summary>
      <ul className="roster">
        {left.map((person) => (
          <li key={person.id}>
            <span className="grow">
              {person.name} {person.role === "guest" ? <small className="text-muted">{t("guest")}</small> : null}
            </span>
            <button
              type="button"
              className="button small"
              aria-label={`${t("remove")}: ${person.name}`}
              onClick={() => remove(person)}
            >
              {t("remove")}
            </button>
          </li>
        ))}
      </ul>
    </details>
  );
}

/**
 * The ids of those whose page of the lesson is open now; a page counts as open for some seconds after its connection breaks. Null while not all of
 * them are known: of a room with more people than one answer has, nobody is said to have left.
 */
function usePeopleHere(): ReadonlySet<string> | null {
  const people = useQuery({
    queryKey: ["people-here"],
    queryFn: () =>
      unwrap(api().GET("/api/v1/lessons/{lessonId}/room/people", { params: { path: { lessonId }, query: { limit: 1000 } } })),
    refetchInterval: REFETCH_MS,
  });
  return people.data?.nextCursor === null ? new Set(people.data.items.map(({ id }) => id)) : null;
}

/** Nobody keeps staff from coming back. */
function isStaff(role: string): boolean {
  return role !== "student" && role !== "guest" && role !== "supervisor";
}
