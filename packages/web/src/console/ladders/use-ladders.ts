/** Loads what schools, courses and lessons can have as their ladder. */
import { useQuery } from "@tanstack/react-query";
import { api, unwrap } from "../../session/api.ts";
import type { KnownLadders } from "./quality-fields.ts";

/** @param scope of the school; without one, the ladders of all schools */
export function useLadders(scope: { readonly schoolId?: string }): KnownLadders {
  const query = useQuery({
    queryKey: ["ladders", "all", scope],
    queryFn: () => unwrap(api().GET("/api/v1/ladders", { params: { query: { ...scope, limit: 1000 } } })),
  });
  return { presets: query.data?.presets ?? [], ladders: query.data?.items ?? [] };
}
