/** A page's main question, asked for whoever is signed in on this browser. A session that the server no longer knows is forgotten. */
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { ApiError, saveSessionToken, sessionToken } from "./api.ts";

export type SignedInQuery<T> = {
  readonly signedIn: boolean;
  readonly onSignedIn: () => void;
  readonly data: T | undefined;
  /** The code of a refusal; `offline` where there was no answer; null while there is nothing wrong. */
  readonly trouble: string | null;
};

/** @param refetchMs ask again after so long; default: never */
export function useSignedInQuery<T>(key: string, ask: () => Promise<T>, refetchMs?: number): SignedInQuery<T> {
  const [signedIn, setSignedIn] = useState(sessionToken() !== null);
  const { data, error } = useQuery({
    queryKey: [key],
    queryFn: ask,
    enabled: signedIn,
    ...(refetchMs ? { refetchInterval: refetchMs } : {}),
  });
  const trouble = error instanceof ApiError ? error.problem.code : error ? "offline" : null;
  useEffect(() => {
    if (trouble !== "bad-credential") return;
    saveSessionToken(null);
    setSignedIn(false);
  }, [trouble]);
  return { signedIn, onSignedIn: () => setSignedIn(true), data, trouble };
}
