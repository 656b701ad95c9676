/** Provides the providers that are linked to the own account, and those that can be. */
import { useQuery } from "@tanstack/react-query";
import { api, unwrap } from "../../session/api.ts";

export const IDENTITIES_KEY = ["my-identities"];

export function useIdentities() {
  return useQuery({ queryKey: IDENTITIES_KEY, queryFn: () => unwrap(api().GET("/api/v1/me/identities")) });
}
