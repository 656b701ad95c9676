/** Asks for the own examinations, and again while the page is open: entrances open, results come out. */
import type { OwnExamination } from "@lectern/client";
import { useInfiniteQuery } from "@tanstack/react-query";
import { api, unwrap } from "../../session/api.ts";
import { nonEmpty } from "../list/url-filters.ts";

const REFETCH_MS = 30_000;
const PER_PAGE = 20;

export function useOwnExams(when: "ahead" | "past") {
  const query = useInfiniteQuery({
    queryKey: ["own examinations", when],
    queryFn: ({ pageParam }) =>
      unwrap(api().GET("/api/v1/me/exams", { params: { query: { when, limit: PER_PAGE, ...nonEmpty({ cursor: pageParam }) } } })),
    initialPageParam: "",
    getNextPageParam: ({ nextCursor }) => nextCursor,
    refetchInterval: REFETCH_MS,
  });
  const exams: readonly OwnExamination[] = query.data?.pages.flatMap(({ items }) => items) ?? [];
  return { ...query, exams };
}
