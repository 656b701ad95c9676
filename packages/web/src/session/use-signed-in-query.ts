/** A page's main question, asked for whoever is signed in on this browser. A session that the server no longer knows is forgotten. */
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { keepSession, Refused, sessionToken } from "./api.ts";

export type OwnQuery<T> = {
  readonly signedIn: boolean;
  readonly onSignedIn: () => void;
  readonly data: T | undefined;
  /** The code of a refusal; `offline` where there was no answer; null while there is nothing wrong. */
  readonly trouble: string | null;
};

/** @param refetchMs ask again after so long; default: never */
export function useOwnQuery<T>(key: string, ask: () => Promise<T>, refetchMs?: number): OwnQuery<T> {
  const [signedIn, setSignedIn] = useState(sessionToken() !== null);
  const { data, error } = useQuery({
    queryKey: [key],
    queryFn: ask,
    enabled: signedIn,
    ...(refetchMs ? { refetchInterval: refetchMs } : {}),
  });
  const trouble = error instanceof Refused ? error.problem.code : error ? "offline" : null;
  useEffect(() => {
    if (trouble !== "bad-credential") return;
    keepSession(null);
    setSignedIn(false);
  }, [trouble]);
  return { signedIn, onSignedIn: () => setSignedIn(true), data, trouble };
}
