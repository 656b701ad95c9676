/** Removes people from the lesson, and remembers the last one, so that the removal can be undone or extended to the device. */
import type { Participant } from "@lectern/client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, unwrap } from "../session/api.ts";
import { lessonId } from "./lesson/lesson-api.ts";

export type Removed = {
  readonly id: string;
  readonly name: string;
  /** Guests from the same device are kept out too. */
  readonly isKeptOut: boolean;
};

export type Removal = {
  /** The person who was removed last; null: nobody, or the removal was undone. */
  readonly last: Removed | null;
  readonly remove: (participant: Participant) => void;
  readonly keepOut: (removed: Removed) => void;
  readonly undo: (removed: Removed) => void;
};

/** @param queryKey the query that lists the participants */
export function useRemoval(queryKey: readonly string[]): Removal {
  const client = useQueryClient();
  const [last, setLast] = useState<Removed | null>(null);
  const refresh = () => client.invalidateQueries({ queryKey });
  const remove = useMutation({
    mutationFn: async (removed: Removed & { readonly query: { readonly device?: true } }) => {
      const params = { path: { lessonId, participantId: removed.id }, query: removed.query };
      await unwrap(api().DELETE("/api/v1/lessons/{lessonId}/participants/{participantId}", { params }));
      setLast(removed);
    },
    onSuccess: refresh,
  });
  const readmit = useMutation({
    mutationFn: async ({ id: participantId }: Removed) => {
      const params = { path: { lessonId, participantId } };
      await unwrap(api().POST("/api/v1/lessons/{lessonId}/participants/{participantId}/readmit", { params }));
      setLast(null);
    },
    onSuccess: refresh,
  });
  return {
    last,
    // With an account, the removal holds for the device by itself.
    remove: ({ id, name, userId }) => remove.mutate({ id, name, isKeptOut: userId !== null, query: {} }),
    keepOut: (removed) => remove.mutate({ ...removed, isKeptOut: true, query: { device: true } }),
    undo: (removed) => readmit.mutate(removed),
  };
}
