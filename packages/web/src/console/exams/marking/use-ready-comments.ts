/** Provides the comments that this person uses again, from the server, so that they are on every device. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, unwrap } from "../../../session/api.ts";

const KEY = ["marking-comments"];
/** As many as the server keeps. */
export const MAX_READY = 30;

export type ReadyCommentList = {
  readonly comments: readonly string[];
  readonly error: unknown;
  readonly change: (comments: readonly string[]) => Promise<void>;
};

export function useReadyComments(): ReadyCommentList {
  const client = useQueryClient();
  const [error, setError] = useState<unknown>(null);
  const { data } = useQuery({ queryKey: KEY, queryFn: () => unwrap(api().GET("/api/v1/marking-comments")) });
  return {
    comments: data?.comments ?? [],
    error,
    change: async (comments) => {
      setError(null);
      try {
        client.setQueryData(KEY, await unwrap(api().PUT("/api/v1/marking-comments", { body: { comments: [...comments] } })));
      } catch (failure) {
        setError(failure);
      }
    },
  };
}
