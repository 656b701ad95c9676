/** Asks for a student's mistakes, page by page, and for how many there are by topic; and stores what is practised. */
import type { WrongAnswer } from "@lectern/client";
import type { AnswerValue } from "@lectern/exam";
import { keepPreviousData, useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, unwrap } from "../../session/api.ts";
import { nonEmpty } from "../list/url-filters.ts";

export type PracticeState = "open" | "known";
type Shelf = { readonly userId: string; readonly state: PracticeState; readonly topic: string };

const PER_PAGE = 20;
const KEY = "mistakes";

export function useWrongAnswers({ userId, state, topic }: Shelf) {
  const path = { userId };
  const list = useInfiniteQuery({
    queryKey: [KEY, userId, state, topic],
    queryFn: ({ pageParam }) =>
      unwrap(
        api().GET("/api/v1/reports/students/{userId}/wrong-answers", {
          params: { path, query: { state, limit: PER_PAGE, ...nonEmpty({ topic, cursor: pageParam }) } },
        }),
      ),
    initialPageParam: "",
    getNextPageParam: ({ nextCursor }) => nextCursor,
    placeholderData: keepPreviousData,
  });
  const counts = useQuery({
    queryKey: [KEY, userId, "topics"],
    queryFn: () => unwrap(api().GET("/api/v1/reports/students/{userId}/wrong-answers/topics", { params: { path } })),
    placeholderData: keepPreviousData,
  });
  const mistakes: readonly WrongAnswer[] = list.data?.pages.flatMap(({ items }) => items) ?? [];
  return { list, mistakes, counts: counts.data ?? null };
}

/** What the student does with a mistake. */
export function usePractice() {
  const queries = useQueryClient();
  const refresh = () => void queries.invalidateQueries({ queryKey: [KEY] });
  return {
    /** Lists are read again when the student closes the question: it stays while it is looked at. @throws ApiError */
    practise: async (wrongAnswerId: string, value: AnswerValue) => {
      const body = { value: value as WrongAnswer["value"] };
      const params = { path: { wrongAnswerId } };
      return (await unwrap(api().POST("/api/v1/me/wrong-answers/{wrongAnswerId}/practice", { params, body }))).practice;
    },
    /** @throws ApiError */
    mark: async (wrongAnswerId: string, known: boolean) => {
      await unwrap(
        api().PUT("/api/v1/me/wrong-answers/{wrongAnswerId}/known", { params: { path: { wrongAnswerId } }, body: { known } }),
      );
      refresh();
    },
    refresh,
  };
}
