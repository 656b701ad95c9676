/** Provides the forwards of a lesson, and the changes of them. */
import type { Forward } from "@lectern/client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, unwrap } from "../session/api.ts";
import { errorCode } from "../session/error-message.ts";

/** The API takes no more. */
export const MAX_FORWARDS = 5;
/** While there is one whose state may change, and otherwise. */
const REFETCH_MS = { some: 3000, none: 15_000 } as const;

/** Fields that are not given stay as they are. */
export type ForwardChange = { readonly title?: string; readonly url?: string; readonly enabled?: boolean };

export type Forwards = {
  readonly list: readonly Forward[];
  readonly isLoaded: boolean;
  /** The person at the page may not change the lesson. */
  readonly isForbidden: boolean;
  /** The failure of the last change, or of the list; null: none. */
  readonly error: unknown;
  readonly isPending: boolean;
  /** Resolves to whether it was done; `error` says why not. */
  readonly add: (title: string, url: string) => Promise<boolean>;
  readonly change: (forward: Forward, change: ForwardChange) => Promise<boolean>;
  readonly remove: (forward: Forward) => Promise<boolean>;
};

export function useForwards(lessonId: string): Forwards {
  const client = useQueryClient();
  const queryKey = ["forwards", lessonId];
  const params = { path: { lessonId } };
  const query = useQuery({
    queryKey,
    queryFn: () => unwrap(api().GET("/api/v1/lessons/{lessonId}/forwards", { params })),
    refetchInterval: ({ state: { data } }) => (data?.items.length ? REFETCH_MS.some : REFETCH_MS.none),
  });
  const mutation = useMutation({
    mutationFn: (call: () => Promise<unknown>) => call(),
    onSettled: () => client.invalidateQueries({ queryKey }),
  });
  const run = (call: () => Promise<unknown>): Promise<boolean> =>
    mutation.mutateAsync(call).then(
      () => true,
      () => false,
    );
  const path = ({ id: forwardId }: Forward) => ({ path: { forwardId } });
  return {
    list: query.data?.items ?? [],
    isLoaded: query.isSuccess,
    isForbidden: query.error !== null && errorCode(query.error) === "refused-by-rule",
    error: mutation.error ?? query.error,
    isPending: mutation.isPending,
    add: (title, url) =>
      run(() => unwrap(api().POST("/api/v1/lessons/{lessonId}/forwards", { params, body: { title, url, enabled: true } }))),
    change: (forward, body) => run(() => unwrap(api().PATCH("/api/v1/forwards/{forwardId}", { params: path(forward), body }))),
    remove: (forward) => run(() => unwrap(api().DELETE("/api/v1/forwards/{forwardId}", { params: path(forward) }))),
  };
}
