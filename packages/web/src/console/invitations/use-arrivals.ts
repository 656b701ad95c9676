/** Fetches how many people of a school have come, and whether the server sends mail. */
import { useQuery } from "@tanstack/react-query";
import { api, unwrap } from "../../session/api.ts";

export const ARRIVALS_KEY = "arrivals";
const REFETCH_MS = 15_000;

/** @param schoolId undefined: the only school */
export function useArrivals(schoolId: string | undefined) {
  const query = schoolId === undefined ? {} : { schoolId };
  return useQuery({
    queryKey: [ARRIVALS_KEY, query],
    queryFn: () => unwrap(api().GET("/api/v1/account-invitations/arrivals", { params: { query } })),
    refetchInterval: REFETCH_MS,
  });
}
