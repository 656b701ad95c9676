/** Provides the people who are invited to a lesson, those of its school who match a search, and the changes of the list. */
import type { Lesson } from "@lectern/client";
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { api, unwrap } from "../session/api.ts";
import { errorCode } from "../session/error-message.ts";

const PAGE = 100;
/** More people than this are not shown: the person types more of the name. */
const MAX_MATCHES = 10;
/** Between two letters of a person who types. */
const TYPING_MS = 250;

export type Person = { readonly userId: string; readonly login: string; readonly name: string };

export type Invited = {
  readonly people: readonly Person[];
  readonly isLoaded: boolean;
  /** The person at the page may not invite to this lesson. */
  readonly isForbidden: boolean;
  /** Loads the next page; null: there is none. */
  readonly loadMore: (() => void) | null;
  /** The last change of the list; null: none. */
  readonly last: { readonly person: Person; readonly isInvited: boolean } | null;
  /** The failure of the last change, or of the list; null: none. */
  readonly error: unknown;
  readonly isPending: boolean;
  readonly invite: (person: Person) => void;
  readonly uninvite: (person: Person) => void;
};

export function useInvited({ id: lessonId }: Lesson): Invited {
  const client = useQueryClient();
  const queryKey = ["invited", lessonId];
  const list = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam }) => {
      const query = { limit: PAGE, ...(pageParam === "" ? {} : { cursor: pageParam }) };
      return unwrap(api().GET("/api/v1/lessons/{lessonId}/invited", { params: { path: { lessonId }, query } }));
    },
    initialPageParam: "",
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });
  const change = useMutation({
    mutationFn: async ({ person, isInvited }: { readonly person: Person; readonly isInvited: boolean }) => {
      const params = { path: { lessonId, userId: person.userId } };
      if (isInvited) await unwrap(api().PUT("/api/v1/lessons/{lessonId}/invited/{userId}", { params }));
      else await unwrap(api().DELETE("/api/v1/lessons/{lessonId}/invited/{userId}", { params }));
    },
    onSettled: () => client.invalidateQueries({ queryKey }),
  });
  return {
    people: list.data?.pages.flatMap(({ items }) => items) ?? [],
    isLoaded: list.isSuccess,
    isForbidden: list.error !== null && errorCode(list.error) === "refused-by-rule",
    loadMore: list.hasNextPage ? () => void list.fetchNextPage() : null,
    last: change.isSuccess ? change.variables : null,
    error: change.error ?? list.error,
    isPending: change.isPending,
    invite: (person) => change.mutate({ person, isInvited: true }),
    uninvite: (person) => change.mutate({ person, isInvited: false }),
  };
}

export type Matches = {
  readonly people: readonly Person[];
  readonly hasMore: boolean;
  /** The search has an answer. */
  readonly isDone: boolean;
};

/** People of a school, such as a lesson's, whose name or login contains the text. An empty text matches nobody. */
export function useMatches({ schoolId }: Pick<Lesson, "schoolId">, text: string): Matches {
  const search = useSettled(text.trim());
  const found = useQuery({
    queryKey: ["users", "matching", schoolId, search],
    queryFn: () => unwrap(api().GET("/api/v1/users", { params: { query: { schoolId, search, limit: MAX_MATCHES } } })),
    enabled: search !== "",
  });
  const items = search === "" ? [] : (found.data?.items ?? []);
  return {
    people: items.filter(({ disabledAt }) => disabledAt === null).map(({ id: userId, login, name }) => ({ userId, login, name })),
    hasMore: search !== "" && found.data?.nextCursor != null,
    isDone: search !== "" && found.isSuccess && search === text.trim(),
  };
}

/** The text, once the person has stopped typing. */
function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), TYPING_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}
